#include "adapters/fetch/backoff.h"

#include <gtest/gtest.h>

namespace hftsim::fetch {
namespace {

TEST(Backoff, DoublesUpToItsMostAndIsUpToHalfShorterByChance) {
  RandomStream random(7, "test");
  const BackoffOptions options{.first = kSecond, .most = 10 * kSecond, .attempts_max = 100};
  Backoff backoff(options, random);
  std::int64_t longest = kSecond.value;
  for (int i = 0; i < 70; ++i) {
    const Duration pause = backoff.next();
    EXPECT_LE(pause.value, longest);
    EXPECT_GE(pause.value, longest / 2);
    longest = std::min(2 * longest, options.most.value);
  }
}

TEST(Backoff, EndsAfterItsAttempts) {
  RandomStream random(7, "test");
  Backoff backoff({.attempts_max = 3}, random);
  EXPECT_FALSE(backoff.is_exhausted());
  backoff.next();
  EXPECT_FALSE(backoff.is_exhausted());
  backoff.next();
  EXPECT_TRUE(backoff.is_exhausted());
  EXPECT_EQ(backoff.attempts(), 3);
}

TEST(Backoff, DiffersBetweenSeeds) {
  RandomStream a(1, "test"), b(2, "test"), again(1, "test");
  const Duration of_a = Backoff({}, a).next();
  EXPECT_NE(of_a.value, Backoff({}, b).next().value);
  EXPECT_EQ(of_a.value, Backoff({}, again).next().value);
}

}  // namespace
}  // namespace hftsim::fetch
