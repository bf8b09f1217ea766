#include "engine/core/block.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace hftsim {
namespace {

template <class T>
std::pair<const std::byte*, const std::byte*> extent(std::span<T> span) {
  const auto bytes = std::as_bytes(span);
  return {bytes.data(), bytes.data() + bytes.size()};
}

TEST(BlockPool, TakesExactlyTheBytesItSays) {
  for (const std::uint32_t capacity : {1U, 7U, 256U}) {
    for (const std::uint32_t features : {0U, 1U, 85U}) {
      Arena arena(BlockPool::bytes_needed(3, capacity, features));
      BlockPool pool(arena, 3, capacity, features);
      EXPECT_EQ(arena.used_bytes(), BlockPool::bytes_needed(3, capacity, features));
      EXPECT_EQ(pool.size(), 3U);
    }
  }
}

TEST(BlockPool, EveryBlockHasRoomForItsRows) {
  Arena arena(BlockPool::bytes_needed(2, 7, 5));
  BlockPool pool(arena, 2, 7, 5);
  for (BlockHandle handle = 0; handle < 2; ++handle) {
    const Block& block = pool[handle];
    EXPECT_EQ(block.capacity, 7U);
    EXPECT_EQ(block.feature_count, 5U);
    EXPECT_EQ(block.room.size(), 7U);
    EXPECT_TRUE(block.events.empty());
    EXPECT_EQ(block.row_of.size(), 7U);
    EXPECT_EQ(block.warm.size(), 7U);
    EXPECT_GE(block.stride, 7U);
    EXPECT_EQ(block.features.size(), 5U * block.stride);
    EXPECT_EQ(block.predictions.size(), 7U);
    EXPECT_EQ(block.size, 0U);
    EXPECT_FALSE(block.last);
  }
}

TEST(BlockPool, NothingOverlaps) {
  Arena arena(BlockPool::bytes_needed(4, 9, 3));
  BlockPool pool(arena, 4, 9, 3);
  std::vector<std::pair<const std::byte*, const std::byte*>> extents;
  for (BlockHandle handle = 0; handle < pool.size(); ++handle) {
    const Block& block = pool[handle];
    extents.insert(extents.end(), {extent(block.room), extent(block.row_of), extent(block.warm),
                                   extent(block.features), extent(block.predictions)});
  }
  std::sort(extents.begin(), extents.end());
  for (std::size_t i = 1; i < extents.size(); ++i) EXPECT_LE(extents[i - 1].second, extents[i].first);
}

TEST(Block, FeaturesLieColumnByColumn) {
  Arena arena(BlockPool::bytes_needed(1, 4, 3));
  BlockPool pool(arena, 1, 4, 3);
  Block& block = pool[0];
  for (std::size_t i = 0; i < block.features.size(); ++i) block.features[i] = static_cast<double>(i);
  for (std::uint32_t f = 0; f < 3; ++f)
    for (std::uint32_t row = 0; row < 4; ++row)
      EXPECT_EQ(block.feature(f, row), static_cast<double>(f * block.stride + row));
}

// Kernels load whole cache lines of a column: every column begins on one.
TEST(Block, ColumnsBeginOnCacheLines) {
  for (const std::uint32_t capacity : {1U, 7U, 8U, 9U, 256U, 4096U}) {
    Arena arena(BlockPool::bytes_needed(1, capacity, 3));
    BlockPool pool(arena, 1, capacity, 3);
    for (std::size_t f = 0; f < 3; ++f) {
      const auto address = reinterpret_cast<std::uintptr_t>(&pool[0].features[f * pool[0].stride]);
      EXPECT_EQ(address % 64, 0U) << capacity << " column " << f;
    }
  }
}

}  // namespace
}  // namespace hftsim
