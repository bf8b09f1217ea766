#include "perf/replay_bench.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "engine/execution/bar_venue.h"
#include "engine/features/catalog.h"
#include "engine/runtime/feature_names.h"
#include "replay/bar_generator.h"
#include "strategies/registry.h"

namespace hftsim::perf {
namespace {

// A strategy and what it trades through, wired as a run wires it.
class Desk {
 public:
  Desk(const Bars& bars, const std::vector<std::string>& names)
      : strategy_(make_strategy("momentum", {})), journal_(nullptr, nullptr) {
    strategy_->start(FeatureNames(names), bars.instruments);
    const auto make_venue = [&](VenueLedger& ledger) {
      return std::make_unique<BarVenue>(venue_config(), LatencyModel{}, bars.instruments, ledger);
    };
    core_.emplace(trading_config(), bars.instruments, *strategy_, make_venue, journal_);
  }

  TradingCore& core() { return *core_; }

  Outcome outcome() const {
    return {
        journal_.hash_hex(), core_->counters(), journal_.record_count(), core_->account().equity(), {}, {}};
  }

 private:
  std::unique_ptr<Strategy> strategy_;
  Journal journal_;
  std::optional<TradingCore> core_;
};

std::vector<std::string> momentum_features() {
  return make_strategy("momentum", {})->features();
}

std::uint32_t size_of(const std::vector<std::string>& names) {
  return static_cast<std::uint32_t>(names.size());
}

std::uint32_t blocks_for(std::size_t events, std::uint32_t block_events) {
  return static_cast<std::uint32_t>((events + block_events - 1) / block_events);
}

}  // namespace

Bars generated_bars(std::uint64_t count) {
  BarGeneratorOptions options;
  options.bars = count;
  BarGenerator generator(options);
  Bars bars;
  bars.instruments.assign(generator.instruments().begin(), generator.instruments().end());
  bars.events.resize(count);
  std::size_t done = 0;
  while (const std::size_t read = generator.read(std::span(bars.events).subspan(done))) done += read;
  return bars;
}

std::size_t MemorySource::read(std::span<Event> out) {
  const std::span<const Event> events = next(out);
  std::ranges::copy(events, out.begin());
  return events.size();
}

std::span<const Event> MemorySource::next(std::span<Event> room) {
  const std::size_t count = std::min(room.size(), bars_.events.size() - next_);
  return std::span(bars_.events).subspan(std::exchange(next_, next_ + count), count);
}

TradingConfig trading_config() {
  TradingConfig config;
  config.risk.max_drawdown = 1;
  config.risk.max_daily_loss = 1;
  return config;
}

BarVenueConfig venue_config() {
  return {};
}

std::vector<std::string> feature_names() {
  return features::default_features();
}

Outcome replay(const Bars& bars, const PipelineOptions& options, inference::InferenceStage* inference) {
  const std::vector<std::string> names = feature_names();
  MemorySource source(bars);
  features::FeatureStage stage(names, bars.instruments, options.block_events);
  Desk desk(bars, names);
  Pipeline pipeline(source, stage, inference, desk.core(), size_of(names), options);
  const Sample sample = timed(bars.events.size(), [&] {
    pipeline.run();
    desk.core().finish(false);
  });
  Outcome outcome = desk.outcome();
  outcome.stats = pipeline.stats();
  const PipelineStats& stats = outcome.stats;
  const std::uint64_t allocations =
      stats.read.allocations_after_warmup() + stats.features.allocations_after_warmup() +
      stats.inference.allocations_after_warmup() + stats.trading.allocations_after_warmup();
  outcome.sample = {sample.ns_per_event,
                    static_cast<double>(allocations) / static_cast<double>(bars.events.size())};
  return outcome;
}

TradingBench::TradingBench(const Bars& bars, std::uint32_t block_events)
    : bars_(bars),
      arena_(BlockPool::bytes_needed(blocks_for(bars.events.size(), block_events), block_events,
                                     size_of(momentum_features()))),
      blocks_(arena_, blocks_for(bars.events.size(), block_events), block_events,
              size_of(momentum_features())) {
  const std::vector<std::string> names = feature_names();
  features::FeatureStage stage(names, bars.instruments, block_events);
  Arena arena(BlockPool::bytes_needed(1, block_events, size_of(names)));
  BlockPool scratch(arena, 1, block_events, size_of(names));
  MemorySource source(bars);
  for (BlockHandle handle = 0; handle < blocks_.size(); ++handle) {
    Block& computed = scratch[0];
    computed.events = source.next(computed.room);
    computed.size = static_cast<std::uint32_t>(computed.events.size());
    stage.process(computed);
    fill(blocks_[handle], computed);
  }
}

void TradingBench::fill(Block& block, const Block& computed) {
  static const FeatureNames names(feature_names());
  block.size = computed.size;
  block.events = computed.events;
  std::ranges::copy(computed.row_of, block.row_of.begin());
  std::ranges::copy(computed.warm, block.warm.begin());
  std::size_t column = 0;
  for (const std::string& name : momentum_features()) {
    const std::span<double> from = computed.features.subspan(names.slot(name) * computed.stride);
    std::copy_n(from.begin(), computed.size, block.features.begin() + column++ * block.stride);
  }
}

Outcome TradingBench::run() {
  Desk desk(bars_, momentum_features());
  const Sample sample = timed(bars_.events.size(), [&] {
    for (BlockHandle handle = 0; handle < blocks_.size(); ++handle) desk.core().process(blocks_[handle]);
    desk.core().finish(false);
  });
  Outcome outcome = desk.outcome();
  outcome.sample = sample;
  return outcome;
}

}  // namespace hftsim::perf
