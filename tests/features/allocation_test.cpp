// Counts allocations of this program: after construction update() makes none, whatever the block, also where
// the columns' history moves to the front.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "engine/features/feature_set.h"
#include "tests/features/feature_lists.h"
#include "tests/features/planted_bars.h"

namespace {
std::atomic<std::size_t> allocations{0};
}

void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace hftsim::features {
namespace {

TEST(FeatureSet, AllocatesNothingAfterConstruction) {
  const std::vector<Event> bars = planted_bars(1, 6000);
  const std::vector<std::string> names = all_features({5, 10, 20, 200});
  std::vector<double> out(names.size() * 500);
  FeatureSet set(names);
  const std::size_t before = allocations.load();
  for (std::size_t i = 0; i < 1000; ++i) set.update(bars[i], out.data());
  for (std::size_t i = 1000; i < bars.size(); i += 500) {
    set.update(std::span(bars).subspan(i, 500), out.data(), 500);
  }
  EXPECT_EQ(allocations.load(), before);
  EXPECT_GT(before, 0U);  // the hook counts
}

}  // namespace
}  // namespace hftsim::features
