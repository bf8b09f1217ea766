#include "engine/inference/input_scaler.h"

#include <gtest/gtest.h>

#include <limits>

namespace hftsim::inference {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(InputScaler, SubtractsTheMeanAndDividesInDoubleBeforeRoundingToFloat) {
  const InputScaler scaler{{1e9, 0.1}, {3, 7}, 0};
  const std::vector<double> columns = {1e9 + 1, 1e9 + 2, 0.4, 0.5};  // two rows of two features
  std::vector<float> out(4);
  EXPECT_EQ(scaler.apply(columns.data(), 2, {0, 1}, 2, out.data()), 0U);
  const std::vector<float> expected = {static_cast<float>(1.0 / 3), static_cast<float>((0.4 - 0.1) / 7),
                                       static_cast<float>(2.0 / 3), static_cast<float>((0.5 - 0.1) / 7)};
  EXPECT_EQ(out, expected);
}

TEST(InputScaler, TakesTheColumnsInTheModelsOrder) {
  const InputScaler scaler{{0, 0}, {1, 1}, 0};
  const std::vector<double> columns = {1, 2, 10, 20, 100, 200};
  std::vector<float> out(4);
  scaler.apply(columns.data(), 2, {2, 0}, 2, out.data());
  EXPECT_EQ(out, (std::vector<float>{100, 1, 200, 2}));
}

TEST(InputScaler, ReplacesWhatIsNotFiniteAndCountsIt) {
  const InputScaler scaler{{0}, {1e-30}, -2.5F};
  const std::vector<double> columns = {kNaN, kInf, -kInf, 1e-30, 1e300};  // the last is too much for a float
  std::vector<float> out(5);
  EXPECT_EQ(scaler.apply(columns.data(), 5, {0}, 5, out.data()), 4U);
  EXPECT_EQ(out, (std::vector<float>{-2.5F, -2.5F, -2.5F, 1, -2.5F}));
}

}  // namespace
}  // namespace hftsim::inference
