#include "replay/symbol_trades.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/errors.h"
#include "tests/replay/trade_check.h"

namespace hftsim {
namespace {

// Bars that follow each other by the minute.
class GivenBars final : public EventSource {
 public:
  explicit GivenBars(std::vector<BarTicks> bars) : bars_(std::move(bars)) {
    instrument_.symbol = "GIVEN";
    instrument_.tick_size = 0.01;
    instrument_.lot_size = 1e-5;
  }
  std::span<const Instrument> instruments() const override { return {&instrument_, 1}; }
  std::size_t read(std::span<Event> out) override {
    std::size_t count = 0;
    for (; count < out.size() && next_ < bars_.size(); ++count, ++next_) {
      const BarTicks& bar = bars_[next_];
      const auto price = [](std::int64_t ticks) {
        return SymbolTrades::kPriceStep.value(ticks);
      };
      const BarBody body{price(bar.open), price(bar.high), price(bar.low), price(bar.close),
                         SymbolTrades::kQuantityStep.value(bar.lots)};
      const Timestamp close_ts(static_cast<std::int64_t>(next_ + 1) * kMinute.value);
      out[count] = make_bar(close_ts, 0, body, static_cast<std::uint32_t>(bar.trades));
    }
    return count;
  }

 private:
  std::vector<BarTicks> bars_;
  Instrument instrument_;
  std::size_t next_ = 0;
};

std::vector<Event> trades_in(const std::vector<BarTicks>& bars, std::uint64_t seed = 1) {
  SymbolTrades source(std::make_unique<GivenBars>(bars), seed);
  const std::vector<Event> events = test::read_all(source);
  test::TradeCheck(source.instruments()).check(events);
  EXPECT_EQ(test::of_kind(events, EventKind::bar).size(), bars.size());
  return events;
}

TEST(SymbolTrades, ABarWithoutTradesHasNone) {
  const auto events =
      trades_in({{.open = 100, .high = 100, .low = 100, .close = 100},
                 {.open = 100, .high = 101, .low = 100, .close = 101, .lots = 50, .trades = 9},
                 {.open = 101, .high = 101, .low = 101, .close = 101}});
  EXPECT_EQ(test::of_kind(events, EventKind::trade).size(), 9u);
  EXPECT_EQ(events.back().kind, EventKind::bar);
}

TEST(SymbolTrades, ABarOfOneTradeIsThatTrade) {
  for (const std::int64_t lots : {1, 2, 1'000'000'000}) {
    const auto trades = test::of_kind(
        trades_in({{.open = 500, .high = 500, .low = 500, .close = 500, .lots = lots, .trades = 1}}),
        EventKind::trade);
    ASSERT_EQ(trades.size(), 1u);
    EXPECT_EQ(trades[0].trade.price_ticks, 500);
    EXPECT_EQ(trades[0].trade.quantity_lots, lots);
  }
}

// All bars of few prices, the lowest too, with as few trades as they take and with more, of a lot each and more.
TEST(SymbolTrades, AddUpToEveryBarThereCanBe) {
  std::vector<BarTicks> bars;
  for (std::int64_t low = 1; low <= 4; ++low)
    for (std::int64_t high = low; high <= 4; ++high)
      for (std::int64_t open = low; open <= high; ++open)
        for (std::int64_t close = low; close <= high; ++close)
          for (const std::int64_t more : {0, 1, 2, 5, 40, 1000})
            for (const std::int64_t more_lots : {0, 1, 100, 1'000'000}) {
              BarTicks bar{.open = open, .high = high, .low = low, .close = close};
              bar.trades = bar.trades_min() + more;
              bar.lots = bar.trades + more_lots;
              bars.push_back(bar);
            }
  for (const std::uint64_t seed : {1, 2, 3}) trades_in(bars, seed);
}

TEST(SymbolTrades, PricesThatDoNotMoveHaveOnePriceForAllTrades) {
  for (const Event& trade :
       test::of_kind(trades_in({{.open = 7, .high = 7, .low = 7, .close = 7, .lots = 5000, .trades = 900}}),
                     EventKind::trade))
    ASSERT_EQ(trade.trade.price_ticks, 7);
}

TEST(SymbolTrades, HoldForTheLargestVolumeOfABar) {
  trades_in(
      {{.open = 100, .high = 120, .low = 90, .close = 95, .lots = 1'000'000'000'000'000, .trades = 20'000}});
}

TEST(SymbolTrades, ManyTradesFitIntoAMinute) {
  const auto events = trades_in({{.open = 10'000,
                                  .high = 10'020,
                                  .low = 9'990,
                                  .close = 10'005,
                                  .lots = 90'000'000,
                                  .trades = 300'000}});
  EXPECT_EQ(test::of_kind(events, EventKind::trade).size(), 300'000u);
}

TEST(SymbolTrades, RefuseABarThatNoTradesMake) {
  const auto refusal_of = [](BarTicks bar) -> std::string {
    SymbolTrades source(std::make_unique<GivenBars>(std::vector<BarTicks>{bar}), 1);
    try {
      test::read_all(source);
    } catch (const BadInput& error) {
      return error.what();
    }
    return "";
  };
  using ::testing::HasSubstr;
  const BarTicks good{.open = 100, .high = 103, .low = 99, .close = 101, .lots = 10, .trades = 4};
  EXPECT_EQ(refusal_of(good), "");
  for (const auto change : std::vector<void (*)(BarTicks&)>{
           [](BarTicks& bar) { bar.trades = 3; }, [](BarTicks& bar) { bar.lots = 3; },
           [](BarTicks& bar) { bar.trades = 0; }, [](BarTicks& bar) { bar.high = 100; },
           [](BarTicks& bar) { bar.low = 102; },
           [](BarTicks& bar) {
             bar.low = 0;
           }}) {
    BarTicks bad = good;
    change(bad);
    EXPECT_THAT(refusal_of(bad), HasSubstr("the bar of GIVEN"));
  }
}

}  // namespace
}  // namespace hftsim
