#include "replay/bar_generator.h"

#include <algorithm>

namespace hftsim {
namespace {

// A price is ticks / 100, which rounds once, as reading "0.01" does.
constexpr double kTicksPerUnit = 100;
constexpr double kLotsPerUnit = 100'000;

// Of all symbols together; bounds the memory where there are many.
constexpr std::size_t kReadyBars = 4096;

BarGeneratorOptions checked(BarGeneratorOptions options) {
  options.check();
  return options;
}

std::size_t instants_per_batch(std::size_t symbols) {
  return std::clamp<std::size_t>(kReadyBars / symbols, 1, kBarBatch);
}

}  // namespace

BarGenerator::BarGenerator(BarGeneratorOptions options)
    : options_(checked(std::move(options))), market_(options_) {
  for (const GeneratedSymbol& symbol : options_.symbols) {
    symbols_.emplace_back(options_, symbol);
    instruments_.push_back({.symbol = symbol.name,
                            .tick_size = kTickSize,
                            .lot_size = kLotSize,
                            .bar_interval = options_.interval});
  }
  ready_.resize(instants_per_batch(symbols_.size()) * symbols_.size());
}

std::size_t BarGenerator::read(std::span<Event> out) {
  std::size_t count = 0;
  while (count < out.size()) {
    if (ready_begin_ == ready_end_) refill();
    const std::size_t taken = std::min(out.size() - count, ready_end_ - ready_begin_);
    if (taken == 0) break;
    std::copy_n(&ready_[ready_begin_], taken, &out[count]);
    ready_begin_ += taken;
    count += taken;
  }
  return count;
}

// Leaves nothing ready where all bars were made.
void BarGenerator::refill() {
  const auto count = static_cast<std::size_t>(
      std::min<std::uint64_t>(instants_per_batch(symbols_.size()), options_.bars - bar_));
  market_.advance(count);
  BarColumns bars;
  for (std::size_t i = 0; i < symbols_.size(); ++i) {
    symbols_[i].advance(market_.columns(), count, bars);
    write_bars(static_cast<InstrumentId>(i), bars, count);
  }
  bar_ += count;
  ready_begin_ = 0;
  ready_end_ = count * symbols_.size();
}

void BarGenerator::write_bars(InstrumentId instrument, const BarColumns& bars, std::size_t count) {
  Timestamp close_ts = options_.start + options_.interval * static_cast<std::int64_t>(bar_);
  for (std::size_t i = 0; i < count; ++i) {
    close_ts = close_ts + options_.interval;
    const BarBody body{bars.open[i] / kTicksPerUnit, bars.high[i] / kTicksPerUnit,
                       bars.low[i] / kTicksPerUnit, bars.close[i] / kTicksPerUnit,
                       bars.lots[i] / kLotsPerUnit};
    const auto trades = static_cast<std::uint32_t>(bars.trades[i]);
    ready_[i * symbols_.size() + instrument] = make_bar(close_ts, instrument, body, trades);
  }
}

}  // namespace hftsim
