// What generated trades and quotes have in common with a real market's (Cont 2001), seen from the trades alone. Margins
// are wide: every seed has to be inside.
#include <gtest/gtest.h>

#include <map>

#include "replay/trade_generator.h"
#include "tests/replay/series.h"

namespace hftsim {
namespace {

using namespace test;

// Prices at the ends of spans of time, and how much was traded in each.
struct Spans {
  explicit Spans(Duration span) : span_ns(span.value) {}

  void add(std::int64_t ts_ns, double price, double traded) {
    for (; ts_ns >= end_ns; end_ns += span_ns) {
      if (end_ns > 0) close(last_price);
      if (end_ns == 0) end_ns = ts_ns / span_ns * span_ns;
    }
    last_price = price;
    open_volume += traded;
  }
  void close(double price) {
    if (closes > 0) ret.push_back(std::log(price / last_close));
    volume.push_back(open_volume);
    last_close = price;
    open_volume = 0;
    ++closes;
  }
  Series sizes_of_moves() const {
    Series sizes;
    for (const double r : ret) sizes.push_back(std::fabs(r));
    return sizes;
  }

  std::int64_t span_ns, end_ns = 0;
  double last_price = 0, last_close = 0, open_volume = 0;
  std::size_t closes = 0;
  Series ret, volume;
};

struct Facts {
  Spans minutes{kMinute}, ten_seconds{Duration(10 * kSecond.value)}, seconds{kSecond};
  std::map<std::int64_t, double> orders_by_second;
  Series gaps, sides;
};

// Trades of one side within a few nanoseconds are one order.
Facts facts_of(const BarGeneratorOptions& bars) {
  TradeGenerator generator({bars, TradeLevel::trades});
  Facts facts;
  std::vector<Event> room(4096);
  std::int64_t last_ns = 0;
  for (std::size_t count = generator.read(room); count > 0; count = generator.read(room)) {
    for (const Event& event : std::span(room).first(count)) {
      if (event.kind == EventKind::quote) {
        const double mid = static_cast<double>(event.quote.bid_ticks + event.quote.ask_ticks) / 2;
        facts.ten_seconds.add(event.ts_ns, mid, 0);
        facts.seconds.add(event.ts_ns, mid, 0);
      }
      if (event.kind != EventKind::trade) continue;
      facts.minutes.add(event.ts_ns, static_cast<double>(event.trade.price_ticks),
                        static_cast<double>(event.trade.quantity_lots));
      if (event.ts_ns - last_ns > 10) {
        if (last_ns > 0) facts.gaps.push_back(static_cast<double>(event.ts_ns - last_ns));
        facts.sides.push_back(event.has(kBuyerIsMaker) ? -1 : 1);
        ++facts.orders_by_second[event.ts_ns / kSecond.value];
      }
      last_ns = event.ts_ns;
    }
  }
  return facts;
}

// Thirty days with few trades.
const Facts& long_facts(std::uint64_t seed) {
  static std::map<std::uint64_t, Facts> known;
  if (!known.contains(seed)) {
    BarGeneratorOptions options;
    options.seed = seed;
    options.bars = 43'200;
    options.symbols[0].trades_per_minute = 12;
    known.emplace(seed, facts_of(options));
  }
  return known.at(seed);
}

// Four hours with as many trades as there are by default.
const Facts& dense_facts(std::uint64_t seed) {
  static std::map<std::uint64_t, Facts> known;
  if (!known.contains(seed)) {
    BarGeneratorOptions options;
    options.seed = seed;
    options.bars = 240;
    known.emplace(seed, facts_of(options));
  }
  return known.at(seed);
}

class GeneratedTrades : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(GeneratedTrades, TailsAreFatByTheMinuteAndByTheSecond) {
  const Facts &days = long_facts(GetParam()), &hours = dense_facts(GetParam());
  EXPECT_GT(kurtosis(days.minutes.ret), 5);
  EXPECT_LT(kurtosis(days.minutes.ret), 200);
  EXPECT_GT(kurtosis(hours.seconds.ret), 8);
  EXPECT_GT(kurtosis(hours.ten_seconds.ret), 5);
}

TEST_P(GeneratedTrades, ReturnsHaveNoMemory) {
  const Facts &days = long_facts(GetParam()), &hours = dense_facts(GetParam());
  for (const std::size_t lag : {1, 2, 3, 10}) {
    EXPECT_NEAR(autocorrelation(days.minutes.ret, lag), 0, 0.08) << lag;
    EXPECT_NEAR(autocorrelation(hours.ten_seconds.ret, lag), 0, 0.2) << lag;
  }
  EXPECT_NEAR(autocorrelation(hours.ten_seconds.ret, 1, 5), 0, 0.1);
}

// What the spread's opening and closing does to the middle between bid and ask. Captures: -0.04.
TEST_P(GeneratedTrades, OnlyTheSpreadShowsInTheReturnsOfASecond) {
  const Facts& hours = dense_facts(GetParam());
  EXPECT_LT(autocorrelation(hours.seconds.ret, 1), 0.03);
  EXPECT_GT(autocorrelation(hours.seconds.ret, 1), -0.2);
  for (const std::size_t lag : {2, 3, 5}) EXPECT_NEAR(autocorrelation(hours.seconds.ret, lag), 0, 0.1) << lag;
}

TEST_P(GeneratedTrades, VolatilityClusters) {
  const Facts &days = long_facts(GetParam()), &hours = dense_facts(GetParam());
  EXPECT_GT(autocorrelation(days.minutes.sizes_of_moves(), 1, 3), 0.1);
  EXPECT_GT(autocorrelation(days.minutes.sizes_of_moves(), 28, 32), 0.03);
  EXPECT_GT(autocorrelation(hours.seconds.sizes_of_moves(), 1, 3), 0.1);
}

// From the opening of New York to the next: busy, the night, busy.
TEST_P(GeneratedTrades, VolumeOverTheDayIsAU) {
  const Series& volume = long_facts(GetParam()).minutes.volume;
  std::map<std::size_t, Series> by_hour;
  for (std::size_t i = 0; i < volume.size(); ++i) by_hour[i % 1440 / 60].push_back(std::log(volume[i] + 1));
  const auto mean_of = [&](std::initializer_list<std::size_t> hours) {
    Series all;
    for (const std::size_t hour : hours) all.insert(all.end(), by_hour[hour].begin(), by_hour[hour].end());
    return mean(all);
  };
  const double after_opening = mean_of({14, 15, 16}), evening = mean_of({19, 20, 21}),
               night = mean_of({3, 4, 5, 6}), morning = mean_of({8, 9, 10}),
               before_opening = mean_of({13, 14});
  EXPECT_GT(after_opening, evening);
  EXPECT_GT(evening, night);
  EXPECT_LT(night, morning);
  EXPECT_LT(morning, before_opening);
  EXPECT_GT(after_opening, night + 0.4);
}

// By the second: captures 13 and 20. Standard deviation of the time between orders over its mean: 1.7, 1.4.
TEST_P(GeneratedTrades, ComeInClusters) {
  const Facts& hours = dense_facts(GetParam());
  Series counts;
  for (auto second = hours.orders_by_second.begin()->first; second <= hours.orders_by_second.rbegin()->first;
       ++second) {
    const auto found = hours.orders_by_second.find(second);
    counts.push_back(found == hours.orders_by_second.end() ? 0 : found->second);
  }
  EXPECT_GT(dispersion(counts), 4);
  EXPECT_LT(dispersion(counts), 40);
  const double variation = standard_deviation(hours.gaps) / mean(hours.gaps);
  EXPECT_GT(variation, 1.3);
  EXPECT_LT(variation, 3);
}

// Captures at a lag of one order: 0.37 and 0.24; of ten: 0.18 and 0.12.
TEST_P(GeneratedTrades, SidesPersist) {
  const Facts& hours = dense_facts(GetParam());
  EXPECT_NEAR(autocorrelation(hours.sides, 1), 0.3, 0.12);
  EXPECT_NEAR(autocorrelation(hours.sides, 10), 0.17, 0.1);
  EXPECT_NEAR(mean(hours.sides), 0, 0.1) << "as many buy as sell";
}

INSTANTIATE_TEST_SUITE_P(Seeds, GeneratedTrades, ::testing::Values(1, 3, 12345));

}  // namespace
}  // namespace hftsim
