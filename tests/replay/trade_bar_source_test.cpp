// Bars of several instruments out of one stream: against the definition, in order, whatever is read at a time.
#include "replay/trade_bar_source.h"

#include <gtest/gtest.h>

#include <cstring>

#include "replay/bar_generator.h"
#include "replay/trade_generator.h"
#include "tests/replay/trade_bars_bench.h"

namespace hftsim {
namespace {

using namespace test;

const std::vector<Instrument> kThree{traded("A"), traded("B", {5, 1}, {1, 2}), traded("C", {1, 3}, {25, 4})};

BarSpec spec_of(BarMeasure measure, std::int64_t digits) {
  return {measure, kMinute, digits, 0};
}

double power_of_ten(int exponent) {
  return static_cast<double>(kPowersOfTen[static_cast<std::size_t>(exponent)]);
}

bool same(const std::vector<Event>& a, const std::vector<Event>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(Event)) == 0;
}

void expect_same(std::vector<Event> expected, const std::vector<Event>& bars, const std::string& what) {
  sort_by_key(expected);
  ASSERT_EQ(bars.size(), expected.size()) << what;
  ASSERT_GT(bars.size(), 0u) << what;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    ASSERT_EQ(std::memcmp(&bars[i], &expected[i], sizeof(Event)), 0) << what << ", bar " << i;
  }
}

TEST(TradeBarSource, TimeBarsAreThoseOfTheDefinition) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const auto events = market(seed, 3000, 3);
    for (const std::int64_t seconds : {1, 7, 60, 3600}) {
      const Duration interval = seconds * kSecond;
      std::vector<Event> expected;
      for (InstrumentId id = 0; id < 3; ++id) {
        const auto bars = naive_time_bars(events, id, kThree[id], interval.value);
        expected.insert(expected.end(), bars.begin(), bars.end());
      }
      expect_same(expected, bars_from(kThree, events, {.spec = {BarMeasure::time, interval}}),
                  std::to_string(seed) + " " + std::to_string(seconds) + "s");
    }
  }
}

TEST(TradeBarSource, BarsOfTradesVolumeAndMoneyAreThoseOfTheDefinition) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const auto events = market(seed, 1500, 3);
    const auto check = [&](BarMeasure measure, std::int64_t enough, auto amount_of) {
      std::vector<Event> expected;
      for (InstrumentId id = 0; id < 3; ++id) {
        const auto [scale, amount] = amount_of(kThree[id]);
        const auto bars = naive_bars(events, id, kThree[id], amount, static_cast<double>(enough) * scale);
        expected.insert(expected.end(), bars.begin(), bars.end());
      }
      expect_same(expected, bars_from(kThree, events, {.spec = spec_of(measure, enough)}),
                  std::to_string(seed));
    };
    using Amount = std::pair<double, std::function<double(const Event&)>>;  // whole numbers below 2^53
    check(BarMeasure::trades, 7, [](const Instrument&) {
      return Amount{1, [](const Event&) {
                      return 1.0;
                    }};
    });
    check(BarMeasure::volume, 20, [](const Instrument& instrument) {
      const auto units = static_cast<double>(instrument.quantity_step.units);
      const double scale = power_of_ten(instrument.quantity_step.decimals);
      return Amount{scale, [units](const Event& trade) {
                      return units * static_cast<double>(trade.trade.quantity_lots);
                    }};
    });
    check(BarMeasure::dollar, 400'000, [](const Instrument& instrument) {
      const DecimalStep price = instrument.price_step, quantity = instrument.quantity_step;
      const auto units = static_cast<double>(price.units * quantity.units);
      const double scale = power_of_ten(price.decimals + quantity.decimals);
      return Amount{scale, [units](const Event& trade) {
                      return units * static_cast<double>(trade.trade.price_ticks * trade.trade.quantity_lots);
                    }};
    });
  }
}

