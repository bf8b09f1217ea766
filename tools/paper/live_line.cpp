#include "tools/paper/live_line.h"

#include <algorithm>
#include <cassert>

namespace hftsim {
namespace {

constexpr std::uint32_t kCommandBlocks = 4;
constexpr std::uint32_t kBlocksLeast = 64, kBlocksMost = 8192;

// As many as fit, but for the commands' own.
std::uint32_t blocks_for(const LiveLineOptions& options) {
  const std::size_t one = BlockPool::bytes_needed(1, options.block_events, options.feature_count);
  const auto fitting = static_cast<std::uint32_t>(
      std::min<std::size_t>(options.bytes_most / std::max<std::size_t>(one, 1), kBlocksMost));
  return std::max(fitting, kBlocksLeast);
}

}  // namespace

LiveLine::LiveLine(const LiveLineOptions& options)
    : block_events_(options.block_events),
      block_count_(blocks_for(options)),
      idle_(options.idle),
      arena_(BlockPool::bytes_needed(block_count_ + kCommandBlocks, block_events_, options.feature_count)),
      blocks_(arena_, block_count_ + kCommandBlocks, block_events_, options.feature_count),
      times_(block_count_ + kCommandBlocks),
      free_(block_count_),
      free_for_commands_(kCommandBlocks),
      received_(block_count_),
      traded_(block_count_ + kCommandBlocks) {
  at_hand_.reserve(block_count_);
  for (BlockHandle handle = 0; handle < blocks_.size(); ++handle) give_back(handle);
}

void LiveLine::take(std::span<const Event> events, const BlockStamps& stamps) {
  while (!events.empty()) {
    const std::optional<BlockHandle> handle = wait_for_free();
    if (!handle) {
      dropped_.fetch_add(events.size(), std::memory_order_relaxed);
      return;
    }
    const std::size_t count = std::min<std::size_t>(events.size(), block_events_);
    send(*handle, events.first(count), stamps);
    events = events.subspan(count);
  }
}

void LiveLine::send(BlockHandle handle, std::span<const Event> events, const BlockStamps& stamps) {
  Block& block = blocks_[handle];
  for (std::size_t i = 0; i < events.size(); ++i) {
    Event& event = block.room[i] = events[i];
    last_recv_ns_ = event.recv_ns = std::max(event.recv_ns, last_recv_ns_);
  }
  block.events = block.room.first(events.size());
  block.size = static_cast<std::uint32_t>(events.size());
  block.last = events.empty();
  block.stamps = stamps;
  taken_.fetch_add(events.size(), std::memory_order_relaxed);
  [[maybe_unused]] const bool has_room = received_.try_push(handle);
  assert(has_room);  // a queue holds every block there is
  trading_wakeup_.notify();
}

void LiveLine::end() {
  if (const std::optional<BlockHandle> handle = wait_for_free()) send(*handle, {}, {});
}

// None once nobody trades any more. The block that was used last is most likely still in the caches: as long as nobody
// is behind the same few go round, and not all of them.
std::optional<BlockHandle> LiveLine::wait_for_free() {
  Idle idle(idle_);
  while (!abandoned_.load(std::memory_order_acquire)) {  // pairs with abandon()
    while (const std::optional<BlockHandle> handle = popped(free_)) at_hand_.push_back(*handle);
    if (!at_hand_.empty()) {
      const BlockHandle handle = at_hand_.back();
      at_hand_.pop_back();
      return handle;
    }
    waits_.fetch_add(idle.waits() == 0 ? 1 : 0, std::memory_order_relaxed);
    idle.idle();
  }
  return std::nullopt;
}

void LiveLine::give_back(BlockHandle handle) {
  if (handle < block_count_) {
    free_.try_push(handle);
  } else {
    free_for_commands_.try_push(handle);
    trading_wakeup_.notify();  // a command may wait for it
  }
}

}  // namespace hftsim
