// When orders meet quotes, books and trades, and for how much.
#include "engine/execution/tick_venue.h"

#include <gtest/gtest.h>

#include "engine/core/errors.h"
#include "tests/execution/tick_bench.h"

namespace hftsim {
namespace {

using namespace test;

BarVenueConfig with_fees() {
  BarVenueConfig config;
  config.fees.maker_fee = 0.001;
  config.fees.taker_fee = 0.002;
  return config;
}

TEST(TickVenue, AMarketOrderTakesTheStandingQuoteAtOnce) {
  TickBench bench(FillOn::quotes, with_fees());
  bench.at(1);
  bench.quote(99, 5, 101, 4);
  bench.at(2);
  const OrderId buy = bench.decide(market(Side::buy, 3)), sell = bench.decide(market(Side::sell, 2));
  ASSERT_EQ(bench.fills_of(buy).size(), 1U);
  EXPECT_DOUBLE_EQ(bench.fills_of(buy)[0].price.value, 101);
  EXPECT_DOUBLE_EQ(bench.fills_of(buy)[0].fee.value, 3 * 101 * 0.002);
  EXPECT_EQ(bench.fills_of(buy)[0].ts.value, 2 * kSecondNs);
  ASSERT_EQ(bench.fills_of(sell).size(), 1U);
  EXPECT_DOUBLE_EQ(bench.fills_of(sell)[0].price.value, 99);
}

TEST(TickVenue, WithLatencyItMeetsWhatStandsAsItArrives) {
  TickBench bench(FillOn::quotes, {}, {Duration(0), Duration(kSecondNs), Duration(kSecondNs)});
  bench.quote(99, 5, 101, 5);
  bench.at(1);
  const OrderId buy = bench.decide(market(Side::buy, 1));  // arrives at 2
  bench.at(1.5);
  bench.quote(99, 5, 102, 5);
  bench.at(2.5);
  EXPECT_TRUE(bench.fills().empty());
  bench.quote(99, 5, 110, 5);  // stands from 2.5 on only
  ASSERT_EQ(bench.fills_of(buy).size(), 1U);
  EXPECT_DOUBLE_EQ(bench.fills_of(buy)[0].price.value, 102);
  EXPECT_EQ(bench.fills_of(buy)[0].ts.value, 2 * kSecondNs);
  EXPECT_EQ(bench.fills_of(buy)[0].known_at.value, 3 * kSecondNs);
}

TEST(TickVenue, AnotherInstrumentsEventMovesTheClock) {
  TickBench bench(FillOn::quotes, {}, {Duration(0), Duration(kSecondNs), Duration(0)});
  bench.quote(99, 5, 101, 5);
  const OrderId buy = bench.decide(market(Side::buy, 1));
  bench.at(3);
  bench.quote(1, 1, 2, 1, 1);
  ASSERT_EQ(bench.fills_of(buy).size(), 1U);
  EXPECT_EQ(bench.fills_of(buy)[0].ts.value, kSecondNs);
}

TEST(TickVenue, NoMoreThanStandsThereAndTheRestTakesTheNextQuote) {
  TickBench bench;
  bench.quote(99, 5, 101, 2);
  const OrderId first = bench.decide(market(Side::buy, 1.5)), second = bench.decide(market(Side::buy, 1.5));
  EXPECT_DOUBLE_EQ(bench.filled(first), 1.5);
  EXPECT_DOUBLE_EQ(bench.filled(second), 0.5) << "the first has taken 1.5 of 2";
  bench.quote(99, 5, 103, 2);
  EXPECT_DOUBLE_EQ(bench.filled(second), 1.5);
  EXPECT_DOUBLE_EQ(bench.fills_of(second)[1].price.value, 103);
}

TEST(TickVenue, ParticipationIsAShareOfWhatStands) {
  BarVenueConfig config;
  config.participation = 0.25;
  TickBench bench(FillOn::quotes, config);
  bench.quote(99, 4, 101, 4);
  const OrderId buy = bench.decide(market(Side::buy, 3));
  EXPECT_DOUBLE_EQ(bench.filled(buy), 1);
}

TEST(TickVenue, TheSpreadOfAQuoteIsNotPaidTwiceAndSlippageIs) {
  BarVenueConfig config;
  config.half_spread_bps = 100;
  config.slippage_bps = 10;
  TickBench quotes(FillOn::quotes, config);
  quotes.quote(99, 5, 100, 5);
  const OrderId buy = quotes.decide(market(Side::buy, 1));
  EXPECT_DOUBLE_EQ(quotes.fills_of(buy)[0].price.value, 100 * 1.001);

  TickBench trades(FillOn::trades, config);
  const OrderId on_trade = trades.decide(market(Side::buy, 1));
  trades.trade(100, 5);
  EXPECT_DOUBLE_EQ(trades.fills_of(on_trade)[0].price.value, 100 * 1.011);
}

TEST(TickVenue, WhereTheQuoteIsNotKnownOrdersWait) {
  TickBench bench;
  const OrderId early = bench.decide(market(Side::buy, 1));
  EXPECT_TRUE(bench.fills().empty());
  bench.quote(99, 5, 101, 5);
  EXPECT_EQ(bench.fills_of(early).size(), 1U);

  bench.mark(SessionMark::disconnected);
  const OrderId cut_off = bench.decide(market(Side::buy, 1));
  const OrderId immediate = bench.decide(with(limit(Side::buy, 1, 50), TimeInForce::ioc));
  EXPECT_EQ(bench.story(cut_off), "accepted");
  EXPECT_EQ(bench.story(immediate), "accepted") << "nobody knows what it would meet";
  bench.mark(SessionMark::connected);
  EXPECT_EQ(bench.story(cut_off), "accepted");
  bench.quote(104, 5, 105, 5);
  EXPECT_DOUBLE_EQ(bench.fills_of(cut_off)[0].price.value, 105);
  EXPECT_EQ(bench.story(immediate), "accepted cancelled:ioc_remainder");
}

TEST(TickVenue, AGapOfAnotherStreamLeavesTheQuoteStanding) {
  TickBench bench;
  bench.quote(99, 5, 101, 5);
  bench.mark(SessionMark::gap, EventKind::trade);
  EXPECT_EQ(bench.fills_of(bench.decide(market(Side::buy, 1))).size(), 1U);
  bench.mark(SessionMark::gap, EventKind::quote);
  EXPECT_EQ(bench.fills_of(bench.decide(market(Side::buy, 1))).size(), 0U);
}

TEST(TickVenue, AQuoteWithoutASizeOffersNothing) {
  TickBench bench;
  bench.quote(99, 5, 0, 0);
  const OrderId buy = bench.decide(market(Side::buy, 1));
  const OrderId ioc = bench.decide(with(market(Side::buy, 1), TimeInForce::ioc));
  EXPECT_EQ(bench.story(buy), "accepted");
  EXPECT_EQ(bench.story(ioc), "accepted cancelled:ioc_remainder");
}

TEST(TickVenue, AMarketableLimitTakesUpToItsLimitAndTheRestMakes) {
  TickBench bench(FillOn::quotes, with_fees());
  bench.quote(99, 5, 101, 2);
  const OrderId buy = bench.decide(limit(Side::buy, 3, 102));
  bench.quote(99, 5, 103, 2);  // beyond the limit
  bench.trade(101.5, 0.4);     // through the limit
  ASSERT_EQ(bench.fills_of(buy).size(), 2U);
  EXPECT_DOUBLE_EQ(bench.fills_of(buy)[0].price.value, 101);
  EXPECT_EQ(bench.fills_of(buy)[0].liquidity, Liquidity::taker);
  EXPECT_DOUBLE_EQ(bench.fills_of(buy)[1].price.value, 102);
  EXPECT_DOUBLE_EQ(bench.fills_of(buy)[1].quantity.value, 0.4);
  EXPECT_EQ(bench.fills_of(buy)[1].liquidity, Liquidity::maker);
}

TEST(TickVenue, ALimitMakesWhenATradeGoesThroughItAndWithTouchWhenOneIsAtIt) {
  for (const LimitFill rule : {LimitFill::through, LimitFill::touch}) {
    BarVenueConfig config;
    config.limit_fill = rule;
    TickBench bench(FillOn::quotes, config);
    bench.quote(99, 5, 101, 5);
    const OrderId buy = bench.decide(limit(Side::buy, 1, 99));
    bench.trade(99, 0.25, Side::buy);  // somebody bought at 99: nobody hit the bid
    EXPECT_TRUE(bench.fills().empty());
    bench.trade(99, 0.25, Side::sell);
    EXPECT_DOUBLE_EQ(bench.filled(buy), rule == LimitFill::touch ? 0.25 : 0) << name_of(rule);
    bench.trade(98.99, 10, Side::sell);
    EXPECT_DOUBLE_EQ(bench.filled(buy), 1);
    EXPECT_DOUBLE_EQ(bench.fills_of(buy).back().price.value, 99);
  }
}

TEST(TickVenue, ALimitMakesWhenTheOtherSideHasComeToIt) {
  TickBench bench;
  bench.quote(99, 5, 101, 5);
  const OrderId buy = bench.decide(limit(Side::buy, 3, 100));
  bench.quote(99.5, 5, 100, 1);
  EXPECT_DOUBLE_EQ(bench.filled(buy), 1);
  EXPECT_EQ(bench.fills_of(buy)[0].liquidity, Liquidity::maker);
}

TEST(TickVenue, MakersShareATradeInTheOrderOfTheirArrival) {
  TickBench bench;
  bench.quote(99, 5, 101, 5);
  const OrderId first = bench.decide(limit(Side::buy, 1, 98)), second = bench.decide(limit(Side::buy, 1, 99));
  bench.trade(97, 1.5);
  EXPECT_DOUBLE_EQ(bench.filled(first), 1);
  EXPECT_DOUBLE_EQ(bench.filled(second), 0.5);
}

TEST(TickVenue, ATradeFillsOnlyWhatHadArrivedWhenItHappened) {
  TickBench bench;
  bench.at(10);
  bench.quote(99, 5, 101, 5);
  const OrderId buy = bench.decide(limit(Side::buy, 1, 99));
  bench.at(9);  // it comes late
  bench.trade(98, 1, Side::sell, kLate);
  EXPECT_TRUE(bench.fills().empty());
  bench.at(10);
  bench.trade(98, 1);
  EXPECT_EQ(bench.fills_of(buy).size(), 1U);
}

TEST(TickVenue, WhatIsNotOfTheBookFillsNothing) {
  TickBench bench;
  bench.quote(99, 5, 101, 5);
  bench.decide(limit(Side::buy, 1, 99));
  bench.trade(90, 1, Side::sell, kOffBook);
  EXPECT_TRUE(bench.fills().empty());
}

TEST(TickVenue, PostOnlyIsRejectedWhereItWouldTake) {
  TickBench bench;
  bench.quote(99, 5, 101, 5);
  OrderRequest request = limit(Side::buy, 1, 101);
  request.post_only = true;
  EXPECT_EQ(bench.story(bench.decide(request)), "accepted rejected:post_only_would_take");
}

TEST(TickVenue, AStopIsTriggeredByATradeAndTakesTheQuote) {
  TickBench bench;
  bench.quote(99, 5, 101, 5);
  const OrderId sell = bench.decide(stop(Side::sell, 1, 98));
  bench.quote(97, 5, 98, 5);  // quotes trigger nothing
  EXPECT_EQ(bench.story(sell), "accepted");
  bench.trade(98, 0.1);
  EXPECT_EQ(bench.story(sell), "accepted triggered filled");
  EXPECT_DOUBLE_EQ(bench.fills_of(sell)[0].price.value, 97);
}

TEST(TickVenue, ATrailingStopFollowsTheTrades) {
  TickBench bench;
  bench.quote(99, 5, 101, 5);
  OrderRequest request = request_of(OrderType::trailing_stop, Side::sell, 1);
  request.trail = PriceOffset(2);
  const OrderId sell = bench.decide(request);
  for (const double price : {100.0, 105.0, 103.5}) bench.trade(price, 1);
  EXPECT_EQ(bench.story(sell), "accepted");
  bench.trade(103, 1);
  EXPECT_EQ(bench.story(sell), "accepted triggered filled");
}

TEST(TickVenue, WhereTakersAreFilledOnTradesTheTriggeringOneIsNotTheirs) {
  TickBench bench(FillOn::trades);
  const OrderId sell = bench.decide(stop(Side::sell, 1, 98));
  bench.trade(97, 5);
  EXPECT_EQ(bench.story(sell), "accepted triggered");
  bench.trade(96, 0.5);
  EXPECT_DOUBLE_EQ(bench.filled(sell), 0.5);
  EXPECT_DOUBLE_EQ(bench.fills_of(sell)[0].price.value, 96);
}

TEST(TickVenue, OnTradesALimitTakesTheFirstTradeWithinItAndMakesAfterwards) {
  TickBench bench(FillOn::trades, with_fees());
  const OrderId buy = bench.decide(limit(Side::buy, 2, 100));
  bench.trade(99, 1);
  bench.trade(99, 1);
  ASSERT_EQ(bench.fills_of(buy).size(), 2U);
  EXPECT_DOUBLE_EQ(bench.fills_of(buy)[0].price.value, 99);
  EXPECT_EQ(bench.fills_of(buy)[0].liquidity, Liquidity::taker);
  EXPECT_DOUBLE_EQ(bench.fills_of(buy)[1].price.value, 100);
  EXPECT_EQ(bench.fills_of(buy)[1].liquidity, Liquidity::maker);
}

TEST(TickVenue, OnABookATakerWalksTheLevels) {
  TickBench bench(FillOn::book);
  const OrderId early = bench.decide(market(Side::sell, 1));
  bench.book({{Side::buy, 99, 1}});  // no snapshot yet: not known
  EXPECT_EQ(bench.story(early), "accepted");
  bench.book({{Side::buy, 99, 3}, {Side::buy, 98, 3}, {Side::sell, 101, 1}, {Side::sell, 102, 2}}, true);
  EXPECT_DOUBLE_EQ(bench.fills_of(early)[0].price.value, 99);

  const OrderId buy = bench.decide(market(Side::buy, 2));
  ASSERT_EQ(bench.fills_of(buy).size(), 2U);
  EXPECT_DOUBLE_EQ(bench.fills_of(buy)[0].price.value, 101);
  EXPECT_DOUBLE_EQ(bench.fills_of(buy)[1].price.value, 102);
  const OrderId next = bench.decide(with(market(Side::buy, 2), TimeInForce::ioc));
  EXPECT_DOUBLE_EQ(bench.filled(next), 1) << "behind what the first has taken";
  EXPECT_EQ(bench.story(next), "accepted filled cancelled:ioc_remainder");
  bench.book({{Side::sell, 101, 0}, {Side::sell, 102, 5}});
  EXPECT_DOUBLE_EQ(bench.fills_of(bench.decide(market(Side::buy, 1)))[0].price.value, 102);
}

TEST(TickVenue, FillOrKillTakesSeveralLevelsOrNothing) {
  TickBench bench(FillOn::book);
  bench.book({{Side::buy, 99, 3}, {Side::sell, 101, 1}, {Side::sell, 102, 2}}, true);
  const OrderId too_much = bench.decide(with(market(Side::buy, 4), TimeInForce::fok));
  EXPECT_EQ(bench.story(too_much), "accepted cancelled:fok_unfillable");
  const OrderId limited = bench.decide(with(limit(Side::buy, 3, 101), TimeInForce::fok));
  EXPECT_EQ(bench.story(limited), "accepted cancelled:fok_unfillable");
  const OrderId whole = bench.decide(with(market(Side::buy, 3), TimeInForce::fok));
  EXPECT_DOUBLE_EQ(bench.filled(whole), 3);
}

TEST(TickVenue, ALostBookIsNotTradedOnUntilItsSnapshot) {
  TickBench bench(FillOn::book);
  bench.book({{Side::buy, 99, 3}, {Side::sell, 101, 3}}, true);
  bench.mark(SessionMark::gap, EventKind::book_change);
  const OrderId buy = bench.decide(market(Side::buy, 1));
  bench.book({{Side::sell, 90, 1}});
  EXPECT_EQ(bench.story(buy), "accepted");
  bench.book({{Side::buy, 104, 3}, {Side::sell, 105, 3}}, true);
  EXPECT_DOUBLE_EQ(bench.fills_of(buy)[0].price.value, 105);
}

TEST(TickVenue, ACancelThatArrivesFirstIsInTimeAndOneThatArrivesLaterIsNot) {
  TickBench bench(FillOn::quotes, {}, {Duration(0), Duration(kSecondNs), Duration(0)});
  bench.quote(99, 5, 101, 5);
  const OrderId resting = bench.decide(limit(Side::buy, 1, 99));
  bench.at(2);
  bench.quote(99, 5, 101, 5);
  bench.cancel(resting);  // arrives at 3
  bench.at(2.5);
  bench.trade(98, 0.4);
  bench.at(3.5);
  bench.trade(98, 0.4);
  EXPECT_EQ(bench.story(resting), "accepted filled cancelled:cancelled_by_strategy");
  EXPECT_DOUBLE_EQ(bench.filled(resting), 0.4);
}

TEST(TickVenue, GoodTillDateEndsInItsTime) {
  TickBench bench;
  bench.quote(99, 5, 101, 5);
  OrderRequest request = with(limit(Side::buy, 1, 99), TimeInForce::gtd);
  request.expire = Timestamp(5 * kSecondNs);
  const OrderId id = bench.decide(request);
  bench.at(6);
  bench.trade(98, 1);
  EXPECT_EQ(bench.story(id), "accepted expired:expired");
}

TEST(TickVenue, ABracketProtectsWhatWasFilledAndOneSideCancelsTheOther) {
  TickBench bench;
  bench.quote(99, 5, 101, 5);
  const OrderId entry = bench.decide(with_bracket(market(Side::buy, 1), 95, 110));
  const auto children = bench.children_of(entry);
  ASSERT_EQ(children.size(), 2U);
  bench.trade(94, 1);
  EXPECT_EQ(bench.story(children[0].order), "accepted triggered filled");
  EXPECT_EQ(bench.story(children[1].order), "accepted cancelled:oco_sibling_filled");
  EXPECT_DOUBLE_EQ(bench.ledger.position(0).value, 0);
}

TEST(TickVenue, AtTheEndEverythingIsCancelled) {
  TickBench bench(FillOn::quotes, {}, {Duration(0), Duration(kSecondNs), Duration(0)});
  bench.quote(99, 5, 101, 5);
  const OrderId under_way = bench.decide(market(Side::buy, 1));
  bench.finish();
  EXPECT_EQ(bench.story(under_way), "cancelled:end_of_data");
}

TEST(TickVenue, RefusesNumbersOutOfRange) {
  BarVenueConfig config;
  config.participation = 2;
  EXPECT_THROW(TickBench(FillOn::quotes, config), BadInput);
}

}  // namespace
}  // namespace hftsim
