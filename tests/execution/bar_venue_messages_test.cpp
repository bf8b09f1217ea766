// Cancels, latencies, the end of the data.
#include <gtest/gtest.h>

#include "engine/core/errors.h"
#include "tests/execution/venue_bench.h"

namespace hftsim {
namespace {

using namespace test;

TEST(BarVenueCancel, ActsBeforeTheNextOpenWhereItArrivesInTime) {
  VenueBench bench;
  bench.flat_bar(100);
  const OrderId id = bench.send(limit(Side::buy, 1, 98));
  bench.flat_bar(100);
  bench.cancel(id);
  bench.bar(97, 98, 96, 97);
  EXPECT_EQ(bench.story(id), "accepted cancelled:cancelled_by_strategy");
  EXPECT_TRUE(bench.log.back().order_done);
}

TEST(BarVenueCancel, ThatArrivesInsideABarComesAfterItsOpenAndBeforeTheRest) {
  for (const bool gaps : {true, false}) {
    VenueBench bench({}, {.entry = Duration(10), .response = Duration(7)});
    bench.flat_bar(100);
    const OrderId id = bench.send(limit(Side::buy, 1, 98));
    bench.flat_bar(100);
    bench.flat_bar(100);
    const Timestamp decided = bench.now();
    bench.cancel(id);
    if (gaps) {
      bench.bar(97, 98, 96, 97);
      EXPECT_EQ(bench.story(id), "accepted filled rejected:unknown_order");
      EXPECT_FALSE(bench.log.back().order_done);
    } else {
      bench.bar(100, 101, 96, 97);
      ASSERT_EQ(bench.story(id), "accepted cancelled:cancelled_by_strategy");
      EXPECT_EQ(bench.log.back().ts, decided + Duration(10));
      EXPECT_EQ(bench.log.back().known_at, decided + Duration(17));
    }
  }
}

TEST(BarVenueCancel, OfAnOrderThatWasNeverSeenIsRefused) {
  VenueBench bench;
  bench.flat_bar(100);
  bench.cancel(99);
  bench.flat_bar(100);
  EXPECT_EQ(bench.story(99), "rejected:unknown_order");
}

TEST(BarVenueCancel, SentWithItsOrderFindsIt) {
  VenueBench bench;
  bench.flat_bar(100);
  const OrderId id = bench.send(market(Side::buy, 1));
  bench.cancel(id);
  bench.flat_bar(100);
  EXPECT_EQ(bench.story(id), "accepted cancelled:cancelled_by_strategy");
}

TEST(BarVenueCancel, OfTheEntryLeavesItsBracketAlone) {
  BarVenueConfig config;
  config.participation = 0.1;
  VenueBench bench(config);
  bench.flat_bar(100);
  const OrderId entry = bench.send(with_bracket(market(Side::buy, 20), 98, 105));
  bench.flat_bar(100, 100);
  bench.cancel(entry);
  bench.bar(100, 101, 97, 98, 1000);
  EXPECT_EQ(bench.fills().size(), 2u);
  EXPECT_EQ(bench.ledger.position(0), Quantity(0));
}

TEST(BarVenueCancel, OfABracketsStopLeavesTheTarget) {
  VenueBench bench;
  bench.flat_bar(100);
  const OrderId entry = bench.send(with_bracket(market(Side::buy, 1), 98, 105));
  bench.flat_bar(100);
  bench.cancel(bench.children_of(entry)[0].order);
  bench.bar(100, 106, 97, 100);
  EXPECT_EQ(bench.fills().back().price, Price(105));
}

TEST(BarVenueFinish, CancelsWhatWorksAndWhatIsOnItsWay) {
  VenueBench bench;
  bench.flat_bar(100);
  const OrderId works = bench.send(limit(Side::buy, 1, 98));
  bench.flat_bar(100);
  const OrderId travels = bench.send(market(Side::buy, 1));
  bench.finish();
  EXPECT_EQ(bench.story(works), "accepted cancelled:end_of_data");
  EXPECT_EQ(bench.story(travels), "cancelled:end_of_data");
  EXPECT_EQ(bench.log.back().ts, bench.now());
}

TEST(BarVenueFinish, CancelsAnOrderWhoseCloseNeverComes) {
  BarVenueConfig config;
  config.fill = FillRule::close;
  VenueBench bench(config, {}, instruments_on_bench(2));
  OrderRequest request = market(Side::buy, 1);
  request.instrument = 1;
  OrderId id = 0;
  bench.bar(100, 100, 100, 100, 1000, [&] { id = bench.send(request); });
  bench.finish();
  EXPECT_EQ(bench.story(id), "accepted cancelled:end_of_data");
}

TEST(BarVenue, RefusesAConfigOutOfRange) {
  BarVenueConfig config;
  config.participation = -0.1;
  EXPECT_THROW(VenueBench{config}, BadInput);
}

TEST(BarVenue, OrderIdsCountFromOneAndBracketsTakeTheirsFromTheSameCount) {
  VenueBench bench;
  EXPECT_EQ(bench.venue.next_order_id(), 1u);
  bench.flat_bar(100);
  const OrderId entry = bench.send(with_bracket(market(Side::buy, 1), 98, 105));
  bench.flat_bar(100);
  EXPECT_EQ(entry, 2u);
  EXPECT_EQ(bench.children_of(entry)[1].order, 4u);
  EXPECT_EQ(bench.venue.next_order_id(), 5u);
}

}  // namespace
}  // namespace hftsim
