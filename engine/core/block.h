// A Block is a tray of up to N events that travels source -> features -> inference -> trading core and gets
// filled on its way. All blocks of a run lie in one arena and are reused.
//
// Feature rows are stored column by column: the value of feature f in row r is features[f * stride + r].
// Bars of several instruments may alternate in one block; each instrument's rows lie together, and row_of
// says which row belongs to which event.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/arena.h"
#include "engine/core/event.h"

namespace hftsim {

// In row_of, for an event that has no feature row.
inline constexpr std::uint32_t kNoRow = UINT32_MAX;

// Where the time of a live block goes, by the monotonic clock; 0 in replay.
struct BlockStamps {
  std::int64_t read_ns = 0;    // the bytes of its first event were there
  std::int64_t parsed_ns = 0;  // they were events
};

struct Block {
  std::span<Event> room;            // capacity; for events that have no place of their own
  std::span<const Event> events;    // size of them, in the block's room or where the source has them
  std::span<std::uint32_t> row_of;  // per event: its feature row
  std::span<std::uint8_t> warm;     // per event: 1 where every feature of the row is known
  std::span<double> features;       // (feature_count, stride), column by column
  std::span<double> predictions;    // per row: probability of a rise; NaN: no prediction
  std::uint32_t capacity = 0;
  std::uint32_t stride = 0;  // doubles from one feature's column to the next
  std::uint32_t feature_count = 0;
  std::uint32_t size = 0;    // events in it
  std::uint64_t number = 0;  // position in the stream, from 0
  bool last = false;         // nothing follows
  BlockStamps stamps = {};

  double feature(std::uint32_t f, std::uint32_t row) const { return features[std::size_t{f} * stride + row]; }
};

using BlockHandle = std::uint32_t;

// All blocks of a run. A handle is an index: queues carry handles, never pointers.
class BlockPool {
 public:
  BlockPool(Arena& arena, std::uint32_t block_count, std::uint32_t capacity, std::uint32_t feature_count);

  static std::size_t bytes_needed(std::uint32_t block_count, std::uint32_t capacity,
                                  std::uint32_t feature_count);

  // A column is a cache line longer than the capacity: columns whose distance is a multiple of 4 KiB would
  // compete for the same lines of the first-level cache.
  static constexpr std::uint32_t stride_for(std::uint32_t capacity) { return (capacity + 7) / 8 * 8 + 8; }

  Block& operator[](BlockHandle handle) { return blocks_[handle]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(blocks_.size()); }

 private:
  std::vector<Block> blocks_;
};

}  // namespace hftsim
