// What the account has a say in: quantities by rule, funds, reduce-only.
#include <gtest/gtest.h>

#include "tests/execution/venue_bench.h"

namespace hftsim {
namespace {

using namespace test;

OrderRequest by_weight(Side side, double weight) {
  OrderRequest request = market(side, 0);
  request.rule = QuantityRule::target_weight;
  request.target_weight = weight;
  return request;
}
OrderRequest closing(Side side) {
  OrderRequest request = market(side, 0);
  request.rule = QuantityRule::close_position;
  return request;
}
OrderRequest reducing(OrderRequest request) {
  request.reduce_only = true;
  return request;
}

TEST(BarVenueAccount, AWeightIsWorkedOutAtTheFillPrice) {
  VenueBench bench;
  bench.ledger.cash = 10000;
  bench.flat_bar(100);
  bench.send(by_weight(Side::buy, 0.5));
  bench.flat_bar(125);
  ASSERT_EQ(bench.fills().size(), 1u);
  EXPECT_DOUBLE_EQ(bench.fills()[0].quantity.value, 5000.0 / 125);
}

TEST(BarVenueAccount, AWeightThatIsHeldAlreadyIsRejected) {
  VenueBench bench;
  bench.ledger.cash = 10000;
  bench.flat_bar(100);
  const OrderId first = bench.send(by_weight(Side::buy, 0.5)),
                second = bench.send(by_weight(Side::buy, 0.25));
  bench.flat_bar(100);
  EXPECT_EQ(bench.story(first), "accepted filled");
  EXPECT_EQ(bench.story(second), "accepted rejected:target_already_held")
      << "the second order sees the first one's fill at the same open";
}

TEST(BarVenueAccount, APartlyFilledWeightKeepsTheQuantityOfItsFirstFill) {
  BarVenueConfig config;
  config.participation = 0.1;
  VenueBench bench(config);
  bench.ledger.cash = 10000;
  bench.flat_bar(100);
  bench.send(by_weight(Side::buy, 0.5));
  bench.flat_bar(100, 300);
  EXPECT_EQ(bench.fills()[0].remaining, Quantity(20));
  bench.flat_bar(50, 300);
  EXPECT_EQ(bench.fills()[1].quantity, Quantity(20));
  EXPECT_TRUE(bench.fills()[1].order_done);
}

TEST(BarVenueAccount, ClosingTakesTheWholePositionOfThatMoment) {
  VenueBench bench;
  bench.flat_bar(100);
  bench.send(market(Side::buy, 3));
  bench.send(closing(Side::sell));
  const OrderId nothing = bench.send(closing(Side::sell));
  bench.flat_bar(100);
  EXPECT_EQ(bench.fills()[1].quantity, Quantity(3));
  EXPECT_EQ(bench.story(nothing), "accepted rejected:nothing_to_reduce");
}

TEST(BarVenueAccount, AnOrderThatCashDoesNotCoverIsRejectedWithFeesCounted) {
  BarVenueConfig config;
  config.fees.taker_fee = 0.01;
  VenueBench bench(config);
  bench.ledger.cash = 1000;
  bench.flat_bar(100);
  const OrderId too_much = bench.send(market(Side::buy, 10)), covered = bench.send(market(Side::buy, 9.9));
  bench.flat_bar(100);
  EXPECT_EQ(bench.story(too_much), "accepted rejected:insufficient_cash");
  EXPECT_EQ(bench.story(covered), "accepted filled");
  EXPECT_EQ(bench.of(too_much)[1].remaining, Quantity(10));
}

TEST(BarVenueAccount, CashThatRunsOutBetweenPartialFillsCancelsTheRest) {
  BarVenueConfig config;
  config.participation = 0.1;
  VenueBench bench(config);
  bench.ledger.cash = 1500;
  bench.flat_bar(100);
  const OrderId id = bench.send(market(Side::buy, 20));
  bench.flat_bar(100, 100);
  bench.flat_bar(100, 100);
  EXPECT_EQ(bench.story(id), "accepted filled cancelled:insufficient_cash");
  EXPECT_EQ(bench.log.back().remaining, Quantity(10));
}

TEST(BarVenueReduceOnly, NeverTakesMoreThanThePosition) {
  VenueBench bench;
  bench.flat_bar(100);
  bench.send(market(Side::buy, 2));
  const OrderId id = bench.send(reducing(market(Side::sell, 5)));
  bench.flat_bar(100);
  EXPECT_EQ(bench.fills_of(id)[0].quantity, Quantity(2));
  EXPECT_TRUE(bench.fills_of(id)[0].order_done);
  EXPECT_EQ(bench.ledger.position(0), Quantity(0));
}

TEST(BarVenueReduceOnly, WithNothingToReduceIsRejectedWhenItWouldFillNotBefore) {
  VenueBench bench;
  bench.flat_bar(100);
  const OrderId early = bench.send(reducing(stop(Side::sell, 1, 98)));
  const OrderId adds = bench.send(reducing(market(Side::buy, 1)));
  bench.flat_bar(100);
  EXPECT_EQ(bench.story(early), "accepted");
  EXPECT_EQ(bench.story(adds), "accepted rejected:nothing_to_reduce");
  bench.bar(100, 101, 97, 98);
  EXPECT_EQ(bench.story(early), "accepted triggered rejected:nothing_to_reduce");
}

TEST(BarVenueReduceOnly, ItsRestGoesWhenThePositionIsGone) {
  BarVenueConfig config;
  config.participation = 0.1;
  VenueBench bench(config);
  bench.flat_bar(100);
  bench.send(market(Side::buy, 10));
  bench.flat_bar(100, 100);
  const OrderId id = bench.send(reducing(market(Side::sell, 10)));
  bench.flat_bar(100, 50);
  bench.send(market(Side::buy, 1));
  bench.flat_bar(100, 0);
  EXPECT_EQ(bench.fills_of(id)[0].remaining, Quantity(5));
  const OrderId closes = bench.send(market(Side::sell, 5));
  bench.flat_bar(100, 1000);
  EXPECT_EQ(bench.fills_of(closes).size(), 1u);
  EXPECT_EQ(bench.fills_of(id)[1].quantity, Quantity(5));
}

TEST(BarVenueRequests, WhatMakesNoSenseIsRejectedOnArrival) {
  VenueBench bench;
  bench.flat_bar(100);
  const OrderId price = bench.send(limit(Side::buy, 1, -5)), quantity = bench.send(market(Side::buy, 0));
  bench.flat_bar(100);
  EXPECT_EQ(bench.story(price), "rejected:invalid_price");
  EXPECT_EQ(bench.story(quantity), "rejected:invalid_quantity");
}

}  // namespace
}  // namespace hftsim
