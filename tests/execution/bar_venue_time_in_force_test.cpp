// Every order type under every time in force: what is left of an order that finds too little volume, or
// no price at all.
#include <gtest/gtest.h>

#include "tests/execution/venue_bench.h"

namespace hftsim {
namespace {

using namespace test;

// The same first bar for all: opens at 100, range 95 to 105, volume for 10 of the 25 asked for.
struct Case {
  const char* name;
  OrderRequest request;
  const char* before_fill;  // the story up to the fill
};

class BarVenueTimeInForce : public testing::TestWithParam<Case> {
 protected:
  static BarVenueConfig config() {
    BarVenueConfig config;
    config.participation = 0.1;
    return config;
  }
  // The story after a bar with volume for 10, and after one without volume and one with volume for all.
  std::pair<std::string, std::string> run(TimeInForce tif, Duration until = Duration(0)) {
    VenueBench bench(config());
    bench.flat_bar(100);
    OrderRequest request = with(GetParam().request, tif);
    request.expire = bench.now() + until;
    const OrderId id = bench.send(request);
    bench.bar(100, 105, 95, 100, 100);
    const std::string first = bench.story(id);
    bench.bar(100, 105, 95, 100, 0);
    bench.bar(100, 105, 95, 100, 10000);
    return {first, bench.story(id)};
  }
  std::string then(const std::string& rest) const { return std::string(GetParam().before_fill) + rest; }
};

INSTANTIATE_TEST_SUITE_P(
    Types, BarVenueTimeInForce,
    testing::Values(Case{"market", market(Side::buy, 25), "accepted "},
                    Case{"limit", limit(Side::buy, 25, 101), "accepted "},
                    Case{"stop", stop(Side::buy, 25, 104), "accepted triggered "},
                    Case{"stop_limit", stop_limit(Side::sell, 25, 97, 96), "accepted triggered "},
                    Case{"trailing_stop", trailing_stop(Side::sell, 25, 4), "accepted triggered "},
                    Case{"take_profit", take_profit(Side::sell, 25, 103), "accepted triggered "}),
    [](const auto& c) { return c.param.name; });

TEST_P(BarVenueTimeInForce, GtcGoesOnWithTheRest) {
  const auto [first, second] = run(TimeInForce::gtc);
  EXPECT_EQ(first, then("filled"));
  EXPECT_EQ(second, then("filled filled"));
}

TEST_P(BarVenueTimeInForce, IocCancelsTheRest) {
  EXPECT_EQ(run(TimeInForce::ioc).first, then("filled cancelled:ioc_remainder"));
}

TEST_P(BarVenueTimeInForce, FokFillsNothingWhereItCannotFillAll) {
  EXPECT_EQ(run(TimeInForce::fok).first, then("cancelled:fok_unfillable"));
}

TEST_P(BarVenueTimeInForce, GtdExpiresWithTheRest) {
  const auto [first, second] = run(TimeInForce::gtd, kMinute + Duration(1));
  EXPECT_EQ(first, then("filled"));
  EXPECT_EQ(second, then("filled expired:expired"));
}

TEST_P(BarVenueTimeInForce, FokFillsWhereTheVolumeIsThere) {
  VenueBench bench;
  bench.flat_bar(100);
  const OrderId id = bench.send(with(GetParam().request, TimeInForce::fok));
  bench.bar(100, 105, 95, 100, 100);
  EXPECT_EQ(bench.story(id), then("filled"));
}

TEST(BarVenueGtd, WorksAtTheInstantOfItsExpiryAndNotLater) {
  VenueBench bench;
  bench.flat_bar(100);
  const auto send_until = [&](double price, Timestamp expire) {
    OrderRequest request = with(limit(Side::buy, 1, price), TimeInForce::gtd);
    request.expire = expire;
    return bench.send(request);
  };
  const Timestamp bar_end = bench.now() + kMinute;
  const OrderId to_the_end = send_until(98, bar_end);
  const OrderId too_short = send_until(98, bar_end - Duration(1));
  bench.bar(100, 101, 97, 98);
  EXPECT_EQ(bench.story(to_the_end), "accepted filled");
  EXPECT_EQ(bench.story(too_short), "accepted expired:expired");
  EXPECT_EQ(bench.of(too_short)[1].ts, bar_end - Duration(1));
}

TEST(BarVenueGtd, IsExpiredOnArrivalWhereItsTimeIsOver) {
  VenueBench bench({}, {.entry = Duration(10)});
  bench.flat_bar(100);
  OrderRequest request = with(limit(Side::buy, 1, 98), TimeInForce::gtd);
  request.expire = bench.now();
  const OrderId id = bench.send(request);
  bench.flat_bar(100);
  EXPECT_EQ(bench.story(id), "expired:expired");
}

TEST(BarVenueIoc, ALimitThatIsNotMarketableAtItsFirstOpenIsCancelledThere) {
  VenueBench bench;
  bench.flat_bar(100);
  const OrderId ioc = bench.send(with(limit(Side::buy, 1, 98), TimeInForce::ioc));
  const OrderId fok = bench.send(with(limit(Side::buy, 1, 98), TimeInForce::fok));
  bench.bar(100, 101, 90, 95);
  EXPECT_EQ(bench.story(ioc), "accepted cancelled:ioc_remainder");
  EXPECT_EQ(bench.story(fok), "accepted cancelled:fok_unfillable");
  EXPECT_EQ(bench.of(ioc)[1].ts, bench.now() - kMinute);
}

TEST(BarVenueIoc, AStopWaitsForItsTrigger) {
  VenueBench bench;
  bench.flat_bar(100);
  const OrderId id = bench.send(with(stop(Side::buy, 1, 105), TimeInForce::ioc));
  bench.flat_bar(100);
  EXPECT_EQ(bench.story(id), "accepted");
  bench.bar(100, 106, 100, 105);
  EXPECT_EQ(bench.story(id), "accepted triggered filled");
}

}  // namespace
}  // namespace hftsim
