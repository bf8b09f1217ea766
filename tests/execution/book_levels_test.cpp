#include "engine/execution/book_levels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "engine/core/allocation_counter.h"
#include "engine/core/rng.h"

namespace hftsim {
namespace {

// The same side as a sorted map.
template <BookSide side>
class NaiveLevels {
 public:
  LevelChange set(std::int64_t price, std::int64_t quantity) {
    if (quantity == 0) return levels_.erase(price) > 0 ? LevelChange::removed : LevelChange::unknown;
    return levels_.insert_or_assign(price, quantity).second ? LevelChange::added : LevelChange::changed;
  }
  void clear() { levels_.clear(); }
  std::vector<BookLevel> best_first() const {
    std::vector<BookLevel> levels;
    for (const auto& [price, quantity] : levels_) levels.push_back({price, quantity});
    if (side == BookSide::bid) std::reverse(levels.begin(), levels.end());
    return levels;
  }

 private:
  std::map<std::int64_t, std::int64_t> levels_;
};

template <BookSide side>
std::vector<BookLevel> all_of(const BookLevels<side>& levels) {
  return {levels.top().begin(), levels.top().end()};
}

// Prices around a centre that wanders, a few of them far away; a third of the changes remove.
template <BookSide side>
void expect_same_as_naive(std::uint64_t seed, std::size_t room, std::uint64_t spread) {
  RandomStream random(seed, "levels");
  BookLevels<side> levels(room);
  NaiveLevels<side> naive;
  std::int64_t centre = 1'000'000;
  for (int i = 0; i < 6000; ++i) {
    centre += static_cast<std::int64_t>(random.below(5)) - 2;
    const auto width = random.below(20) == 0 ? 100 * spread : spread;
    const std::int64_t price = centre + static_cast<std::int64_t>(random.below(width));
    const auto quantity = random.below(3) == 0 ? 0 : static_cast<std::int64_t>(1 + random.below(1000));
    ASSERT_EQ(levels.set(price, quantity), naive.set(price, quantity)) << "change " << i;
    ASSERT_EQ(levels.quantity_at(price), quantity);
    if (random.below(2000) == 0) {
      levels.clear();
      naive.clear();
    }
    if (i % 50 == 0) {
      ASSERT_EQ(all_of(levels), naive.best_first()) << "change " << i;
    }
  }
  EXPECT_EQ(all_of(levels), naive.best_first());
}

TEST(BookLevels, AreThoseOfASortedMapWhateverComes) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    for (const std::size_t room : {0u, 1u, 7u, 5000u}) {
      for (const std::uint64_t spread : {3u, 60u, 4000u}) {
        expect_same_as_naive<BookSide::bid>(seed, room, spread);
        expect_same_as_naive<BookSide::ask>(seed, room, spread);
      }
    }
  }
}

TEST(BookLevels, GiveTheBestFirstOnEitherSide) {
  BookLevels<BookSide::bid> bids;
  BookLevels<BookSide::ask> asks;
  for (const std::int64_t price : {5, 9, 7}) {
    bids.set(price, 10 * price);
    asks.set(price, 10 * price);
  }
  EXPECT_EQ(all_of(bids), (std::vector<BookLevel>{{9, 90}, {7, 70}, {5, 50}}));
  EXPECT_EQ(all_of(asks), (std::vector<BookLevel>{{5, 50}, {7, 70}, {9, 90}}));
  EXPECT_EQ(bids.top(1).size(), 1u);
  EXPECT_EQ(bids.best(), (BookLevel{9, 90}));
  EXPECT_EQ(asks.quantity_at(6), 0);
}

// 5,000 levels from the touch outwards, as a snapshot has them, then a walk of the touch.
TEST(BookLevels, AllocateNothingUpToTheLevelsTheyWereMadeFor) {
  BookLevels<BookSide::ask> asks(5000);
  const std::uint64_t before = thread_allocation_count;
  for (int snapshot = 0; snapshot < 3; ++snapshot) {
    asks.clear();
    for (std::int64_t price = 1; price <= 5000; ++price) asks.set(price, 1);
  }
  for (std::int64_t price = 0; price > -9000; --price) {
    asks.set(price, 1);
    asks.set(price + 5000, 0);
  }
  EXPECT_EQ(asks.size(), 5000u);
  EXPECT_EQ(thread_allocation_count, before);
}

}  // namespace
}  // namespace hftsim
