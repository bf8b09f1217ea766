#include "engine/core/block.h"

#include <algorithm>
#include <limits>

namespace hftsim {

BlockPool::BlockPool(Arena& arena, std::uint32_t block_count, std::uint32_t capacity,
                     std::uint32_t feature_count) {
  blocks_.resize(block_count);
  for (Block& block : blocks_) {
    block.capacity = capacity;
    block.stride = stride_for(capacity);
    block.feature_count = feature_count;
    block.room = arena.allocate<Event>(capacity);
    block.row_of = arena.allocate<std::uint32_t>(capacity);
    block.warm = arena.allocate<std::uint8_t>(capacity);
    block.features = arena.allocate<double>(std::size_t{stride_for(capacity)} * feature_count);
    block.predictions = arena.allocate<double>(capacity);
    // "No prediction" until an inference stage says otherwise.
    std::ranges::fill(block.predictions, std::numeric_limits<double>::quiet_NaN());
  }
}

std::size_t BlockPool::bytes_needed(std::uint32_t block_count, std::uint32_t capacity,
                                    std::uint32_t feature_count) {
  const std::size_t one = Arena::bytes_for<Event>(capacity) + Arena::bytes_for<std::uint32_t>(capacity) +
                          Arena::bytes_for<std::uint8_t>(capacity) +
                          Arena::bytes_for<double>(std::size_t{stride_for(capacity)} * feature_count) +
                          Arena::bytes_for<double>(capacity);
  return block_count * one;
}

}  // namespace hftsim
