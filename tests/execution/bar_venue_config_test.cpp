#include "engine/execution/bar_venue_config.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "engine/core/errors.h"

namespace hftsim {
namespace {

TEST(BarVenueConfig, EveryRuleIsReadBackFromItsName) {
  for (const FillRule rule : {FillRule::close, FillRule::next_open}) {
    EXPECT_EQ(parse_fill_rule(name_of(rule)), rule);
  }
  for (const LimitFill rule : {LimitFill::through, LimitFill::touch}) {
    EXPECT_EQ(parse_limit_fill(name_of(rule)), rule);
  }
  for (const IntrabarRule rule : {IntrabarRule::pessimistic, IntrabarRule::path}) {
    EXPECT_EQ(parse_intrabar_rule(name_of(rule)), rule);
  }
}

TEST(BarVenueConfig, AnUnknownRuleIsRefusedWithPlaceAndTheNearestName) {
  try {
    parse_fill_rule("next_opn", "run.toml:7: execution.fill");
    FAIL();
  } catch (const BadInput& error) {
    EXPECT_STREQ(error.what(),
                 "run.toml:7: execution.fill: got \"next_opn\", expected close or next_open (did you mean "
                 "next_open?)");
  }
}

TEST(BarVenueConfig, TheDefaultsAreTheHonestRules) {
  const BarVenueConfig config;
  EXPECT_NO_THROW(check(config));
  EXPECT_EQ(config.fill, FillRule::next_open);
  EXPECT_EQ(config.limit_fill, LimitFill::through);
  EXPECT_EQ(config.intrabar, IntrabarRule::pessimistic);
}

TEST(BarVenueConfig, NumbersOutOfRangeAreRefusedByTheirKey) {
  const auto message = [](const std::function<void(BarVenueConfig&)>& spoil) -> std::string {
    BarVenueConfig config;
    spoil(config);
    try {
      check(config);
    } catch (const BadInput& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(message([](auto& c) { c.participation = 1.5; }),
            "execution.participation: got 1.5, expected a share of the bar's volume from 0 (no cap) to 1");
  EXPECT_NE(message([](auto& c) { c.slippage_bps = -1; }).find("slippage_bps: got -1"), std::string::npos);
  EXPECT_NE(message([](auto& c) { c.half_spread_bps = std::nan(""); }).find("half_spread"),
            std::string::npos);
  EXPECT_NE(message([](auto& c) { c.impact = -0.1; }).find("impact"), std::string::npos);
  EXPECT_NE(message([](auto& c) { c.fees.maker_fee = 2; }).find("maker_fee"), std::string::npos);
  EXPECT_NE(message([](auto& c) { c.fees.taker_fee = -2; }).find("taker_fee"), std::string::npos);
}

}  // namespace
}  // namespace hftsim
