#include "engine/core/units.h"

#include <gtest/gtest.h>

#include <type_traits>

namespace hftsim {
namespace {

// Code that must not compile is asked for here, where "does not compile" is an answer.
template <class A, class B>
concept Adds = requires(A a, B b) {
  a + b;
};
template <class A, class B>
concept Subtracts = requires(A a, B b) {
  a - b;
};
template <class A, class B>
concept Multiplies = requires(A a, B b) {
  a* b;
};
template <class A, class B>
concept Compares = requires(A a, B b) {
  a < b;
};
template <class A, class B>
concept Assigns = requires(A a, B b) {
  a = b;
};

TEST(Units, PointsOnAScaleDoNotAdd) {
  EXPECT_FALSE((Adds<Price, Price>));
  EXPECT_FALSE((Adds<PriceTicks, PriceTicks>));
  EXPECT_FALSE((Adds<Timestamp, Timestamp>));
  EXPECT_FALSE((Multiplies<Price, Price>));
}

TEST(Units, DifferentQuantitiesDoNotMix) {
  EXPECT_FALSE((Adds<Price, Quantity>));
  EXPECT_FALSE((Adds<Money, Quantity>));
  EXPECT_FALSE((Subtracts<Money, Price>));
  EXPECT_FALSE((Subtracts<Timestamp, Timestamp> && Adds<Timestamp, Price>));
  EXPECT_FALSE((Multiplies<Quantity, Quantity>));
  EXPECT_FALSE((Multiplies<Money, Price>));
  EXPECT_FALSE((Compares<Price, Quantity>));
  EXPECT_FALSE((Compares<Price, PriceTicks>));
  EXPECT_FALSE((Assigns<Quantity, QuantityLots>));
}

TEST(Units, BareNumbersDoNotBecomeUnits) {
  EXPECT_FALSE((std::is_convertible_v<double, Price>));
  EXPECT_FALSE((std::is_convertible_v<std::int64_t, Timestamp>));
  EXPECT_FALSE((std::is_convertible_v<Price, double>));
  EXPECT_FALSE((Adds<Price, double>));
  EXPECT_FALSE((Adds<Quantity, double>));
  EXPECT_FALSE((Assigns<Price, double>));
}

TEST(Units, OperationsHaveTheTypeTheFieldGivesThem) {
  static_assert(std::is_same_v<decltype(Price{} - Price{}), PriceOffset>);
  static_assert(std::is_same_v<decltype(Price{} + PriceOffset{}), Price>);
  static_assert(std::is_same_v<decltype(Price{} * Quantity{}), Money>);
  static_assert(std::is_same_v<decltype(Quantity{} * PriceOffset{}), Money>);
  static_assert(std::is_same_v<decltype(Money{} / Price{}), Quantity>);
  static_assert(std::is_same_v<decltype(Money{} / Quantity{}), Price>);
  static_assert(std::is_same_v<decltype(Money{} / Money{}), double>);
  static_assert(std::is_same_v<decltype(Timestamp{} - Timestamp{}), Duration>);
  static_assert(std::is_same_v<decltype(PriceTicks{} - PriceTicks{}), TickOffset>);
  EXPECT_EQ(Price(101.5) * Quantity(2), Money(203));
  EXPECT_EQ(Money(203) / Price(101.5), Quantity(2));
  EXPECT_EQ(Money(203) / Quantity(2), Price(101.5));
  EXPECT_EQ(Price(3) - Price(5), PriceOffset(-2));
  EXPECT_EQ(Price(3) - PriceOffset(5), Price(-2));
  EXPECT_EQ(Timestamp(90) - Timestamp(30), Duration(60));
  EXPECT_EQ(Timestamp(90) + kMinute, Timestamp(60'000'000'090));
  EXPECT_EQ(PriceTicks(7) - TickOffset(9), PriceTicks(-2));
  EXPECT_EQ(Price(6) / Price(4), 1.5);
}

TEST(Units, AmountsAddScaleAndNegate) {
  Money money(10);
  money += Money(5);
  money -= Money(1);
  EXPECT_EQ(money, Money(14));
  EXPECT_EQ(-money * 2, Money(-28));
  EXPECT_EQ(0.5 * money, Money(7));
  EXPECT_EQ(money / 2, Money(7));
  EXPECT_EQ(abs(Money(-3)), Money(3));
  EXPECT_EQ(abs(Quantity(-0.25)), Quantity(0.25));
  EXPECT_LT(Quantity(1), Quantity(2));
  EXPECT_EQ(kDay, kMinute * 1440);
}

TEST(Units, CostNothing) {
  static_assert(sizeof(Price) == sizeof(double) && std::is_trivially_copyable_v<Price>);
  static_assert(sizeof(Money) == sizeof(double) && std::is_trivially_copyable_v<Money>);
  static_assert(sizeof(Timestamp) == sizeof(std::int64_t) && std::is_trivially_copyable_v<Timestamp>);
  static_assert((Price(2) * Quantity(3)).value == 6);
}

}  // namespace
}  // namespace hftsim
