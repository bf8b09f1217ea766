#include "replay/depth_side.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace hftsim {
namespace {

// A side as whoever applies its changes sees it.
class AppliedSide {
 public:
  AppliedSide(bool is_bid, const DepthShape& shape)
      : is_bid_(is_bid), shape_(shape), side_(is_bid, shape, 9) {}

  void move_to(std::int64_t best, std::int64_t lots) {
    std::vector<Event> changes;
    side_.move_to(best, lots, random_, changes);
    ASSERT_LE(changes.size(), side_.changes_max());
    apply(changes);
    ASSERT_FALSE(levels_.empty());
    const auto [price, quantity] = is_bid_ ? *levels_.rbegin() : *levels_.begin();
    ASSERT_EQ(price, best);
    ASSERT_EQ(quantity, lots);
    ASSERT_GE(levels_.begin()->first, 1);
    ASSERT_LE(levels_.size(), static_cast<std::size_t>(shape_.levels * 5 / 4 + 1));
  }

  const std::map<std::int64_t, std::int64_t>& levels() const { return levels_; }

 private:
  void apply(const std::vector<Event>& changes) {
    std::set<std::int64_t> prices;
    for (const Event& change : changes) {
      ASSERT_EQ(change.kind, EventKind::book_change);
      ASSERT_EQ(change.has(kBidSide), is_bid_);
      ASSERT_TRUE(prices.insert(change.book.price_ticks).second) << "a price comes once";
      if (change.book.quantity_lots > 0) {
        levels_[change.book.price_ticks] = change.book.quantity_lots;
      } else {
        ASSERT_EQ(levels_.erase(change.book.price_ticks), 1u) << "only what is there is taken away";
      }
    }
  }

  bool is_bid_;
  DepthShape shape_;
  DepthSide side_;
  RandomStream random_{1, "book"};
  std::map<std::int64_t, std::int64_t> levels_;
};

class DepthSides : public ::testing::TestWithParam<std::tuple<bool, std::int64_t>> {
 protected:
  bool is_bid() const { return std::get<0>(GetParam()); }
  DepthShape shape() const { return {.levels = 100, .gap_ticks = std::get<1>(GetParam()), .lots = 50}; }
};

TEST_P(DepthSides, ItsBestIsWhereItWasMovedToWhateverTheMoves) {
  AppliedSide side(is_bid(), shape());
  RandomStream random(2, "moves");
  std::int64_t best = 1'000'000;
  for (int i = 0; i < 5000; ++i) {
    // Small steps, and now and then a jump across the whole side or more.
    const std::int64_t reach = random.below(50) == 0 ? 20'000 : 30;
    best += static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(2 * reach + 1))) - reach;
    ASSERT_NO_FATAL_FAILURE(side.move_to(best, 1 + static_cast<std::int64_t>(random.below(1000)))) << i;
    ASSERT_GE(side.levels().size(), 101u);
  }
}

TEST_P(DepthSides, TheFewPricesAboveZeroAreEnough) {
  AppliedSide side(is_bid(), shape());
  RandomStream random(3, "moves");
  for (int i = 0; i < 2000; ++i) {
    const auto best = 1 + static_cast<std::int64_t>(random.below(60));
    ASSERT_NO_FATAL_FAILURE(side.move_to(best, 1 + static_cast<std::int64_t>(random.below(9)))) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Gaps, DepthSides,
                         ::testing::Combine(::testing::Bool(), ::testing::Values(1, 2, 21)));

TEST(DepthSide, ChangesNothingWhereNothingChanges) {
  DepthSide side(true, {.levels = 10, .gap_ticks = 3, .lots = 5}, 1);
  RandomStream random(1, "book");
  std::vector<Event> changes;
  side.move_to(500, 7, random, changes);
  EXPECT_EQ(changes.size(), 11u);
  changes.clear();
  side.move_to(500, 7, random, changes);
  EXPECT_TRUE(changes.empty());
}

}  // namespace
}  // namespace hftsim
