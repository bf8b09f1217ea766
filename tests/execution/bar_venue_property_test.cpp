// Random bars and random orders of every kind, under every pair of rules: what has to hold whatever happens.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "engine/core/rng.h"
#include "tests/execution/venue_bench.h"

namespace hftsim {
namespace {

using namespace test;

constexpr std::size_t kInstruments = 2;
constexpr int kMinutes = 150;
constexpr double kCostsBps = 5;
constexpr Duration kEntry{7};

BarVenueConfig random_config(RandomStream& random) {
  BarVenueConfig config;
  config.fill = random.below(2) == 0 ? FillRule::close : FillRule::next_open;
  config.limit_fill = random.below(2) == 0 ? LimitFill::touch : LimitFill::through;
  config.intrabar = random.below(2) == 0 ? IntrabarRule::path : IntrabarRule::pessimistic;
  config.participation = random.below(2) == 0 ? 0 : 0.1;
  config.slippage_bps = random.below(2) == 0 ? 0 : kCostsBps;
  config.fees = {0.0002, 0.001};
  return config;
}

// Prices on whole numbers half of the time, so that levels are met exactly.
double on_grid(RandomStream& random, double price) {
  return random.below(2) == 0 ? std::max(1.0, std::nearbyint(price)) : std::max(1.0, price);
}

BarBody random_bar(RandomStream& random, double last) {
  const double open = on_grid(random, last + random.normal()),
               close = on_grid(random, open + random.normal());
  BarBody bar{open, std::max(open, close), std::min(open, close), close, 0};
  bar.high = std::max(bar.high, on_grid(random, bar.high + random.uniform()));
  bar.low = std::min(bar.low, on_grid(random, bar.low - random.uniform()));
  bar.volume = random.below(10) == 0 ? 0 : 20 * random.uniform();
  return bar;
}

OrderRequest random_order(RandomStream& random, double price, Timestamp now) {
  const auto near = [&] {
    return Price(on_grid(random, price + 2 * random.normal()));
  };
  OrderRequest r;
  r.instrument = static_cast<InstrumentId>(random.below(kInstruments));
  r.side = random.below(2) == 0 ? Side::buy : Side::sell;
  r.type = static_cast<OrderType>(random.below(6));
  r.time_in_force = static_cast<TimeInForce>(random.below(4));
  r.rule = random.below(8) == 0 ? QuantityRule::close_position : QuantityRule::fixed;
  r.post_only = random.below(10) == 0;
  r.reduce_only = random.below(6) == 0;
  r.quantity = Quantity(on_grid(random, 4 * random.uniform()));
  r.limit = near();
  r.stop = near();
  r.trail = PriceOffset(0.5 + random.uniform());
  r.expire = now + Duration(static_cast<std::int64_t>(random.below(5)) * kMinute.value + 3);
  r.oco_group = random.below(3) == 0 ? 1 + random.below(20) : 0;
  const double sign = sign_of(r.side);
  if (random.below(3) == 0) r.bracket_stop = Price(std::max(0.5, price - sign * 2));
  if (random.below(3) == 0) r.bracket_take_profit = Price(std::max(0.6, price + sign * 2));
  return r;
}

struct Sent {
  OrderRequest request;
  Timestamp arrives_at;
  std::size_t reports_before;  // how many there were when it was sent
};

// One run of random bars and orders. What comes after minute n is drawn after it, so that two runs with the
// same seed are the same up to the end of the shorter one.
struct RandomRun {
  RandomRun(std::uint64_t seed, int minutes)
      : random(seed, "bar venue"), config(random_config(random)), bench(config, latency(), instruments()) {
    for (int minute = 0; minute < minutes; ++minute) play_minute(minute);
    reports_before_finish = bench.log.size();
    bench.finish();
  }

  static LatencyModel latency() { return {.entry = kEntry, .response = Duration(5)}; }
  static std::vector<Instrument> instruments() {
    auto two = instruments_on_bench(kInstruments);
    two[1].bar_interval = Duration(0);
    return two;
  }

  void play_minute(int minute) {
    for (std::size_t i = 0; i < kInstruments; ++i) {
      const BarBody bar = random_bar(random, last[i]);
      last[i] = bar.close;
      bars[i].push_back(bar);
      const auto decide = [&] {
        for (std::uint64_t n = random.below(3); n > 0; --n)
          send(random_order(random, bar.close, bench.now()));
        if (random.below(4) == 0) bench.cancel(1 + random.below(static_cast<std::uint64_t>(minute) * 4 + 1));
      };
      if (i == 0) bench.bar(bar.open, bar.high, bar.low, bar.close, bar.volume, decide);
      if (i != 0) bench.same_minute(static_cast<InstrumentId>(i), bar, decide);
      while (bar_of.size() < bench.log.size()) {
        bar_of.push_back(bars[bench.log[bar_of.size()].instrument].size() - 1);
      }
    }
  }

