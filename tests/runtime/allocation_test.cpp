// After its first two blocks a run takes no memory from the heap, neither for features nor for trading.
#include <gtest/gtest.h>

#include "engine/core/allocation_counter.h"
#include "tests/runtime/run_bench.h"

namespace hftsim {
namespace {

using namespace test;

const Bars& bars() {
  static const Bars all = generated_bars(200'000);
  return all;
}

void expect_none(const RunOutcome& run) {
  ASSERT_EQ(run.counters.bars, 200'000U);
  ASSERT_GT(run.counters.trades, 500U);
  EXPECT_EQ(run.stats.features.allocations_after_warmup(), 0U);
  EXPECT_EQ(run.stats.trading.allocations_after_warmup(), 0U);
}

// Keeps a ladder of limit orders, stops and brackets going, and cancels some of them.
class BusyStrategy final : public Strategy {
 public:
  std::vector<std::string> features() const override { return {"atr_14"}; }
  void start(const FeatureLookup& lookup, std::span<const Instrument>) override {
    atr_ = lookup.slot("atr_14");
  }
  void on_bar(const StrategyContext& context, OrderGateway& gateway) override {
    ++bar_;
    const double close = context.bar().close, atr = context.feature(atr_);
    if (bar_ % 7 == 0) bid(context, gateway, close - 0.3 * atr, atr);
    if (bar_ % 11 == 0) last_ = stop(gateway, close + atr);
    if (bar_ % 11 == 5 && last_ != 0) gateway.cancel(last_);
    if (bar_ % 97 == 0) close_all(gateway);
  }

 private:
  void bid(const StrategyContext& context, OrderGateway& gateway, double price, double atr) {
    OrderRequest request;
    request.type = OrderType::limit;
    request.time_in_force = TimeInForce::gtd;
    request.expire = context.now() + Duration(60 * kMinute.value);
    request.quantity = Quantity(0.001);
    request.limit = Price(price);
    request.bracket_stop = Price(price - 2 * atr);
    request.bracket_take_profit = Price(price + 2 * atr);
    gateway.submit(request);
  }
  OrderId stop(OrderGateway& gateway, double price) {
    OrderRequest request;
    request.type = OrderType::stop;
    request.quantity = Quantity(0.001);
    request.stop = Price(price);
    return gateway.submit(request);
  }
  void close_all(OrderGateway& gateway) {
    OrderRequest request;
    request.side = Side::sell;
    request.rule = QuantityRule::close_position;
    request.reduce_only = true;
    gateway.submit(request);
  }

  FeatureSlot atr_ = 0;
  std::uint64_t bar_ = 0;
  OrderId last_ = 0;
};

RunSetup setup_of(ThreadMode threads) {
  RunSetup setup = plain_setup();
  setup.features = "default";
  setup.pipeline.threads = threads;
  setup.keep = false;  // the bench's own memory would be counted
  return setup;
}

class Allocations : public testing::TestWithParam<ThreadMode> {};

TEST_P(Allocations, NoneWithSignalsAndBrackets) {
  for (const char* strategy : {"momentum", "breakout"}) {
    RunSetup setup = setup_of(GetParam());
    setup.strategy = strategy;
    expect_none(run_bars(setup, bars()));
  }
}

TEST_P(Allocations, NoneWithLimitOrdersStopsBracketsAndLatency) {
  RunSetup setup = setup_of(GetParam());
  setup.trading.desk.latency = {Duration(0), Duration(40'000'000'000), Duration(130'000'000'000)};
  setup.venue.impact = 0.1;
  setup.venue.participation = 0.1;
  MemorySource source(bars());
  BusyStrategy strategy;
  expect_none(run_strategy(setup, source, strategy));
}

// An entry that fills in hundreds of parts has hundreds of brackets working at once.
TEST_P(Allocations, NoneWithManyPartialFills) {
  RunSetup setup = setup_of(GetParam());
  setup.strategy = "breakout";
  setup.venue.participation = 1e-4;
  expect_none(run_bars(setup, bars()));
}

INSTANTIATE_TEST_SUITE_P(Modes, Allocations, testing::Values(ThreadMode::run_inline, ThreadMode::pipelined),
                         [](const auto& test) {
                           return test.param == ThreadMode::run_inline ? "inline" : "pipelined";
                         });

TEST(AllocationCounter, CountsInThisProgram) {
  const std::uint64_t before = thread_allocation_count;
  ::operator delete(::operator new(1));  // a new-expression could be optimised away
  EXPECT_GT(thread_allocation_count, before);
}

}  // namespace
}  // namespace hftsim
