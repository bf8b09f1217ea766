#include "engine/core/nearest_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hftsim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<std::string> kStrategies = {"momentum", "mean_reversion", "breakout",
                                              "ensemble", "sma_cross",      "buy_and_hold"};

TEST(NearestName, FindsTheNameOfATypo) {
  EXPECT_THAT(nearest_names("momentun", kStrategies, 1), ElementsAre("momentum"));
  EXPECT_THAT(nearest_names("sma_crss", kStrategies, 1), ElementsAre("sma_cross"));
  EXPECT_THAT(nearest_names("breakuot", kStrategies, 1), ElementsAre("breakout"));
}

TEST(NearestName, NearestFirstAndTiesInTheOrderGiven) {
  const std::vector<std::string> known = {"sma_21", "sma_10", "sma_20", "rsi_14"};
  EXPECT_THAT(nearest_names("sma_20x", known), ElementsAre("sma_20", "sma_21", "sma_10"));
  EXPECT_THAT(nearest_names("sma_30", known, 2), ElementsAre("sma_10", "sma_20"));
}

TEST(NearestName, NothingWhereNothingIsNear) {
  EXPECT_THAT(nearest_names("zzzzzzzz", kStrategies), IsEmpty());
  EXPECT_THAT(nearest_names("momentum", {}), IsEmpty());
  EXPECT_THAT(nearest_names("momentum", kStrategies, 0), IsEmpty());
}

TEST(DidYouMean, ReadsAsTheEndOfAMessage) {
  const std::vector<std::string> known = {"fee_rate", "seed"};
  EXPECT_EQ(did_you_mean("fee_rat", known), " (did you mean fee_rate?)");
  EXPECT_EQ(did_you_mean("qqqqqqqqqq", known), "");
  EXPECT_EQ(did_you_mean("sma_3", std::vector<std::string>{"sma_5", "sma_50"}),
            " (did you mean sma_5, sma_50?)");
}

}  // namespace
}  // namespace hftsim
