// Claim: the queue between two stages costs a small multiple of what the two cores need to tell each other
// anything at all.
//
//   main ──▶ queue ──▶ echo          two threads, a core each, both spin; one message under way
//     ◀───── queue ◀─────
//
// Workload: round trips (the argument) of one block handle.
// Contenders: a raw ping-pong, one cache line each way, the floor; a plain single-producer, single-consumer
// ring; BlockQueue, which also is bounded, ordered and fit for several producers. The ping-pong is probed
// right before and right after every run of a queue, because cores move closer and apart on a shared machine.
// Checked: the sum of what came back.
#include <atomic>
#include <cmath>
#include <cstdio>
#include <thread>

#include "engine/bus/agent.h"
#include "engine/bus/block_queue.h"
#include "perf/bench.h"

namespace hftsim::perf {
namespace {

// One value there, one value back: a queue of one place whose fullness is the value itself.
class CacheLine {
 public:
  bool try_push(BlockHandle value) {
    value_.store(value + 1, std::memory_order_release);  // pairs with the acquire in try_pop
    return true;
  }
  bool try_pop(BlockHandle& value) {
    const std::uint64_t found = value_.load(std::memory_order_acquire);
    if (found == seen_) return false;
    seen_ = found;
    value = static_cast<BlockHandle>(found - 1);
    return true;
  }

 private:
  alignas(128) std::atomic<std::uint64_t> value_{0};
  alignas(128) std::uint64_t seen_ = 0;  // the consumer's
};

class SpscRing {
 public:
  bool try_push(BlockHandle value) {
    const std::uint64_t at = written_.load(std::memory_order_relaxed);
    if (at - read_seen_ == kPlaces) {
      read_seen_ = read_.load(std::memory_order_acquire);  // pairs with the release in try_pop
      if (at - read_seen_ == kPlaces) return false;
    }
    places_[at % kPlaces] = value;
    written_.store(at + 1, std::memory_order_release);  // pairs with the acquire in try_pop
    return true;
  }
  bool try_pop(BlockHandle& value) {
    const std::uint64_t at = read_.load(std::memory_order_relaxed);
    if (at == written_seen_) {
      written_seen_ = written_.load(std::memory_order_acquire);  // pairs with the release in try_push
      if (at == written_seen_) return false;
    }
    value = places_[at % kPlaces];
    read_.store(at + 1, std::memory_order_release);  // pairs with the acquire in try_push
    return true;
  }

 private:
  static constexpr std::uint64_t kPlaces = 16;
  alignas(128) std::atomic<std::uint64_t> written_{0};  // the producer's
  std::uint64_t read_seen_ = 0;
  alignas(128) std::atomic<std::uint64_t> read_{0};  // the consumer's
  std::uint64_t written_seen_ = 0;
  alignas(128) BlockHandle places_[kPlaces] = {};
};

class StageQueue : public BlockQueue {
 public:
  StageQueue() : BlockQueue(16) {}
};

template <class Queue>
BlockHandle pop(Queue& queue) {
  BlockHandle value = 0;
  while (!queue.try_pop(value)) {
  }
  return value;
}

template <class Queue>
Sample round_trips(std::uint64_t count) {
  Queue there, back;
  std::thread echo([&] {
    pin_this_thread(1);
    for (std::uint64_t i = 0; i < count; ++i) back.try_push(pop(there));
  });
  std::uint64_t sum = 0;
  const Sample sample = timed(count, [&] {
    for (std::uint64_t i = 0; i < count; ++i) {
      there.try_push(static_cast<BlockHandle>(i));
      sum += pop(back);
    }
  });
  echo.join();
  require(sum == count * (count - 1) / 2, "what came back through the queue is not what went in");
  return sample;
}

template <class Queue>
void against_ping_pong(const char* name, std::uint64_t count) {
  Samples base, samples;
  round_trips<Queue>(count);
  for (int run = 0; run < kRuns; ++run) {
    const Sample before = round_trips<CacheLine>(count);
    samples.push_back(round_trips<Queue>(count));
    const Sample after = round_trips<CacheLine>(count);
    base.push_back({(before.ns_per_event + after.ns_per_event) / 2, 0});
  }
  print(name, std::to_string(count) + " round trips", base, samples);
  const Spread cost = ratio_of(samples, base);
  std::printf("  costs %.2f ping-pongs (%.2f..%.2f)\n", cost.median, cost.low, cost.high);
}

}  // namespace

int run(std::uint64_t count) {
  if (core_count() < 2 || !pin_this_thread(0)) {
    std::printf("queue_hop: skipped, it takes two cores\n");
    return 0;
  }
  against_ping_pong<SpscRing>("spsc_ring_vs_ping_pong", count);
  against_ping_pong<StageQueue>("block_queue_vs_ping_pong", count);
  return 0;
}

}  // namespace hftsim::perf

int main(int argc, char** argv) {
  return hftsim::perf::run(hftsim::perf::count_argument(argc, argv, 100'000));
}
