#include "engine/portfolio/risk_gate.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/errors.h"
#include "engine/core/rng.h"

namespace hftsim {
namespace {

constexpr RiskLimits kOff{0, 0, 0, 0, 0, 0, 0, 0};

Timestamp at(std::int64_t day, std::int64_t minute) {
  return Timestamp(0) + kDay * day + kMinute * minute;
}

Position holding(double quantity, double entry) {
  Position position;
  position.quantity = Quantity(quantity);
  position.average_entry = Price(entry);
  return position;
}

TEST(RiskGate, DrawdownIsNamedBeforeLoss) {
  RiskLimits limits = kOff;
  limits.max_drawdown = 0.1;
  limits.max_total_loss = 0.1;
  limits.max_daily_loss = 0.1;
  RiskGate gate(limits, Money(100));
  const GateDecision decision = gate.on_bar(at(0, 1), Money(80));
  EXPECT_EQ(decision.reason, Reason::drawdown_limit);
  EXPECT_DOUBLE_EQ(decision.measured, 0.2);
  EXPECT_DOUBLE_EQ(decision.limit, 0.1);
}

TEST(RiskGate, TotalLossIsNamedBeforeDailyLoss) {
  RiskLimits limits = kOff;
  limits.max_total_loss = 0.05;
  limits.max_daily_loss = 0.05;
  RiskGate gate(limits, Money(100));
  gate.on_bar(at(0, 1), Money(100));
  EXPECT_EQ(gate.on_bar(at(0, 2), Money(90)).reason, Reason::total_loss_limit);
}

TEST(RiskGate, ExactlyAtTheLimitPasses) {
  RiskLimits limits = kOff;
  limits.max_drawdown = 0.25;
  RiskGate gate(limits, Money(100));
  EXPECT_FALSE(gate.on_bar(at(0, 1), Money(75)).refuses());
  EXPECT_TRUE(gate.on_bar(at(0, 2), Money(74.999)).refuses());
}

TEST(RiskGate, RefusesOnlyWhileTheConditionHolds) {
  RiskLimits limits = kOff;
  limits.max_drawdown = 0.15;
  RiskGate gate(limits, Money(100));
  EXPECT_FALSE(gate.on_bar(at(0, 1), Money(200)).refuses());
  EXPECT_TRUE(gate.on_bar(at(0, 2), Money(160)).refuses());
  EXPECT_FALSE(gate.on_bar(at(0, 3), Money(180)).refuses());
  EXPECT_DOUBLE_EQ(gate.peak_equity().value, 200);
}

TEST(RiskGate, DailyLossCountsFromTheFirstEquityOfTheUtcDay) {
  RiskLimits limits = kOff;
  limits.max_daily_loss = 0.05;
  RiskGate gate(limits, Money(100));
  EXPECT_FALSE(gate.on_bar(at(3, 1), Money(100)).refuses());
  const GateDecision decision = gate.on_bar(at(3, 1439), Money(94));
  EXPECT_EQ(decision.reason, Reason::daily_loss_limit);
  EXPECT_DOUBLE_EQ(decision.measured, 0.06);
  EXPECT_FALSE(gate.on_bar(at(4, 0), Money(94)).refuses()) << "midnight begins the new day";
  EXPECT_FALSE(gate.on_bar(at(4, 1), Money(90)).refuses());
  EXPECT_TRUE(gate.on_bar(at(4, 2), Money(89)).refuses());
}

TEST(RiskGate, DaysBefore1970AreWholeDaysToo) {
  RiskLimits limits = kOff;
  limits.max_daily_loss = 0.05;
  RiskGate gate(limits, Money(100));
  gate.on_bar(at(-2, 10), Money(100));
  EXPECT_TRUE(gate.on_bar(at(-2, 1439), Money(90)).refuses());
  EXPECT_FALSE(gate.on_bar(at(-1, 0), Money(90)).refuses());
}

TEST(RiskGate, TotalLossCountsFromTheStartAcrossDays) {
  RiskLimits limits = kOff;
  limits.max_total_loss = 0.05;
  RiskGate gate(limits, Money(100));
  gate.on_bar(at(0, 1), Money(97));
  const GateDecision decision = gate.on_bar(at(1, 1), Money(94));
  EXPECT_EQ(decision.reason, Reason::total_loss_limit);
  EXPECT_DOUBLE_EQ(decision.measured, 0.06);
}

TEST(RiskGate, OffMeansNothingIsRefused) {
  RiskGate gate(kOff, Money(100));
  EXPECT_FALSE(gate.on_bar(at(0, 1), Money(1)).refuses());
  EXPECT_FALSE(gate.check_order(100, 100).refuses());
  EXPECT_EQ(gate.check_position(holding(1, 100), Price(1)).exit, ProtectiveExit::none);
}

TEST(RiskGate, StopLossAndTakeProfitAreMirroredForShorts) {
  RiskLimits limits = kOff;
  limits.stop_loss = 0.02;
  limits.take_profit = 0.05;
  const RiskGate gate(limits, Money(100));
  EXPECT_EQ(gate.check_position(holding(3, 100), Price(98)).exit, ProtectiveExit::stop_loss);
  EXPECT_EQ(gate.check_position(holding(3, 100), Price(98.1)).exit, ProtectiveExit::none);
  EXPECT_EQ(gate.check_position(holding(3, 100), Price(105)).exit, ProtectiveExit::take_profit);
  EXPECT_EQ(gate.check_position(holding(-3, 100), Price(102)).exit, ProtectiveExit::stop_loss);
  EXPECT_EQ(gate.check_position(holding(-3, 100), Price(95)).exit, ProtectiveExit::take_profit);
  EXPECT_EQ(gate.check_position(Position{}, Price(95)).exit, ProtectiveExit::none);
  EXPECT_DOUBLE_EQ(gate.check_position(holding(-3, 100), Price(102)).measured, -0.02);
}

TEST(RiskGate, OrdersMeetExposureThenVolatility) {
  RiskLimits limits = kOff;
  limits.max_exposure = 0.5;
  limits.volatility_limit = 0.8;
  const RiskGate gate(limits, Money(100));
  EXPECT_EQ(gate.check_order(0.6, 0.9).reason, Reason::exposure_limit);
  EXPECT_EQ(gate.check_order(0.5, 0.9).reason, Reason::volatility_limit);
  EXPECT_FALSE(gate.check_order(0.5, 0.8).refuses());
  EXPECT_FALSE(gate.check_order(0.5, std::nan("")).refuses()) << "an unknown volatility passes";
}

TEST(RiskGate, ValueAtRiskGatesOrdersOnceTheWindowIsFull) {
  RiskLimits limits = kOff;
  limits.var_limit = 0.01;
  RiskGate gate(limits, Money(100));
  double equity = 100;
  for (int bar = 1; bar <= 250; ++bar) {
    EXPECT_FALSE(gate.check_order(0, 0).refuses()) << bar;
    equity *= bar % 10 == 0 ? 0.98 : 1.003;
    EXPECT_FALSE(gate.on_bar(at(0, bar), Money(equity)).refuses());
  }
  const GateDecision decision = gate.check_order(0, 0);
  EXPECT_EQ(decision.reason, Reason::var_limit);
  EXPECT_NEAR(decision.measured, 0.02, 1e-12);
}

TEST(RiskGate, WithoutALimitNoValueAtRiskIsKept) {
  RiskGate gate(kOff, Money(100));
  for (int bar = 1; bar <= 300; ++bar) gate.on_bar(at(0, bar), Money(100 + bar % 7));
  EXPECT_FALSE(gate.value_at_risk());
}

TEST(RiskGate, LimitsThatAreNotFractionsAreRefused) {
  RiskLimits limits = kOff;
  limits.stop_loss = -0.01;
  EXPECT_THROW(RiskGate(limits, Money(100)), BadInput);
  limits = kOff;
  limits.var_limit = std::nan("");
  EXPECT_THROW(RiskGate(limits, Money(100)), BadInput);
}

TEST(RiskGate, EqualsTheNaiveRulesOverRandomEquity) {
  RiskLimits limits = kOff;
  limits.max_drawdown = 0.1;
  limits.max_total_loss = 0.05;
  limits.max_daily_loss = 0.03;
  int seen[3] = {0, 0, 0};
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    RandomStream random(seed, "gate");
    RiskGate gate(limits, Money(1000));
    double equity = 1000, peak = 1000, day_first = 0;
    std::int64_t day = -1;
    for (int bar = 0; bar < 5000; ++bar) {
      equity *= 1 + 0.003 * random.normal();
      peak = std::max(peak, equity);
      if (bar / 1440 != day) {
        day = bar / 1440;
        day_first = equity;
      }
      Reason expected = Reason::none;
      if ((peak - equity) / peak > 0.1) {
        expected = Reason::drawdown_limit;
        ++seen[0];
      } else if ((1000 - equity) / 1000 > 0.05) {
        expected = Reason::total_loss_limit;
        ++seen[1];
      } else if ((day_first - equity) / day_first > 0.03) {
        expected = Reason::daily_loss_limit;
        ++seen[2];
      }
      ASSERT_EQ(gate.on_bar(at(0, bar), Money(equity)).reason, expected) << seed << ' ' << bar;
    }
  }
  EXPECT_GT(seen[0], 0);
  EXPECT_GT(seen[1], 0);
  EXPECT_GT(seen[2], 0);
}

}  // namespace
}  // namespace hftsim
