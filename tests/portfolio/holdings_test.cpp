#include "engine/portfolio/holdings.h"

#include <gtest/gtest.h>

#include "tests/portfolio/fills.h"

namespace hftsim {
namespace {

Holdings two_of_three() {
  Holdings holdings(Money(1000), 3);
  holdings.apply(fill_of(Side::buy, 2, 100, 0.5, 0));
  holdings.apply(fill_of(Side::sell, 1, 50, 0.25, 1));
  holdings.mark(0, Price(103.7));
  holdings.mark(1, Price(51.3));
  return holdings;
}

TEST(Holdings, WorthIsCashAndMarkedPositions) {
  const Holdings::Worth worth = two_of_three().worth();
  EXPECT_DOUBLE_EQ(worth.equity.value, 1000 - 0.75 + 7.4 - 1.3);
  EXPECT_DOUBLE_EQ(worth.exposure.value, 207.4 + 51.3);
}

TEST(Holdings, EquityAtAnotherPriceMovesOneInstrumentOnly) {
  const Holdings holdings = two_of_three();
  EXPECT_EQ(holdings.equity_at(1, Price(51.3)), holdings.worth().equity);
  EXPECT_DOUBLE_EQ(holdings.equity_at(0, Price(90)).value, 1000 - 0.75 - 20 - 1.3);
}

TEST(Holdings, AnInstrumentWithoutAMarkIsValuedAtItsFirstFill) {
  Holdings holdings(Money(1000), 1);
  holdings.apply(fill_of(Side::buy, 2, 100));
  holdings.apply(fill_of(Side::buy, 1, 110));
  EXPECT_DOUBLE_EQ(holdings.worth().equity.value, 1000 - 10);
}

}  // namespace
}  // namespace hftsim
