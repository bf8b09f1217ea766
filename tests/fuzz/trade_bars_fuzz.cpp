// Whatever trades a recording holds: bars come out in order, their prices within each other, the same for every size of
// read, and come to an end. The first byte chooses the kind of bars, the rest are events as they lie in a recording.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "tests/fuzz/fuzz_target.h"
#include "tests/replay/trade_bars_bench.h"

namespace hftsim::fuzz {
namespace {

const std::vector<Instrument> kInstruments{test::traded("A", {1, 2}, {1, 3}),
                                           test::traded("B", {INT64_MAX, 0}, {INT64_MAX, 18})};
const BarSpec kSpecs[] = {{BarMeasure::time, kDay},
                          {BarMeasure::time, 400 * kDay},
                          {BarMeasure::trades, kMinute, 2, 0},
                          {BarMeasure::volume, kMinute, 1, 0},
                          {BarMeasure::dollar, kMinute, 1, 9}};

void require(bool holds) {
  if (!holds) std::abort();
}

std::vector<Event> events_of(std::span<const std::uint8_t> bytes) {
  std::vector<Event> events(bytes.size() / sizeof(Event));
  if (events.empty()) return events;
  std::memcpy(events.data(), bytes.data(), events.size() * sizeof(Event));
  for (Event& event : events) {
    event.kind = static_cast<EventKind>(static_cast<std::uint8_t>(event.kind) % 6);
    event.instrument = event.instrument % 2;
  }
  sort_by_key(events);
  return events;
}

}  // namespace

std::vector<std::string> seeds() {
  std::vector<std::string> all;
  for (char spec = 0; spec < 5; ++spec) {
    for (const std::size_t count : {5u, 60u}) {
      const auto events = test::market(count, count, 2);
      std::string& seed = all.emplace_back(1, spec);
      seed.append(reinterpret_cast<const char*>(events.data()), events.size() * sizeof(Event));
    }
  }
  return all;
}

void run(std::span<const std::uint8_t> input) {
  if (input.empty()) return;
  const std::vector<Event> events = events_of(input.subspan(1));
  const TradeBarOptions options{.spec = kSpecs[input[0] % std::size(kSpecs)],
                                .keep_partial = (input[0] & 64) != 0,
                                .fill_breaks = (input[0] & 128) != 0};
  const auto bars = test::bars_from(kInstruments, events, options, 1000);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const BarBody& bar = bars[i].bar;
    require(i == 0 || key_of(bars[i - 1]) <= key_of(bars[i]));
    require(bar.low > 0 && bar.low <= bar.open && bar.low <= bar.close && bar.open <= bar.high &&
            bar.close <= bar.high && bar.volume >= 0);
  }
  const auto again = test::bars_from(kInstruments, events, options, 3);
  require(again.size() == bars.size() &&
          (bars.empty() || std::memcmp(again.data(), bars.data(), bars.size() * sizeof(Event)) == 0));
}

}  // namespace hftsim::fuzz
