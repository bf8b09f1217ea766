#include "engine/portfolio/account.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/core/errors.h"
#include "engine/core/rng.h"
#include "tests/portfolio/fills.h"

namespace hftsim {
namespace {

const std::vector<Instrument> kOne(1);
const std::vector<Instrument> kThree(3);

TEST(Account, RefusesCapitalThatIsNotPositive) {
  EXPECT_THROW(Account(Money(0), kOne), BadInput);
  EXPECT_THROW(Account(Money(-1), kOne), BadInput);
  EXPECT_THROW(Account(Money(std::numeric_limits<double>::quiet_NaN()), kOne), BadInput);
}

TEST(Account, BuyingTakesNotionalAndFeeSellingAddsNotionalLessFee) {
  Account account(Money(1000), kOne);
  account.apply(fill_of(Side::buy, 2, 100, 0.2));
  EXPECT_DOUBLE_EQ(account.cash().value, 799.8);
  account.apply(fill_of(Side::sell, 1, 120, 0.12));
  EXPECT_DOUBLE_EQ(account.cash().value, 919.68);
  EXPECT_DOUBLE_EQ(account.fees().value, 0.32);
  EXPECT_DOUBLE_EQ(account.realized().value, 20);
  EXPECT_DOUBLE_EQ(account.turnover().value, 320);
}

TEST(Account, EquityIsCashAndMarkedPositions) {
  Account account(Money(1000), kThree);
  account.apply(fill_of(Side::buy, 2, 100, 0, 0));
  account.apply(fill_of(Side::sell, 1, 50, 0, 2));
  account.mark(0, Price(110));
  account.mark(2, Price(60));
  EXPECT_DOUBLE_EQ(account.equity().value, 1000 + 20 - 10);
  EXPECT_DOUBLE_EQ(account.exposure().value, 220 + 60);
}

TEST(Account, AnInstrumentWithoutAMarkIsValuedAtItsFirstFill) {
  Account account(Money(1000), kOne);
  account.apply(fill_of(Side::buy, 2, 100));
  EXPECT_DOUBLE_EQ(account.equity().value, 1000);
}

TEST(Account, RoundTripCoversEveryFillFromFlatToFlat) {
  Account account(Money(1000), kOne);
  EXPECT_FALSE(account.apply(fill_of(Side::buy, 1, 100, 0.1, 0, 10)).round_trip_ended);
  account.mark(0, Price(101));
  EXPECT_FALSE(account.apply(fill_of(Side::buy, 1, 110, 0.1, 0, 20)).round_trip_ended);
  account.mark(0, Price(111));
  account.mark(0, Price(112));
  EXPECT_FALSE(account.apply(fill_of(Side::sell, 0.5, 120, 0.05, 0, 30)).round_trip_ended);
  const FillOutcome last = account.apply(fill_of(Side::sell, 1.5, 100, 0.15, 0, 40));
  ASSERT_TRUE(last.round_trip_ended);
  EXPECT_DOUBLE_EQ(last.closed.value, 1.5);
  EXPECT_DOUBLE_EQ(last.realized.value, -7.5);
  EXPECT_DOUBLE_EQ(last.round_trip.gross.value, 7.5 - 7.5);
  EXPECT_DOUBLE_EQ(last.round_trip.fees.value, 0.4);
  EXPECT_DOUBLE_EQ(last.round_trip.net().value, -0.4);
  EXPECT_DOUBLE_EQ(last.round_trip.quantity.value, 2);
  EXPECT_EQ(last.round_trip.side, Side::buy);
  EXPECT_EQ(last.round_trip.opened.value, 10);
  EXPECT_EQ(last.round_trip.closed.value, 40);
  EXPECT_EQ(last.round_trip.bars_held, 3u);
}

TEST(Account, ATurnEndsOneRoundTripAndBeginsTheNextSplittingTheFee) {
  Account account(Money(1000), kOne);
  account.apply(fill_of(Side::buy, 1, 100, 0.1));
  const FillOutcome turn = account.apply(fill_of(Side::sell, 4, 110, 0.4));
  ASSERT_TRUE(turn.round_trip_ended);
  EXPECT_DOUBLE_EQ(turn.round_trip.gross.value, 10);
  EXPECT_DOUBLE_EQ(turn.round_trip.fees.value, 0.1 + 0.1);
  const FillOutcome cover = account.apply(fill_of(Side::buy, 3, 100, 0.3));
  ASSERT_TRUE(cover.round_trip_ended);
  EXPECT_EQ(cover.round_trip.side, Side::sell);
  EXPECT_DOUBLE_EQ(cover.round_trip.quantity.value, 3);
  EXPECT_DOUBLE_EQ(cover.round_trip.gross.value, 30);
  EXPECT_DOUBLE_EQ(cover.round_trip.fees.value, 0.3 + 0.3);
}

// A list of every fill, averaged and summed anew each time, in long double.
struct NaiveAccount {
  struct Holding {
    long double quantity = 0, cost = 0, last = 0;
  };
  long double cash, realized = 0, fees = 0, turnover = 0;
  std::array<Holding, 3> holdings{};

