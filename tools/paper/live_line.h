// The line that a live session's blocks travel, in a circle:
//
//   network thread --received--> trading thread --traded--> recorder thread --free--> network thread
//
// There are as many blocks as there are from the start on: nothing is allocated on the way and nothing dropped. Where
// none is free, the network thread waits, which is counted. The trading thread has blocks of its own for the commands
// that it puts into the stream, so that it waits for nobody.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/bus/block_queue.h"
#include "engine/bus/idle.h"
#include "engine/bus/wakeup.h"
#include "engine/core/arena.h"
#include "engine/core/block.h"
#include "engine/runtime/feed_sink.h"
#include "tools/paper/stage_times.h"

namespace hftsim {

struct LiveLineOptions {
  std::uint32_t block_events = 32;
  std::uint32_t feature_count = 0;
  std::size_t bytes_most = std::size_t{64} << 20;  // of all blocks together
  IdleStrategy idle = IdleStrategy::park;          // of the network thread, where no block is free
};

class LiveLine final : public FeedSink {
 public:
  explicit LiveLine(const LiveLineOptions& options);

  // Network thread, or whoever stands in for it before it starts and after it ended. The events' recv_ns are made to
  // never go back. After abandon() what is given is counted and dropped.
  void take(std::span<const Event> events, const BlockStamps& stamps) override;
  // Nothing follows: an empty last block.
  void end();

  // Trading thread.
  std::optional<BlockHandle> next_received() { return popped(received_); }
  std::optional<BlockHandle> block_for_command() { return popped(free_for_commands_); }
  void pass_on(BlockHandle handle) { traded_.try_push(handle); }
  void abandon() { abandoned_.store(true, std::memory_order_release); }  // pairs with take()
  // What it sleeps on: everything that it looks for here comes with a notification.
  Wakeup& trading_wakeup() { return trading_wakeup_; }

  // Recorder thread.
  std::optional<BlockHandle> next_traded() { return popped(traded_); }
  void give_back(BlockHandle handle);

  Block& operator[](BlockHandle handle) { return blocks_[handle]; }
  StageTimes& times(BlockHandle handle) { return times_[handle]; }

  std::uint32_t block_events() const { return block_events_; }
  std::uint32_t block_count() const { return block_count_; }                          // of the network thread
  std::uint64_t taken() const { return taken_.load(std::memory_order_relaxed); }      // events
  std::uint64_t waits() const { return waits_.load(std::memory_order_relaxed); }      // for a free block
  std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }  // after abandon()

 private:
  static std::optional<BlockHandle> popped(BlockQueue& queue) {
    BlockHandle handle;
    if (!queue.try_pop(handle)) return std::nullopt;
    return handle;
  }
  std::optional<BlockHandle> wait_for_free();
  void send(BlockHandle handle, std::span<const Event> events, const BlockStamps& stamps);

  std::uint32_t block_events_, block_count_;
  IdleStrategy idle_;
  Arena arena_;
  BlockPool blocks_;
  std::vector<StageTimes> times_;
  BlockQueue free_, free_for_commands_, received_, traded_;
  std::vector<BlockHandle> at_hand_;  // the network thread's: free, the last to be used is the first again
  Wakeup trading_wakeup_;
  std::int64_t last_recv_ns_ = INT64_MIN;
  std::atomic<bool> abandoned_{false};
  std::atomic<std::uint64_t> taken_{0}, waits_{0}, dropped_{0};
};

}  // namespace hftsim