  void send(const OrderRequest& request) {
    const Timestamp now = bench.now();
    const std::size_t reports = bench.log.size() + bench.venue.reports().size();
    sent[bench.send(request)] = {request, now + kEntry, reports};
  }

  bool at_close(const OrderRequest& request) const {
    return config.fill == FillRule::close && request.type == OrderType::market;
  }

  struct BarFill {
    ExecutionReport report;
    std::size_t log_index;
    std::size_t bar_index;
    BarBody bar;  // the one it happened in
  };
  std::vector<BarFill> fills() const {
    std::vector<BarFill> all;
    for (std::size_t i = 0; i < reports_before_finish; ++i) {
      const ExecutionReport& r = bench.log[i];
      if (r.kind == ReportKind::filled) all.push_back({r, i, bar_of[i], bars[r.instrument][bar_of[i]]});
    }
    return all;
  }
  // Null for what the venue opened itself: brackets.
  const Sent* order(OrderId id) const {
    const auto found = sent.find(id);
    return found == sent.end() ? nullptr : &found->second;
  }

  RandomStream random;
  BarVenueConfig config;
  VenueBench bench;
  std::array<double, kInstruments> last{100, 50};
  std::array<std::vector<BarBody>, kInstruments> bars;
  std::map<OrderId, Sent> sent;
  std::vector<std::size_t> bar_of;  // per report: the number of its instrument's last bar
  std::size_t reports_before_finish = 0;
};

class BarVenueProperty : public testing::TestWithParam<std::uint64_t> {
 protected:
  BarVenueProperty() : run(GetParam(), kMinutes) {}
  RandomRun run;
};
INSTANTIATE_TEST_SUITE_P(Seeds, BarVenueProperty, testing::Range<std::uint64_t>(0, 60));

TEST_P(BarVenueProperty, ThereIsSomethingToCheck) {
  EXPECT_GT(run.bench.fills().size(), 20u);
}

TEST_P(BarVenueProperty, FillPricesLieInTheirBarsRangeButForTheCosts) {
  const double costs = run.config.slippage_bps * 1e-4 + 1e-12;
  for (const auto& [fill, log_index, bar_index, bar] : run.fills()) {
    const double slack = fill.liquidity == Liquidity::taker ? costs : 0;
    EXPECT_GE(fill.price.value, bar.low * (1 - slack)) << "order " << fill.order;
    EXPECT_LE(fill.price.value, bar.high * (1 + slack)) << "order " << fill.order;
  }
}

TEST_P(BarVenueProperty, LimitsAreNeverPassed) {
  for (const ExecutionReport& fill : run.bench.fills()) {
    const Sent* const sent = run.order(fill.order);
    if (sent == nullptr) continue;
    const OrderRequest& request = sent->request;
    if (request.type != OrderType::limit && request.type != OrderType::stop_limit) continue;
    const double worse_by = (fill.price - request.limit).value * sign_of(request.side);
    EXPECT_LE(worse_by, 0) << "order " << fill.order;
  }
}

TEST_P(BarVenueProperty, StopsAreNeverBetterThanTheirPriceAndTakeProfitsWorseByTheCostsAtMost) {
  const double costs = run.config.slippage_bps * 1e-4 + 1e-12;
  for (const ExecutionReport& fill : run.bench.fills()) {
    const Sent* const sent = run.order(fill.order);
    // What a volume cap leaves over is a market order at later opens.
    if (sent == nullptr || run.config.participation > 0) continue;
    const OrderRequest& request = sent->request;
    const double worse_by = (fill.price - request.stop).value * sign_of(request.side);
    if (request.type == OrderType::stop) {
      EXPECT_GE(worse_by, 0) << "order " << fill.order;
    }
    if (request.type == OrderType::take_profit) {
      EXPECT_LE(worse_by, request.stop.value * costs) << "order " << fill.order;
    }
  }
}

TEST_P(BarVenueProperty, NoOrderFillsMoreThanItsQuantity) {
  std::map<OrderId, double> filled;
  for (const ExecutionReport& fill : run.bench.fills()) {
    EXPECT_GT(fill.quantity.value, 0);
    EXPECT_GE(fill.remaining.value, 0);
    filled[fill.order] += fill.quantity.value;
  }
  for (const auto& [id, quantity] : filled) {
    const Sent* const sent = run.order(id);
    if (sent == nullptr || sent->request.rule != QuantityRule::fixed) continue;
    EXPECT_LE(quantity, sent->request.quantity.value * (1 + 1e-12)) << "order " << id;
  }
}

TEST_P(BarVenueProperty, NoOrderMeetsABarThatBeganBeforeItsArrival) {
  for (const auto& [fill, log_index, bar_index, bar] : run.fills()) {
    const Sent* const sent = run.order(fill.order);
    if (sent == nullptr) continue;
    const Timestamp begins(static_cast<std::int64_t>(bar_index) * kMinute.value);
    EXPECT_TRUE(fill.ts == begins || fill.ts == begins + kMinute);
    if (run.at_close(sent->request)) {
      EXPECT_GE(fill.ts, sent->arrives_at - kEntry) << "order " << fill.order;
    } else {
      EXPECT_GE(begins, sent->arrives_at) << "order " << fill.order;
    }
  }
}

TEST_P(BarVenueProperty, AllFillsOfABarTogetherStayBelowTheParticipationCap) {
  if (run.config.participation == 0) return;
  std::map<std::pair<InstrumentId, std::size_t>, double> taken;
  for (const auto& [fill, log_index, bar_index, bar] : run.fills()) {
    double& sum = taken[{fill.instrument, bar_index}];
    sum += fill.quantity.value;
    EXPECT_LE(sum, run.config.participation * bar.volume * (1 + 1e-12));
  }
}

TEST_P(BarVenueProperty, EveryOrderIsDoneExactlyOnceAndNothingFollows) {
  std::map<OrderId, int> done;
  for (const ExecutionReport& report : run.bench.log) {
    if (report.reason == Reason::unknown_order) continue;
    EXPECT_EQ(done[report.order], 0) << "order " << report.order;
    done[report.order] += report.order_done ? 1 : 0;
  }
  for (const auto& [id, sent] : run.sent) EXPECT_EQ(done[id], 1) << "order " << id;
  for (const auto& [id, count] : done) EXPECT_EQ(count, 1) << "order " << id;
}

TEST_P(BarVenueProperty, ReduceOnlyAndBracketsNeverOpenAPosition) {
  std::map<InstrumentId, double> held;
  for (const ExecutionReport& fill : run.bench.fills()) {
    double& position = held[fill.instrument];
    const double after = position + fill.quantity.value * sign_of(fill.side);
    const Sent* const sent = run.order(fill.order);
    const bool reduces = sent == nullptr || sent->request.reduce_only;
    if (reduces) {
      EXPECT_LT(std::fabs(after), std::fabs(position));
      EXPECT_GE(after * position, -1e-9);
    }
    position = std::fabs(after) < 1e-8 ? 0 : after;
  }
}

TEST_P(BarVenueProperty, AFillEndsWhatWasSentOfItsGroup) {
  const auto fills = run.fills();
  for (const auto& first : fills) {
    const Sent* const filled = run.order(first.report.order);
    if (filled == nullptr || filled->request.oco_group == 0) continue;
    for (const auto& later : fills) {
      const Sent* const other = run.order(later.report.order);
      if (other == nullptr || later.log_index <= first.log_index) continue;
      const bool sibling = later.report.order != first.report.order &&
                           other->request.oco_group == filled->request.oco_group &&
                           other->reports_before <= first.log_index;
      EXPECT_FALSE(sibling) << "orders " << first.report.order << " and " << later.report.order;
    }
  }
}

TEST_P(BarVenueProperty, NothingOfThePastChangesWithTheFuture) {
  const RandomRun shorter(GetParam(), kMinutes / 2);
  ASSERT_GT(shorter.reports_before_finish, 0u);
  ASSERT_LE(shorter.reports_before_finish, run.bench.log.size());
  for (std::size_t i = 0; i < shorter.reports_before_finish; ++i) {
    const ExecutionReport &a = shorter.bench.log[i], &b = run.bench.log[i];
    ASSERT_EQ(
        std::tuple(a.order, a.ts, a.kind, a.reason, a.quantity, a.price, a.fee, a.remaining, a.known_at),
        std::tuple(b.order, b.ts, b.kind, b.reason, b.quantity, b.price, b.fee, b.remaining, b.known_at))
        << "report " << i;
  }
}

}  // namespace
}  // namespace hftsim
