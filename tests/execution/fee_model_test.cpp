#include "engine/execution/fee_model.h"

#include <gtest/gtest.h>

namespace hftsim {
namespace {

TEST(FeeModel, ChargesTheNotionalAtTheRateOfTheLiquidity) {
  const FeeModel fees{0.0002, 0.001};
  EXPECT_DOUBLE_EQ(fees.fee(Quantity(2), Price(500), Liquidity::maker).value, 0.2);
  EXPECT_DOUBLE_EQ(fees.fee(Quantity(-2), Price(500), Liquidity::taker).value, 1.0);
}

TEST(FeeModel, ANegativeRateIsARebate) {
  EXPECT_LT((FeeModel{-0.0001, 0}.fee(Quantity(1), Price(100), Liquidity::maker).value), 0);
}

}  // namespace
}  // namespace hftsim
