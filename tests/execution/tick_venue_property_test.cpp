// What holds of a tick venue whatever comes: seeded streams of quotes, books and trades, and orders of every kind.
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <map>
#include <string>
#include <tuple>

#include "engine/core/allocation_counter.h"
#include "engine/core/rng.h"
#include "tests/execution/tick_bench.h"

namespace hftsim {
namespace {

using namespace test;

constexpr int kSteps = 3000;

// Around 100, in steps of 0.01.
double price_near(RandomStream& rng, double spread) {
  return 100 + std::round((rng.uniform() - 0.5) * 100 * spread) / 100;
}
double size(RandomStream& rng) {
  return 0.001 * static_cast<double>(1 + rng.below(3000));
}

OrderRequest random_order(RandomStream& rng, double now_s) {
  constexpr std::array kTypes{OrderType::market,     OrderType::limit,         OrderType::stop,
                              OrderType::stop_limit, OrderType::trailing_stop, OrderType::take_profit};
  constexpr std::array kInForce{TimeInForce::gtc, TimeInForce::ioc, TimeInForce::fok, TimeInForce::gtd};
  OrderRequest request =
      request_of(kTypes[rng.below(kTypes.size())], rng.below(2) == 0 ? Side::buy : Side::sell, size(rng));
  request.time_in_force = kInForce[rng.below(kInForce.size())];
  if (request.time_in_force == TimeInForce::gtd) {
    request.expire = Timestamp(static_cast<std::int64_t>((now_s + 1 + rng.uniform() * 20) * kSecondNs));
  }
  const OrderType type = request.type;
  if (type == OrderType::limit || type == OrderType::stop_limit) request.limit = Price(price_near(rng, 3));
  if (type == OrderType::stop || type == OrderType::stop_limit || type == OrderType::take_profit) {
    request.stop = Price(price_near(rng, 3));
  }
  if (type == OrderType::trailing_stop) request.trail = PriceOffset(0.5 + rng.uniform());
  if (type == OrderType::limit && rng.below(4) == 0) request.post_only = true;
  if (rng.below(5) == 0) request.oco_group = 1 + rng.below(3);
  if (rng.below(5) == 0) request.reduce_only = true;
  if (type == OrderType::market && rng.below(3) == 0) {
    const double sign = sign_of(request.side);
    request.bracket_stop = Price(100 - 2 * sign);
    request.bracket_take_profit = Price(100 + 2 * sign);
  }
  return request;
}

// One event of the stream. What could have been filled by it and the arrivals before it is at most what it or what stood
// before it had.
double random_event(TickBench& bench, RandomStream& rng, FillOn fill_on, double& standing) {
  const double middle = price_near(rng, 2), before = standing;
  const auto roll = rng.below(10);
  if (roll == 0) {
    bench.mark(rng.below(2) == 0 ? SessionMark::disconnected : SessionMark::connected);
    return before;
  }
  if (roll < 5) {
    const double sold = size(rng);
    bench.trade(middle, sold, rng.below(2) == 0 ? Side::buy : Side::sell);
    return before + sold;
  }
  const double bid = size(rng), ask = size(rng);
  if (fill_on == FillOn::book) {
    bench.book(
        {{Side::buy, middle - 0.05, bid}, {Side::buy, middle - 0.1, 1}, {Side::sell, middle + 0.05, ask}},
        true);
    standing = bid + ask + 1;
  } else {
    bench.quote(middle - 0.05, bid, middle + 0.05, ask);
    standing = bid + ask;
  }
  return before + standing;
}

class TickVenueProperty : public testing::TestWithParam<std::tuple<FillOn, std::uint64_t>> {};

struct Sent {
  OrderRequest request;
  Timestamp arrives_at;
};

struct Story {
  std::vector<ExecutionReport> log;
  std::map<OrderId, Sent> sent;
};

Story run(FillOn fill_on, std::uint64_t seed) {
  RandomStream rng(seed, "tick venue");
  BarVenueConfig config;
  config.limit_fill = rng.below(2) == 0 ? LimitFill::touch : LimitFill::through;
  const LatencyModel latency{Duration(0), Duration(static_cast<std::int64_t>(rng.below(3)) * kSecondNs / 2),
                             Duration(0)};
  TickBench bench(fill_on, config, latency);
  Story story;
  double standing = 0, now_s = 0;
  for (int step = 0; step < kSteps; ++step) {
    bench.at(now_s += rng.uniform());
    const std::size_t reported = bench.log.size();
    const double most = random_event(bench, rng, fill_on, standing);
    double filled = 0;
    for (std::size_t i = reported; i < bench.log.size(); ++i) {
      if (bench.log[i].kind == ReportKind::filled) filled += bench.log[i].quantity.value;
    }
    EXPECT_LE(filled, most + 1e-9) << "step " << step;
    if (rng.below(3) == 0) {
      const OrderRequest request = random_order(rng, now_s);
      const OrderId id = bench.decide(request);
      story.sent[id] = {request, latency.arrival(bench.now())};
    }
    if (rng.below(20) == 0 && !story.sent.empty()) bench.cancel(story.sent.rbegin()->first);
  }
  bench.finish();
  story.log = bench.log;
  return story;
}

TEST_P(TickVenueProperty, EveryOrderEndsOnceFillsWithinItsTermsAndNotBeforeItArrived) {
  const auto [fill_on, seed] = GetParam();
  const Story story = run(fill_on, seed);
  std::map<OrderId, double> filled;
  std::map<OrderId, int> ends;
  std::uint64_t fills = 0;
  for (const ExecutionReport& report : story.log) {
    ends[report.order] += report.order_done ? 1 : 0;
    const auto sent = story.sent.find(report.order);
    if (report.kind != ReportKind::filled) continue;
    ++fills;
    EXPECT_EQ(ends[report.order], report.order_done ? 1 : 0) << "nothing is filled behind the end";
    if (sent == story.sent.end()) continue;  // a bracket's
    const OrderRequest& request = sent->second.request;
    filled[report.order] += report.quantity.value;
    EXPECT_LE(filled[report.order], request.quantity.value + 1e-9);
    EXPECT_GE(report.ts, sent->second.arrives_at);
    EXPECT_LE(report.ts, request.expire);
    if (request.type != OrderType::limit && request.type != OrderType::stop_limit) continue;
    EXPECT_GE((request.limit - report.price).value * sign_of(request.side), -1e-9);
    EXPECT_TRUE(!request.post_only || report.liquidity == Liquidity::maker);
    if (request.time_in_force == TimeInForce::fok && !request.reduce_only && report.order_done) {
      EXPECT_NEAR(filled[report.order], request.quantity.value, 1e-9);
    }
  }
  for (const auto& [id, request] : story.sent) EXPECT_EQ(ends[id], 1) << id;
  EXPECT_GT(fills, 100U);
}

TEST_P(TickVenueProperty, IsAFunctionOfWhatComes) {
  const auto [fill_on, seed] = GetParam();
  const auto told = [](const Story& story) {
    std::string text;
    for (const ExecutionReport& r : story.log) {
      text += std::to_string(r.order) + " " + std::to_string(r.ts.value) + std::string(name_of(r.kind)) +
              std::to_string(std::bit_cast<std::uint64_t>(r.price.value)) +
              std::to_string(std::bit_cast<std::uint64_t>(r.quantity.value)) + "\n";
    }
    return text;
  };
  EXPECT_EQ(told(run(fill_on, seed)), told(run(fill_on, seed)));
}

INSTANTIATE_TEST_SUITE_P(Seeds, TickVenueProperty,
                         testing::Combine(testing::Values(FillOn::quotes, FillOn::book, FillOn::trades),
                                          testing::Range<std::uint64_t>(1, 21)));

TEST(TickVenueAllocation, QuotesTradesAndOrdersTakeNoMemoryAfterConstruction) {
  FakeLedger ledger;
  const auto instruments = instruments_on_bench();
  TickVenue venue({}, FillOn::quotes, {}, instruments, ledger);
  ledger.fills.reserve(10'000);
  std::vector<ExecutionReport> reports;
  reports.reserve(ReportLog::kReserved);
  Event quote{}, trade{};
  quote.kind = EventKind::quote;
  quote.quote = {9'900'000'000, 500'000'000, 10'100'000'000, 500'000'000, 1};
  trade.kind = EventKind::trade;
  trade.trade = {9'800'000'000, 100'000'000, 1, 1, 1};
  venue.on_event(quote);
  std::uint64_t fills = 0, before = 0;
  for (int i = 1; i <= 2000; ++i) {
    if (i == 10) before = thread_allocation_count;  // the fake ledger's map has its entries by then
    quote.ts_ns = trade.ts_ns = i * 1000;
    const Timestamp now(i * 1000);
    const Side side = i % 2 == 0 ? Side::buy : Side::sell;
    venue.submit({venue.next_order_id(), 0, market(side, 1), now, now});
    venue.submit({venue.next_order_id(), 0, limit(Side::buy, 1, 98.5), now, now});
    venue.on_event(quote);
    venue.on_event(trade);
    venue.take_reports(reports);
    for (const ExecutionReport& report : reports) fills += report.kind == ReportKind::filled;
    reports.clear();
  }
  EXPECT_EQ(thread_allocation_count - before, 0U);
  EXPECT_GT(fills, 3000U);
}

}  // namespace
}  // namespace hftsim
