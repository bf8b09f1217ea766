// Claim: trades become bars at 20 million trades/s and core or more, of every kind, allocating nothing.
//
// Workload: seeded trades (the argument: how many) of one instrument, and of eight that take turns, in memory, several
// at one time; some 100 trades in a bar.
// Contenders: a hand-written loop that adds up minute bars in 64 bits, of one instrument, without checking a trade;
// BarAggregator as a live session calls it; TradeBarSource, which keeps several instruments in order.
// Checked: the minute bars against the loop, all bars' trades and lots against the trades, before anything is timed.
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include "engine/core/rng.h"
#include "perf/bench.h"
#include "replay/trade_bar_source.h"

namespace hftsim::perf {
namespace {

constexpr std::int64_t kStartNs = 1'723'118'400'000'000'000;

std::vector<Event> make_trades(std::uint64_t count, std::size_t instruments) {
  RandomStream random(1, "trades");
  std::vector<Event> trades(count);
  std::int64_t ts_ns = kStartNs, price = 6'000'000;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (i > 0 && random.below(3) == 0) ts_ns += static_cast<std::int64_t>(random.below(3'600)) * 1'000'000;
    price += static_cast<std::int64_t>(random.below(3)) - 1;
    Event& trade = trades[i];
    trade = {};
    trade.ts_ns = trade.recv_ns = ts_ns;
    trade.kind = EventKind::trade;
    trade.instrument = static_cast<InstrumentId>(i % instruments);
    trade.flags = random.below(2) == 0 ? std::uint8_t{kBuyerIsMaker} : std::uint8_t{0};
    trade.trade = {price, 1 + static_cast<std::int64_t>(random.below(1'000)), i + 1, i + 1, i + 1};
  }
  return trades;
}

std::vector<Instrument> make_instruments(std::size_t count) {
  std::vector<Instrument> instruments(count);
  for (std::size_t i = 0; i < count; ++i) {
    instruments[i].symbol = "SYM" + std::to_string(i);
    instruments[i].price_step = {1, 2};
    instruments[i].quantity_step = {1, 3};
  }
  return instruments;
}

// The trades where they lie, without a copy.
class TradesInMemory final : public EventSource {
 public:
  TradesInMemory(std::vector<Instrument> instruments, std::span<const Event> events)
      : instruments_(std::move(instruments)), events_(events) {}

  std::span<const Instrument> instruments() const override { return instruments_; }
  std::size_t read(std::span<Event> out) override {
    const auto events = next(out);
    std::copy(events.begin(), events.end(), out.begin());
    return events.size();
  }
  std::span<const Event> next(std::span<Event> room) override {
    const auto events = events_.first(std::min(room.size(), events_.size()));
    events_ = events_.subspan(events.size());
    return events;
  }

 private:
  std::vector<Instrument> instruments_;
  std::span<const Event> events_;
};

// Minute bars of one instrument as one would write them for a single use. The last one is left open.
void hand_written(std::span<const Event> trades, std::vector<Event>& bars) {
  constexpr std::int64_t kMinuteNs = kMinute.value;
  std::int64_t due_ns = 0, open = 0, high = 0, low = 0, close = 0, lots = 0;
  std::uint32_t count = 0;
  const auto price = [](std::int64_t ticks) {
    return static_cast<double>(ticks) / 100;
  };
  for (const Event& trade : trades) {
    while (trade.ts_ns >= due_ns && due_ns > 0) {
      if (count == 0) open = high = low = close;
      bars.push_back(make_bar(
          Timestamp(due_ns), 0,
          {price(open), price(high), price(low), price(close), static_cast<double>(lots) / 1000}, count));
      count = 0, lots = 0;
      due_ns += kMinuteNs;
    }
    if (due_ns == 0) due_ns = trade.ts_ns / kMinuteNs * kMinuteNs + kMinuteNs;
    close = trade.trade.price_ticks;
    if (count++ == 0) open = high = low = close;
    high = std::max(high, close);
    low = std::min(low, close);
    lots += trade.trade.quantity_lots;
  }
}

void live(const BarSpec& spec, const Instrument& instrument, std::span<const Event> trades,
          std::vector<Event>& bars) {
  BarAggregator aggregator(spec, instrument, 0);
  Event bar;
  for (const Event& trade : trades) {
    while (aggregator.close_due(trade.ts(), bar)) bars.push_back(bar);
    if (aggregator.add(trade, bar)) bars.push_back(bar);
  }
}

void through_source(const BarSpec& spec, std::size_t instruments, std::span<const Event> trades,
                    std::vector<Event>& bars) {
  TradeBarSource source(std::make_unique<TradesInMemory>(make_instruments(instruments), trades),
                        {.spec = spec});
  std::size_t at = 0;
  bars.resize(bars.capacity());
  while (const std::size_t count = source.read(std::span(bars).subspan(at))) at += count;
  bars.resize(at);
}

bool same(std::span<const Event> a, std::span<const Event> b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
}

// All bars of all instruments hold the trades that there are, but for those that are open at the end.
void require_all_trades(const BarSpec& spec, std::size_t instruments, std::span<const Event> trades) {
  TradeBarSource source(std::make_unique<TradesInMemory>(make_instruments(instruments), trades),
                        {.spec = spec, .keep_partial = true});
  std::vector<Event> room(1000);
  std::uint64_t counted = 0, expected_lots = 0;
  double volume = 0;
  while (const std::size_t count = source.read(room)) {
    for (const Event& bar : std::span(room).first(count)) counted += bar.trades, volume += bar.bar.volume;
  }
  for (const Event& trade : trades) expected_lots += static_cast<std::uint64_t>(trade.trade.quantity_lots);
  const double off = volume / (static_cast<double>(expected_lots) / 1000) - 1;
  require(counted == trades.size() && off < 1e-9 && off > -1e-9, "trades are missing in the bars");
}

}  // namespace

int run(std::uint64_t count) {
  const std::vector<Event> one = make_trades(count, 1), eight = make_trades(count, 8);
  const std::vector<Instrument> instruments = make_instruments(8);
  const BarSpec specs[] = {{},
                           {BarMeasure::trades, kMinute, 1, 2},
                           {BarMeasure::volume, kMinute, 5, 1},
                           {BarMeasure::dollar, kMinute, 3, 6}};
  std::vector<Event> bars, expected;
  bars.reserve(count + 20'000), expected.reserve(count + 20'000);
  hand_written(one, expected);
  live(specs[0], instruments[0], one, bars);
  require(same(bars, expected), "the minute bars");
  through_source(specs[0], 1, one, bars);
  require(same(bars, expected), "the minute bars of the source");
  for (const BarSpec& spec : specs) require_all_trades(spec, 1, one), require_all_trades(spec, 8, eight);

  const auto contender = [&](auto work) {
    return [&, work] {
      bars.clear();
      return timed(count, work);
    };
  };
  std::vector<Contender> contenders{contender([&] { hand_written(one, bars); })};
  for (const BarSpec& spec : specs)
    contenders.push_back(contender([&] { live(spec, instruments[0], one, bars); }));
  contenders.push_back(contender([&] { through_source(specs[0], 1, one, bars); }));
  contenders.push_back(contender([&] { through_source(specs[1], 1, one, bars); }));
  contenders.push_back(contender([&] { through_source(specs[0], 8, eight, bars); }));
  const auto samples = take_turns(contenders);
  const char* const names[] = {"minutes", "100_trades", "50_volume", "3e6_money"};
  const std::string workload = std::to_string(count) + " trades";
  for (std::size_t i = 0; i < 4; ++i) {
    print(std::string("bars_of_") + names[i] + "_vs_hand_written", workload, samples[0], samples[i + 1]);
  }
  print("source_of_minutes_vs_hand_written", workload, samples[0], samples[5]);
  print("source_of_100_trades_vs_hand_written", workload, samples[0], samples[6]);
  print("source_of_minutes_of_8_vs_hand_written", workload, samples[0], samples[7]);
  for (std::size_t i = 1; i < samples.size(); ++i) {
    const double rate = 1e3 / ns_of(samples[i]).median;
    claim(std::to_string(rate) + " M trades/s, 20 or more", rate >= 20);
  }
  return 0;
}

}  // namespace hftsim::perf

int main(int argc, char** argv) {
  return hftsim::perf::run(hftsim::perf::count_argument(argc, argv, 5'000'000));
}
