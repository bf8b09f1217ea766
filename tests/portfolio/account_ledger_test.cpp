#include "engine/portfolio/account_ledger.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "engine/core/rng.h"
#include "tests/portfolio/fills.h"

namespace hftsim {
namespace {

Instrument with_lot(double lot, double min_notional = 0) {
  Instrument instrument;
  instrument.lot_size = lot;
  instrument.min_notional = min_notional;
  return instrument;
}

Order fixed(Side side, double quantity) {
  Order order;
  order.request.side = side;
  order.request.quantity = Quantity(quantity);
  return order;
}

Order target(Side side, double weight) {
  Order order;
  order.request.side = side;
  order.request.rule = QuantityRule::target_weight;
  order.request.target_weight = weight;
  return order;
}

Order close(Side side) {
  Order order;
  order.request.side = side;
  order.request.rule = QuantityRule::close_position;
  return order;
}

struct Ledger {
  explicit Ledger(Instrument instrument, double initial = 1000)
      : ledger(Money(initial), std::vector<Instrument>{instrument}) {}

  double quantity(const Order& order, double price) {
    return ledger.quantity_at(order, Price(price), reason).value;
  }

  AccountLedger ledger;
  Reason reason = Reason::none;
};

TEST(AccountLedger, FixedQuantityIsRoundedToTheLotTowardsZero) {
  Ledger l(with_lot(0.1));
  EXPECT_DOUBLE_EQ(l.quantity(fixed(Side::buy, 0.79), 10), 0.7);
  EXPECT_DOUBLE_EQ(l.quantity(fixed(Side::buy, 0.3), 10), 0.3);
  EXPECT_EQ(l.reason, Reason::none);
  EXPECT_EQ(l.quantity(fixed(Side::buy, 0.09), 10), 0);
  EXPECT_EQ(l.reason, Reason::rounds_to_zero);
}

TEST(AccountLedger, TargetWeightBuysTheDifferenceAtTheFillPrice) {
  Ledger l(with_lot(0));
  EXPECT_DOUBLE_EQ(l.quantity(target(Side::buy, 0.3), 50), 6);
  l.ledger.on_fill(fill_of(Side::buy, 6, 50));
  l.ledger.mark(0, Price(50));
  // At 40 equity is 700 + 240 = 940, the target 282 / 40 = 7.05.
  EXPECT_NEAR(l.quantity(target(Side::buy, 0.3), 40), 1.05, 1e-12);
}

TEST(AccountLedger, TargetOnTheOtherSideOfTheOrderIsAlreadyHeld) {
  Ledger l(with_lot(0));
  l.ledger.on_fill(fill_of(Side::buy, 6, 50));
  EXPECT_EQ(l.quantity(target(Side::buy, 0.2), 50), 0);
  EXPECT_EQ(l.reason, Reason::target_already_held);
  EXPECT_NEAR(l.quantity(target(Side::sell, 0.2), 50), 2, 1e-12);
  EXPECT_EQ(l.reason, Reason::none);
}

TEST(AccountLedger, NegativeTargetSellsThroughZero) {
  Ledger l(with_lot(0));
  l.ledger.on_fill(fill_of(Side::buy, 6, 50));
  EXPECT_NEAR(l.quantity(target(Side::sell, -0.3), 50), 12, 1e-12);
}

TEST(AccountLedger, ClosingTakesTheWholePositionOffTheLotGrid) {
  Ledger l(with_lot(0.1));
  l.ledger.on_fill(fill_of(Side::buy, 0.25, 50));
  EXPECT_EQ(l.quantity(close(Side::sell), 50), 0.25);
  EXPECT_EQ(l.quantity(target(Side::sell, 0), 50), 0.25);
  EXPECT_EQ(l.quantity(fixed(Side::sell, 0.25), 50), 0.25);
  EXPECT_DOUBLE_EQ(l.quantity(fixed(Side::sell, 0.24), 50), 0.2);
}

TEST(AccountLedger, ClosingLeavesNothingWhateverWasBought) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    RandomStream random(seed, "close");
    Ledger l(with_lot(1e-3), 1e6);
    for (int i = 0; i < 50; ++i) {
      const double bought = l.quantity(fixed(Side::buy, random.uniform() + 0.001), 10);
      l.ledger.on_fill(fill_of(Side::buy, bought, 10));
    }
    const double held = l.ledger.position(0).value;
    ASSERT_EQ(l.quantity(fixed(Side::sell, held), 10), held);
    l.ledger.on_fill(fill_of(Side::sell, l.quantity(close(Side::sell), 10), 10));
    ASSERT_EQ(l.ledger.position(0).value, 0.0);
  }
}

