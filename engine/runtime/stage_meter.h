// What a stage of the pipeline costs: time, and allocations once it is warm.
#pragma once

#include <cstdint>

#include "engine/core/allocation_counter.h"
#include "engine/core/clock.h"

namespace hftsim {

class StageMeter {
 public:
  // Runs one block's work of the stage. The first two blocks are its warm-up: allocations in them are not
  // counted.
  template <class Function>
  auto measure(Function function) {
    const Scope scope(*this);
    return function();
  }

  std::int64_t busy_ns() const { return busy_ns_; }
  std::uint64_t allocations_after_warmup() const { return allocations_; }

 private:
  static constexpr std::uint64_t kWarmupBlocks = 2;

  class Scope {
   public:
    explicit Scope(StageMeter& meter)
        : meter_(meter), allocations_(thread_allocation_count), start_ns_(monotonic_ns()) {}
    ~Scope() {
      meter_.busy_ns_ += monotonic_ns() - start_ns_;
      if (++meter_.blocks_ > kWarmupBlocks) meter_.allocations_ += thread_allocation_count - allocations_;
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    StageMeter& meter_;
    std::uint64_t allocations_;
    std::int64_t start_ns_;
  };

  std::int64_t busy_ns_ = 0;
  std::uint64_t allocations_ = 0;
  std::uint64_t blocks_ = 0;
};

}  // namespace hftsim
