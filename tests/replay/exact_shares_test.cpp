#include "replay/exact_shares.h"

#include <gtest/gtest.h>

#include <vector>

#include "engine/core/rng.h"

namespace hftsim {
namespace {

std::vector<std::int64_t> shares_of(std::int64_t total, std::int64_t parts, std::uint64_t seed,
                                    std::int64_t least = 1, std::int64_t most = ExactShares::kNoMost) {
  RandomStream random(seed, "weights");
  std::vector<double> weights;
  double sum = 0;
  for (std::int64_t i = 0; i < parts; ++i) sum += weights.emplace_back(random.exponential());
  ExactShares shares(total, parts, sum, least, most);
  std::vector<std::int64_t> all;
  for (const double weight : weights) all.push_back(shares.next(weight));
  EXPECT_EQ(shares.parts_left(), 0);
  return all;
}

std::int64_t sum_of(const std::vector<std::int64_t>& shares) {
  std::int64_t sum = 0;
  for (const std::int64_t share : shares) sum += share;
  return sum;
}

TEST(ExactShares, AddUpToTheTotalAndNoneIsTooSmall) {
  for (const std::int64_t parts : {1, 2, 3, 10, 1000}) {
    for (const std::int64_t spare : {0, 1, 7, 1'000'000}) {
      for (const std::int64_t least : {0, 1, 16}) {
        const auto shares = shares_of(parts * least + spare, parts, 5, least);
        ASSERT_EQ(shares.size(), static_cast<std::size_t>(parts));
        EXPECT_EQ(sum_of(shares), parts * least + spare);
        for (const std::int64_t share : shares) ASSERT_GE(share, least);
      }
    }
  }
}

TEST(ExactShares, KeepToTheMostWhereThereIsOne) {
  for (const std::int64_t total : {100, 101, 150, 299, 300}) {
    const auto shares = shares_of(total, 100, 3, 1, 3);
    EXPECT_EQ(sum_of(shares), total);
    for (const std::int64_t share : shares) {
      ASSERT_GE(share, 1);
      ASSERT_LE(share, 3);
    }
  }
}

TEST(ExactShares, AreWhatTheirWeightsSayButForOne) {
  const std::vector<double> weights{0, 1, 2, 0.5, 0, 96.5, 0};
  ExactShares shares(1007, 7, 100, 1);
  for (const double weight : weights)
    EXPECT_NEAR(static_cast<double>(shares.next(weight)), 1 + 10 * weight, 1);
}

TEST(ExactShares, GiveNoPartOfTheSequenceMore) {
  double first_half = 0, all = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const auto shares = shares_of(300, 100, seed, 0);
    for (std::size_t i = 0; i < shares.size(); ++i) {
      all += static_cast<double>(shares[i]);
      if (i < 50) first_half += static_cast<double>(shares[i]);
    }
  }
  EXPECT_NEAR(first_half / all, 0.5, 0.01);
}

TEST(ExactShares, HandOnWhatIsCutOff) {
  ExactShares shares(10, 5, 1, 1, 4);
  EXPECT_EQ(shares.next(1), 4) << "6 were due";
  EXPECT_EQ(shares.next(0), 3);
  EXPECT_EQ(shares.next(0), 1);
}

TEST(ExactShares, WithoutWeightsGoToTheLast) {
  ExactShares shares(10, 3, 0, 1);
  EXPECT_EQ(shares.next(0), 1);
  EXPECT_EQ(shares.next(0), 1);
  EXPECT_EQ(shares.next(0), 8);
}

TEST(ExactShares, HoldForTotalsAsLargeAsABarsVolume) {
  const auto shares = shares_of(1'000'000'000'000'000, 1000, 9);
  EXPECT_EQ(sum_of(shares), 1'000'000'000'000'000);
}

}  // namespace
}  // namespace hftsim
