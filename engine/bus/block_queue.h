// The queue between two stages: carries block handles from one producer to one consumer, in order.
// moodycamel::ConcurrentQueue with one producer token and one consumer token, which is what makes it ordered
// and free of allocation after construction.
#pragma once

#include <concurrentqueue/concurrentqueue.h>

#include <cstdint>

#include "engine/core/block.h"

namespace hftsim {

class BlockQueue {
 public:
  // `capacity_blocks`: how many handles may be in it at once; the run's number of blocks is always enough.
  explicit BlockQueue(std::uint32_t capacity_blocks)
      : queue_(capacity_blocks, 1, 0), producer_(queue_), consumer_(queue_) {}
  BlockQueue(const BlockQueue&) = delete;
  BlockQueue& operator=(const BlockQueue&) = delete;

  // Producer thread. False where the queue is full; never allocates.
  bool try_push(BlockHandle handle) { return queue_.try_enqueue(producer_, handle); }

  // Consumer thread. False where the queue is empty.
  bool try_pop(BlockHandle& handle) { return queue_.try_dequeue(consumer_, handle); }

 private:
  moodycamel::ConcurrentQueue<BlockHandle> queue_;
  moodycamel::ProducerToken producer_;
  moodycamel::ConsumerToken consumer_;
};

}  // namespace hftsim