TEST(AccountLedger, CloseWithNothingAgainstTheSideHasNothingToReduce) {
  Ledger l(with_lot(0.1));
  EXPECT_EQ(l.quantity(close(Side::sell), 50), 0);
  EXPECT_EQ(l.reason, Reason::nothing_to_reduce);
  l.ledger.on_fill(fill_of(Side::sell, 1, 50));
  EXPECT_EQ(l.quantity(close(Side::sell), 50), 0);
  EXPECT_EQ(l.reason, Reason::nothing_to_reduce);
  EXPECT_EQ(l.quantity(close(Side::buy), 50), 1);
}

TEST(AccountLedger, ReduceOnlyNeverExceedsThePosition) {
  Ledger l(with_lot(0.1));
  l.ledger.on_fill(fill_of(Side::buy, 1, 50));
  Order order = fixed(Side::sell, 5);
  order.request.reduce_only = true;
  EXPECT_EQ(l.quantity(order, 50), 1);
  order.request.side = Side::buy;
  EXPECT_EQ(l.quantity(order, 50), 0);
  EXPECT_EQ(l.reason, Reason::nothing_to_reduce);
}

TEST(AccountLedger, MinimumNotionalHoldsButNotForClosing) {
  Ledger l(with_lot(0.1, 10));
  EXPECT_EQ(l.quantity(fixed(Side::buy, 0.9), 10), 0);
  EXPECT_EQ(l.reason, Reason::below_min_notional);
  EXPECT_DOUBLE_EQ(l.quantity(fixed(Side::buy, 1), 10), 1);
  EXPECT_EQ(l.reason, Reason::none);
  l.ledger.on_fill(fill_of(Side::buy, 1, 10));
  EXPECT_DOUBLE_EQ(l.quantity(close(Side::sell), 5), 1);
}

TEST(AccountLedger, APriceThatIsNoneIsInvalid) {
  Ledger l(with_lot(0.1));
  for (const double price : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(), HUGE_VAL}) {
    l.reason = Reason::none;
    EXPECT_EQ(l.quantity(fixed(Side::buy, 1), price), 0);
    EXPECT_EQ(l.reason, Reason::invalid_price);
  }
}

TEST(AccountLedger, AQuantityThatIsNotANumberIsNeverOrdered) {
  Ledger l(with_lot(0));
  EXPECT_EQ(l.quantity(fixed(Side::buy, std::nan("")), 10), 0);
  EXPECT_EQ(l.quantity(target(Side::buy, std::nan("")), 10), 0);
}

TEST(AccountLedger, CashMustCoverABuyAndItsFee) {
  Ledger l(with_lot(0.1));
  const Order buy = fixed(Side::buy, 10);
  EXPECT_EQ(l.ledger.check_funds(buy, Quantity(10), Price(100), Money(0)), Reason::none);
  EXPECT_EQ(l.ledger.check_funds(buy, Quantity(10), Price(100), Money(1e-6)), Reason::insufficient_cash);
  EXPECT_EQ(l.ledger.check_funds(fixed(Side::sell, 10), Quantity(1e6), Price(100), Money(1)), Reason::none);
}

TEST(AccountLedger, AWholeWeightWithoutFeesIsPaidForWhateverThePrice) {
  RandomStream random(3, "whole weight");
  for (int i = 0; i < 10000; ++i) {
    Ledger l(with_lot(0), 1000 + random.uniform());
    const double price = 0.01 + 1000 * random.uniform();
    const Order order = target(Side::buy, 1);
    const double quantity = l.quantity(order, price);
    ASSERT_EQ(l.ledger.check_funds(order, Quantity(quantity), Price(price), Money(0)), Reason::none);
  }
}

}  // namespace
}  // namespace hftsim
