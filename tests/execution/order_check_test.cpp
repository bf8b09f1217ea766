#include "engine/execution/order_check.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/execution/venue_bench.h"

namespace hftsim {
namespace {

using namespace test;
constexpr double kInf = std::numeric_limits<double>::infinity();

TEST(OrderCheck, AcceptsEveryTypeWithThePricesItNeeds) {
  for (const OrderRequest& request :
       {market(Side::buy, 1), limit(Side::buy, 1, 99), stop(Side::sell, 1, 98),
        stop_limit(Side::sell, 1, 98, 97), take_profit(Side::sell, 1, 105), trailing_stop(Side::sell, 1, 2),
        with_bracket(market(Side::buy, 1), 98, 105), with_bracket(market(Side::sell, 1), 105, 98),
        with_bracket(market(Side::buy, 1), kNoPrice, 105)}) {
    EXPECT_EQ(check_request(request), Reason::none);
  }
}

TEST(OrderCheck, RefusesPricesThatAreMissingInfiniteOrNotPositive) {
  for (const double bad : {0.0, -1.0, kInf, kNoPrice}) {
    EXPECT_EQ(check_request(limit(Side::buy, 1, bad)), Reason::invalid_price);
    EXPECT_EQ(check_request(stop(Side::buy, 1, bad)), Reason::invalid_price);
    EXPECT_EQ(check_request(take_profit(Side::buy, 1, bad)), Reason::invalid_price);
    EXPECT_EQ(check_request(stop_limit(Side::buy, 1, bad, 100)), Reason::invalid_price);
    EXPECT_EQ(check_request(stop_limit(Side::buy, 1, 100, bad)), Reason::invalid_price);
    EXPECT_EQ(check_request(trailing_stop(Side::buy, 1, bad)), Reason::invalid_price);
  }
  EXPECT_EQ(check_request(with_bracket(market(Side::buy, 1), -1, 105)), Reason::invalid_price);
  EXPECT_EQ(check_request(with_bracket(market(Side::buy, 1), 98, kInf)), Reason::invalid_price);
}

TEST(OrderCheck, RefusesABracketWhoseStopLiesOnTheWinningSide) {
  EXPECT_EQ(check_request(with_bracket(market(Side::buy, 1), 105, 98)), Reason::invalid_price);
  EXPECT_EQ(check_request(with_bracket(market(Side::sell, 1), 98, 105)), Reason::invalid_price);
}

TEST(OrderCheck, RefusesQuantitiesThatAreNotFiniteAndPositive) {
  for (const double bad : {0.0, -1.0, kInf, kNoPrice}) {
    EXPECT_EQ(check_request(market(Side::buy, bad)), Reason::invalid_quantity);
  }
  OrderRequest weight = market(Side::buy, 0);
  weight.rule = QuantityRule::target_weight;
  EXPECT_EQ(check_request(weight), Reason::none);
  weight.target_weight = kNoPrice;
  EXPECT_EQ(check_request(weight), Reason::invalid_quantity);
}

TEST(OrderCheck, RefusesPostOnlyOnWhatAlwaysTakes) {
  OrderRequest request = market(Side::buy, 1);
  request.post_only = true;
  EXPECT_EQ(check_request(request), Reason::post_only_would_take);
}

}  // namespace
}  // namespace hftsim
