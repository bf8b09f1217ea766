// Brackets and one-cancels-the-other groups, and which of two prices in one bar comes first.
#include <gtest/gtest.h>

#include "tests/execution/venue_bench.h"

namespace hftsim {
namespace {

using namespace test;

BarVenueConfig rule(IntrabarRule intrabar) {
  BarVenueConfig config;
  config.intrabar = intrabar;
  return config;
}

// Long 2 at 100 with a stop at 98 and a target at 105.
struct LongWithBracket {
  explicit LongWithBracket(BarVenueConfig config = {}) : bench(config) {
    bench.flat_bar(100);
    entry = bench.send(with_bracket(market(Side::buy, 2), 98, 105));
    bench.flat_bar(100);
    const auto children = bench.children_of(entry);
    stop_id = children.at(0).order;
    target_id = children.at(1).order;
  }
  VenueBench bench;
  OrderId entry = 0, stop_id = 0, target_id = 0;
};

TEST(BarVenueBracket, TheEntrysFillOpensAStopAndATargetForItsQuantity) {
  const LongWithBracket trade;
  const auto children = trade.bench.children_of(trade.entry);
  ASSERT_EQ(children.size(), 2u);
  EXPECT_EQ(children[0].price, Price(98));
  EXPECT_EQ(children[1].price, Price(105));
  for (const ExecutionReport& child : children) {
    EXPECT_EQ(child.quantity, Quantity(2));
    EXPECT_EQ(child.side, Side::sell);
    EXPECT_GT(child.order, trade.entry);
    EXPECT_EQ(child.ts, trade.bench.fills()[0].ts);
  }
}

TEST(BarVenueBracket, TheStopCancelsTheTargetAndTheOtherWayRound) {
  LongWithBracket loses, wins;
  loses.bench.bar(100, 101, 97, 98);
  EXPECT_EQ(loses.bench.story(loses.stop_id), "accepted triggered filled");
  EXPECT_EQ(loses.bench.story(loses.target_id), "accepted cancelled:oco_sibling_filled");
  EXPECT_EQ(loses.bench.fills().back().price, Price(98));
  wins.bench.bar(100, 106, 99, 105);
  EXPECT_EQ(wins.bench.story(wins.target_id), "accepted triggered filled");
  EXPECT_EQ(wins.bench.story(wins.stop_id), "accepted cancelled:oco_sibling_filled");
  EXPECT_EQ(wins.bench.fills().back().price, Price(105));
  EXPECT_EQ(wins.bench.ledger.position(0), Quantity(0));
}

TEST(BarVenueBracket, WhenOneBarReachesBothThePessimisticRuleTakesTheStop) {
  LongWithBracket trade;
  trade.bench.bar(104, 106, 97, 100);
  EXPECT_EQ(trade.bench.fills().back().order, trade.stop_id);
}

TEST(BarVenueBracket, WhenOneBarReachesBothThePathDecides) {
  LongWithBracket up(rule(IntrabarRule::path)), down(rule(IntrabarRule::path));
  up.bench.bar(104, 106, 97, 100);
  EXPECT_EQ(up.bench.fills().back().order, up.target_id);
  down.bench.bar(99, 106, 97, 100);
  EXPECT_EQ(down.bench.fills().back().order, down.stop_id);
}

TEST(BarVenueBracket, ItMayActInTheBarWhoseOpenFilledTheEntry) {
  for (const IntrabarRule intrabar : {IntrabarRule::pessimistic, IntrabarRule::path}) {
    VenueBench bench(rule(intrabar));
    bench.flat_bar(100);
    bench.send(with_bracket(market(Side::buy, 1), 98, 105));
    bench.bar(100, 106, 99, 104);
    ASSERT_EQ(bench.fills().size(), 2u);
    EXPECT_EQ(bench.fills()[1].price, Price(105));
  }
}

TEST(BarVenueBracket, AStopAlreadyPassedAtTheEntrysOpenFillsThere) {
  VenueBench bench;
  bench.flat_bar(100);
  bench.send(with_bracket(market(Side::buy, 1), 98, 105));
  bench.bar(96, 97, 95, 96);
  ASSERT_EQ(bench.fills().size(), 2u);
  EXPECT_EQ(bench.fills()[1].price, Price(96));
  EXPECT_EQ(bench.fills()[1].ts, bench.now() - kMinute);
}

TEST(BarVenueBracket, AfterAnEntryInsideTheBarPessimisticMayLoseInItButNotWin) {
  VenueBench loses, waits;
  for (VenueBench* bench : {&loses, &waits}) {
    bench->flat_bar(100);
    bench->send(with_bracket(limit(Side::buy, 1, 99), 98, 105));
  }
  loses.bar(100, 106, 97, 104);
  ASSERT_EQ(loses.fills().size(), 2u);
  EXPECT_EQ(loses.fills()[1].price, Price(98));
  waits.bar(100, 106, 98.5, 104);
  ASSERT_EQ(waits.fills().size(), 1u);
  waits.bar(104, 106, 103, 104);
  ASSERT_EQ(waits.fills().size(), 2u);
  EXPECT_EQ(waits.fills()[1].price, Price(105));
}

TEST(BarVenueBracket, AfterAnEntryInsideTheBarThePathGoesOnFromThere) {
  VenueBench wins(rule(IntrabarRule::path)), waits(rule(IntrabarRule::path));
  for (VenueBench* bench : {&wins, &waits}) {
    bench->flat_bar(100);
    bench->send(with_bracket(limit(Side::buy, 1, 99), 98, 105));
  }
  wins.bar(100, 106, 98.5, 104);  // down to 98.5 first, then up
  ASSERT_EQ(wins.fills().size(), 2u);
  EXPECT_EQ(wins.fills()[1].price, Price(105));
  waits.bar(104, 106, 98.5, 104);  // up first: the target's price came before the entry's
  EXPECT_EQ(waits.fills().size(), 1u);
}

TEST(BarVenueBracket, AShortsBracketIsMirrored) {
  VenueBench bench;
  bench.flat_bar(100);
  const OrderId entry = bench.send(with_bracket(market(Side::sell, 1), 102, 95));
  bench.bar(100, 101, 94, 96);
  EXPECT_EQ(bench.fills().back().price, Price(95));
  EXPECT_EQ(bench.fills().back().parent, entry);
  EXPECT_EQ(bench.ledger.position(0), Quantity(0));
}

TEST(BarVenueBracket, OneSideMayBeAbsent) {
  VenueBench bench;
  bench.flat_bar(100);
  const OrderId entry = bench.send(with_bracket(market(Side::buy, 1), kNoPrice, 105));
  bench.flat_bar(100);
  ASSERT_EQ(bench.children_of(entry).size(), 1u);
  bench.bar(100, 105, 90, 100);
  EXPECT_EQ(bench.fills().back().price, Price(105));
}

TEST(BarVenueBracket, GoesWhenSomethingElseClosesThePosition) {
  LongWithBracket trade;
  trade.bench.send(market(Side::sell, 2));
  trade.bench.bar(100, 106, 97, 100);
  EXPECT_EQ(trade.bench.story(trade.stop_id), "accepted cancelled:position_closed");
  EXPECT_EQ(trade.bench.story(trade.target_id), "accepted cancelled:position_closed");
  EXPECT_EQ(trade.bench.fills().size(), 2u);
}

TEST(BarVenueBracket, GoesWhenThePositionChangesSides) {
  LongWithBracket trade;
  trade.bench.send(market(Side::sell, 5));
  trade.bench.flat_bar(100);
  EXPECT_EQ(trade.bench.story(trade.stop_id), "accepted cancelled:position_closed");
  EXPECT_EQ(trade.bench.ledger.position(0), Quantity(-3));
}

TEST(BarVenueBracket, StaysAndShrinksWhenThePositionIsOnlyReduced) {
  LongWithBracket trade;
  trade.bench.send(market(Side::sell, 1.5));
  trade.bench.flat_bar(100);
  EXPECT_EQ(trade.bench.story(trade.stop_id), "accepted");
  trade.bench.bar(100, 101, 97, 98);
  EXPECT_EQ(trade.bench.fills().back().quantity, Quantity(0.5));
  EXPECT_TRUE(trade.bench.fills().back().order_done);
}

TEST(BarVenueBracket, IsNotOpenedForAFillThatOnlyClosesTheOppositePosition) {
  VenueBench bench;
  bench.flat_bar(100);
  bench.send(market(Side::sell, 2));
  const OrderId entry = bench.send(with_bracket(market(Side::buy, 2), 98, 105));
  bench.flat_bar(100);
  EXPECT_TRUE(bench.children_of(entry).empty());
}

TEST(BarVenueBracket, EveryPartialFillOpensItsOwnPair) {
  BarVenueConfig config;
  config.participation = 0.1;
  VenueBench bench(config);
  bench.flat_bar(100);
  const OrderId entry = bench.send(with_bracket(market(Side::buy, 150), 98, 105));
  bench.flat_bar(100, 1000);
  bench.flat_bar(100, 1000);
  const auto children = bench.children_of(entry);
  ASSERT_EQ(children.size(), 4u);
  EXPECT_EQ(children[0].quantity, Quantity(100));
  EXPECT_EQ(children[2].quantity, Quantity(50));
  bench.bar(100, 101, 97, 98, 10000);
  EXPECT_EQ(bench.ledger.position(0), Quantity(0));
  EXPECT_EQ(bench.story(children[0].order), "accepted triggered filled");
  EXPECT_EQ(bench.story(children[2].order), "accepted triggered filled");
  EXPECT_EQ(bench.story(children[3].order), "accepted cancelled:oco_sibling_filled");
}

TEST(BarVenueBracket, ATriggeredStopThatTheVolumeCapCutsGoesOnAtTheNextOpen) {
  BarVenueConfig config;
  config.participation = 0.1;
  VenueBench bench(config);
  bench.flat_bar(100);
  const OrderId entry = bench.send(with_bracket(market(Side::buy, 100), 98, 105));
  bench.flat_bar(100, 1000);
  bench.bar(100, 101, 97, 98, 600);
  bench.flat_bar(96, 1000);
  const OrderId stop_id = bench.children_of(entry)[0].order;
  EXPECT_EQ(bench.story(stop_id), "accepted triggered filled filled");
  EXPECT_EQ(bench.fills()[1].quantity, Quantity(60));
  EXPECT_EQ(bench.fills()[1].remaining, Quantity(40));
  EXPECT_EQ(bench.fills()[2].price, Price(96));
  EXPECT_EQ(bench.ledger.position(0), Quantity(0));
}

TEST(BarVenueBracket, AfterACloseFillItActsFromTheNextBarOn) {
  BarVenueConfig config;
  config.fill = FillRule::close;
  VenueBench bench(config);
  bench.bar(100, 106, 97, 100, 1000, [&] { bench.send(with_bracket(market(Side::buy, 1), 98, 105)); });
  EXPECT_EQ(bench.fills().size(), 1u);
  bench.bar(100, 101, 97, 98);
  ASSERT_EQ(bench.fills().size(), 2u);
  EXPECT_EQ(bench.fills()[1].price, Price(98));
}

OrderRequest in_group(OrderRequest request, std::uint64_t group, InstrumentId instrument = 0) {
  request.oco_group = group;
  request.instrument = instrument;
  return request;
}

TEST(BarVenueOco, AFillCancelsTheRestOfTheGroupAndNothingElse) {
  VenueBench bench;
  bench.flat_bar(100);
  const OrderId low = bench.send(in_group(limit(Side::buy, 1, 98), 7));
  const OrderId high = bench.send(in_group(stop(Side::buy, 1, 105), 7));
  const OrderId other = bench.send(in_group(stop(Side::buy, 1, 120), 8));
  bench.bar(100, 101, 97, 98);
  EXPECT_EQ(bench.story(low), "accepted filled");
  EXPECT_EQ(bench.story(high), "accepted cancelled:oco_sibling_filled");
  EXPECT_EQ(bench.story(other), "accepted");
}

TEST(BarVenueOco, APartialFillCancelsTheRestToo) {
  BarVenueConfig config;
  config.participation = 0.1;
  VenueBench bench(config);
  bench.flat_bar(100);
  const OrderId low = bench.send(in_group(limit(Side::buy, 100, 98), 7));
  const OrderId high = bench.send(in_group(stop(Side::buy, 100, 105), 7));
  bench.bar(100, 101, 97, 98, 300);
  EXPECT_EQ(bench.fills_of(low)[0].remaining, Quantity(70));
  EXPECT_EQ(bench.story(high), "accepted cancelled:oco_sibling_filled");
  bench.bar(98, 99, 97, 98, 1000);
  EXPECT_EQ(bench.ledger.position(0), Quantity(100));
}

TEST(BarVenueOco, ReachesOtherInstrumentsAndWhatIsStillOnItsWay) {
  VenueBench bench({}, {}, instruments_on_bench(2));
  bench.flat_bar(100);
  const OrderId first = bench.send(in_group(market(Side::buy, 1), 7));
  const OrderId second = bench.send(in_group(limit(Side::buy, 1, 40), 7, 1));
  bench.flat_bar(100);
  EXPECT_EQ(bench.story(first), "accepted filled");
  EXPECT_EQ(bench.story(second), "cancelled:oco_sibling_filled");
}

}  // namespace
}  // namespace hftsim