  void apply(const ExecutionReport& fill) {
    const long double price = fill.price.value, fee = fill.fee.value;
    const long double signed_quantity = fill.quantity.value * sign_of(fill.side);
    Holding& holding = holdings[fill.instrument];
    cash -= signed_quantity * price + fee;
    fees += fee;
    turnover += std::abs(signed_quantity) * price;
    long double rest = signed_quantity;
    if (holding.quantity * rest < 0) {
      const long double closed = std::min(std::abs(rest), std::abs(holding.quantity));
      const long double average = holding.cost / holding.quantity;
      const long double direction = holding.quantity > 0 ? 1 : -1;
      realized += direction * closed * (price - average);
      holding.quantity -= direction * closed;
      holding.cost = holding.quantity * average;
      rest += direction * closed;
    }
    holding.quantity += rest;
    holding.cost += rest * price;
    if (std::abs(holding.quantity) < 1e-8L) holding.quantity = holding.cost = 0;
    if (holding.last == 0) holding.last = price;
  }

  long double equity() const {
    long double sum = cash;
    for (const Holding& holding : holdings) sum += holding.quantity * holding.last;
    return sum;
  }
};

ExecutionReport random_fill(RandomStream& random, const Account& account, double price) {
  const auto instrument = static_cast<InstrumentId>(random.below(3));
  const Side side = random.below(2) == 0 ? Side::buy : Side::sell;
  const double held = account.position(instrument).quantity.value;
  const double sizes[] = {0.001, 0.01 + random.uniform(), std::abs(held), std::abs(held) / 3,
                          2 * std::abs(held)};
  double quantity = std::min(sizes[random.below(5)], 5.0);
  if (quantity < 1e-6) quantity = 0.5;
  return fill_of(side, quantity, price, quantity * price * 0.001, instrument);
}

TEST(Account, EqualsTheNaiveAccountOverRandomFillsAndMarks) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    RandomStream random(seed, "account");
    Account account(Money(1e6), kThree);
    NaiveAccount naive{.cash = 1e6};
    double price = 100, gross = 0, trip_fees = 0;
    for (int step = 0; step < 5000; ++step) {
      price *= 1 + 0.002 * random.normal();
      if (random.below(3) == 0) {
        const auto instrument = static_cast<InstrumentId>(random.below(3));
        account.mark(instrument, Price(price));
        naive.holdings[instrument].last = price;
        continue;
      }
      const ExecutionReport fill = random_fill(random, account, price);
      const FillOutcome outcome = account.apply(fill);
      naive.apply(fill);
      if (outcome.round_trip_ended) {
        gross += outcome.round_trip.gross.value;
        trip_fees += outcome.round_trip.fees.value;
      }
      ASSERT_NEAR(account.equity().value, static_cast<double>(naive.equity()), 1e-5) << seed << ' ' << step;
      ASSERT_NEAR(account.realized().value, static_cast<double>(naive.realized), 1e-5);
    }
    EXPECT_NEAR(account.cash().value, static_cast<double>(naive.cash), 1e-5);
    EXPECT_NEAR(account.fees().value, static_cast<double>(naive.fees), 1e-6);
    EXPECT_NEAR(account.turnover().value / static_cast<double>(naive.turnover), 1, 1e-12);
    for (InstrumentId i = 0; i < 3; ++i) {
      const double held = account.position(i).quantity.value;
      EXPECT_NEAR(held, static_cast<double>(naive.holdings[i].quantity), 1e-8);
      if (held == 0) continue;
      // What is still open closes at the mark: then round trips hold all realised profit and all fees.
      const Side side = held > 0 ? Side::sell : Side::buy;
      const FillOutcome outcome = account.apply(fill_of(side, std::abs(held), price, 0, i));
      ASSERT_TRUE(outcome.round_trip_ended);
      gross += outcome.round_trip.gross.value;
      trip_fees += outcome.round_trip.fees.value;
    }
    EXPECT_NEAR(gross, account.realized().value, 1e-5);
    EXPECT_NEAR(trip_fees, account.fees().value, 1e-6);
    EXPECT_NEAR(account.cash().value, 1e6 + account.realized().value - account.fees().value, 1e-4);
    EXPECT_EQ(account.exposure().value, 0);
  }
}

TEST(Account, CashAndPositionsConserveMoneyWhateverIsFilledAtTheMark) {
  RandomStream random(7, "conservation");
  Account account(Money(1e5), kThree);
  for (InstrumentId i = 0; i < 3; ++i) account.mark(i, Price(50.0 + i));
  for (int step = 0; step < 10000; ++step) {
    const auto i = static_cast<InstrumentId>(random.below(3));
    const Side side = random.below(2) == 0 ? Side::buy : Side::sell;
    account.apply(fill_of(side, 0.01 + random.uniform(), 50.0 + i, 0, i));
  }
  EXPECT_NEAR(account.equity().value, 1e5, 1e-6);
}

}  // namespace
}  // namespace hftsim
