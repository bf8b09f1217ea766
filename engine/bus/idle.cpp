#include "engine/bus/idle.h"

#include <immintrin.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace hftsim {

IdleStrategy default_idle_strategy(unsigned thread_count) {
  return std::thread::hardware_concurrency() > thread_count ? IdleStrategy::yield : IdleStrategy::park;
}

std::string_view name_of(IdleStrategy strategy) {
  switch (strategy) {
    case IdleStrategy::spin:
      return "spin";
    case IdleStrategy::yield:
      return "yield";
    case IdleStrategy::park:
      return "park";
  }
  return "";
}

void Idle::idle() {
  constexpr std::uint32_t kSpins = 64, kYields = 16;
  ++waits_;
  ++attempts_;
  if (strategy_ == IdleStrategy::spin || (strategy_ == IdleStrategy::park && attempts_ < kSpins)) {
    _mm_pause();
    return;
  }
  if (strategy_ == IdleStrategy::yield || attempts_ < kSpins + kYields) {
    std::this_thread::yield();
    return;
  }
  const std::uint32_t step_us = std::min<std::uint32_t>(100, attempts_ - kSpins - kYields + 1);
  std::this_thread::sleep_for(std::chrono::microseconds(step_us));
}

}  // namespace hftsim
