// After construction update() takes no memory, whatever the block, also where the columns' history moves to
// the front.
#include <gtest/gtest.h>

#include "engine/core/allocation_counter.h"
#include "engine/features/feature_set.h"
#include "tests/features/feature_lists.h"
#include "tests/features/planted_bars.h"

namespace hftsim::features {
namespace {

TEST(FeatureSet, AllocatesNothingAfterConstruction) {
  const std::vector<Event> bars = planted_bars(1, 6000);
  const std::vector<std::string> names = all_features({5, 10, 20, 200});
  std::vector<double> out(names.size() * 500);
  FeatureSet set(names);
  const std::uint64_t before = thread_allocation_count;
  for (std::size_t i = 0; i < 1000; ++i) set.update(bars[i]);
  for (std::size_t i = 1000; i < bars.size(); i += 500) {
    set.update(std::span(bars).subspan(i, 500), out.data(), 500);
  }
  EXPECT_EQ(thread_allocation_count, before);
  EXPECT_GT(before, 0U);  // the hook counts
}

}  // namespace
}  // namespace hftsim::features