TEST(TradeBarSource, GivesTheSameWhateverIsReadAtATime) {
  const auto events = market(5, 5000, 3);
  for (const BarSpec& spec : {BarSpec{}, spec_of(BarMeasure::trades, 3)}) {
    const TradeBarOptions options{.spec = spec, .pass = {EventKind::trade, EventKind::quote}};
    const auto whole = bars_from(kThree, events, options, 100'000);
    for (const std::size_t batch : {1u, 2u, 7u, 256u})
      EXPECT_TRUE(same(bars_from(kThree, events, options, batch), whole));
  }
}

TEST(TradeBarSource, PassesTheRestOnInTheOneOrderOfAllEvents) {
  const auto events = market(6, 5000, 3);
  for (const BarSpec& spec :
       {BarSpec{}, BarSpec{BarMeasure::time, kSecond}, spec_of(BarMeasure::trades, 3)}) {
    const auto all = bars_from(kThree, events, {.spec = spec, .pass = EventKinds::all()});
    for (std::size_t i = 1; i < all.size(); ++i) ASSERT_LE(key_of(all[i - 1]), key_of(all[i])) << i;
    std::vector<Event> bars, rest;
    for (const Event& event : all) (event.kind == EventKind::bar ? bars : rest).push_back(event);
    EXPECT_TRUE(same(rest, events));
    EXPECT_TRUE(same(bars, bars_from(kThree, events, {.spec = spec})));
  }
}

TEST(TradeBarSource, BarsThatCloseTogetherAreInOrderOfInstrumentThenAsTheyClosed) {
  const std::vector<Event> events{trade_at(5, 100, 1, 1, 1), trade_at(5, 101, 1, 2, 1),
                                  trade_at(5, 102, 1, 1, 0)};
  std::vector<Event> sorted = events;
  sort_by_key(sorted);
  const auto bars = bars_from({traded("A"), traded("B")}, sorted, {.spec = spec_of(BarMeasure::trades, 1)});
  ASSERT_EQ(bars.size(), 3u);
  EXPECT_EQ(bars[0].instrument, 0);
  EXPECT_EQ(bars[1].bar.close, 1.0);
  EXPECT_EQ(bars[2].bar.close, 1.01);
}

TEST(TradeBarSource, AnyEventOfAnyInstrumentMovesTheTime) {
  const std::vector<Event> events{trade_at(kNoonNs, 100, 1, 1, 0), quote_at(kNoonNs + 2 * kMinuteNs, 1)};
  const auto bars = bars_from({traded("A"), traded("B")}, events, {});
  ASSERT_EQ(bars.size(), 2u);
  EXPECT_EQ(bars[1].bar.volume, 0);
}

TEST(TradeBarSource, TheRecordingsBeginCountsNotTheInstruments) {
  const std::vector<Event> events{quote_at(kNoonNs, 1), trade_at(kNoonNs + 5, 100, 1, 7, 0),
                                  quote_at(kNoonNs + kMinuteNs, 1)};
  EXPECT_EQ(bars_from({traded("A"), traded("B")}, events, {}).size(), 1u);
}

TEST(TradeBarSource, IncompleteBarsAtBothEndsComeOnlyWhereAsked) {
  const std::vector<Event> events{trade_at(kNoonNs + 5, 100, 1, 7), trade_at(kNoonNs + kMinuteNs, 100, 1, 8),
                                  trade_at(kNoonNs + 2 * kMinuteNs, 100, 1, 9)};
  EXPECT_EQ(bars_from({traded()}, events, {}).size(), 1u);
  const auto bars = bars_from({traded()}, events, {.keep_partial = true});
  ASSERT_EQ(bars.size(), 3u);
  EXPECT_TRUE(bars[0].has(kPartial) && !bars[1].has(kPartial) && bars[2].has(kPartial));
}

TEST(TradeBarSource, BarsThatAreOpenAtTheEndCloseThereBehindAllOthers) {
  const std::vector<Event> events{trade_at(1, 100, 1, 7, 0), trade_at(5, 100, 1, 7, 1),
                                  trade_at(6, 100, 1, 8, 1)};
  const auto bars = bars_from({traded("A"), traded("B")}, events,
                              {.spec = spec_of(BarMeasure::trades, 2), .keep_partial = true});
  ASSERT_EQ(bars.size(), 2u);
  for (const Event& bar : bars) EXPECT_EQ(bar.ts_ns, 6);
  EXPECT_TRUE(bars[0].has(kPartial) && bars[0].instrument == 0);
}

TEST(TradeBarSource, AMarkThatTheStreamWasCutOffEndsTheFlatBars) {
  const std::vector<Event> events{trade_at(kNoonNs, 100, 1, 1),
                                  mark_at(kNoonNs + 1, SessionMark::disconnected),
                                  quote_at(kNoonNs + 5 * kMinuteNs),
                                  mark_at(kNoonNs + 5 * kMinuteNs, SessionMark::connected),
                                  trade_at(kNoonNs + 7 * kMinuteNs, 100, 1, 2),
                                  quote_at(kNoonNs + 8 * kMinuteNs)};
  EXPECT_EQ(bars_from({traded()}, events, {}).size(), 2u);
  const auto filled = bars_from({traded()}, events, {.fill_breaks = true});
  ASSERT_EQ(filled.size(), 8u);
  EXPECT_TRUE(filled[3].has(kRepaired));
}

TEST(TradeBarSource, TellsOfATradeInNoBarOnceAllBeforeItWasGiven) {
  const std::vector<Event> events{trade_at(1, 100, 1, 1), trade_at(2, 100, 1, 2), trade_at(3, 0, 1, 3),
                                  trade_at(4, 100, 1, 4)};
  std::size_t given = 0, told_at = SIZE_MAX;
  TradeBarSource source(
      std::make_unique<TradeList>(std::vector{traded()}, events),
      {.spec = spec_of(BarMeasure::trades, 1), .on_fault = [&](const Event& trade, TradeFault fault) {
         EXPECT_EQ(trade.trade.seq, 3u);
         EXPECT_EQ(fault, TradeFault::impossible);
         told_at = given;
       }});
  std::vector<Event> room(10);
  while (const std::size_t count = source.read(room)) given += count;
  EXPECT_EQ(told_at, 2u);
  EXPECT_EQ(given, 3u);
  EXPECT_EQ(source.counts().impossible, 1u);
}

TEST(TradeBarSource, EndsWhateverTheTimes) {
  const std::vector<Event> events{quote_at(INT64_MIN),
                                  trade_at(INT64_MIN, 1, 1, 1),
                                  trade_at(-4'000'000'000'000'000'000, 1, 1, 2),
                                  trade_at(4'500'000'000'000'000'000, 1, 1, 3),
                                  quote_at(INT64_MAX),
                                  quote_at(INT64_MAX)};
  for (const Duration interval : {kSecond, 400 * kDay}) {
    EXPECT_LT(bars_from({traded()}, events, {.spec = {BarMeasure::time, interval}}).size(), 20'000u);
  }
}

TEST(TradeBarSource, TheTradesOfGeneratedBarsMakeThemAgainByteByByte) {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    TradeGeneratorOptions options;
    options.bars.bars = 300;
    options.bars.seed = seed;
    options.bars.symbols = generated_symbols(3);
    BarGenerator generator(options.bars);
    std::vector<Event> expected(2000);
    expected.resize(generator.read(expected));
    ASSERT_EQ(expected.size(), 900u);
    TradeBarSource source(std::make_unique<TradeGenerator>(options), {});
    std::vector<Event> bars(2000);
    std::size_t count = 0;
    while (const std::size_t read = source.read(std::span(bars).subspan(count))) count += read;
    bars.resize(count);
    expect_same(expected, bars, "seed " + std::to_string(seed));
  }
}

TEST(TradeBarSource, HasTheIntervalOfItsBars) {
  const auto interval_of = [](const BarSpec& spec) {
    return TradeBarSource(std::make_unique<TradeList>(std::vector{traded()}, std::vector<Event>{}),
                          {.spec = spec})
        .instruments()[0]
        .bar_interval;
  };
  EXPECT_EQ(interval_of({BarMeasure::time, kSecond}), kSecond);
  EXPECT_EQ(interval_of(spec_of(BarMeasure::volume, 5)), Duration(0));
}

}  // namespace
}  // namespace hftsim
