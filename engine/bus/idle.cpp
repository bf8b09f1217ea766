#include "engine/bus/idle.h"

#include <immintrin.h>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <thread>

namespace hftsim {
namespace {

constexpr std::uint32_t kSpins = 64;
constexpr std::uint32_t kYieldsBeforeParking = 16, kYieldsBeforeWaiting = 160;

void sleep_us(std::uint32_t us) {
  std::this_thread::sleep_for(std::chrono::microseconds(us));
}

}  // namespace

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
    case IdleStrategy::wait:
      return "wait";
    case IdleStrategy::doze:
      return "doze";
  }
  return "";
}

Idle::Idle(IdleStrategy strategy, Wakeup* wakeup) : strategy_(strategy), wakeup_(wakeup) {
  assert(strategy != IdleStrategy::wait || wakeup != nullptr);
}

void Idle::idle() {
  ++waits_;
  ++attempts_;
  switch (strategy_) {
    case IdleStrategy::spin:
      return _mm_pause();
    case IdleStrategy::yield:
      return std::this_thread::yield();
    case IdleStrategy::park:
      if (attempts_ < kSpins + kYieldsBeforeParking) return pause();
      return sleep_us(std::min<std::uint32_t>(100, attempts_ - kSpins - kYieldsBeforeParking + 1));
    case IdleStrategy::wait:
      return attempts_ < kSpins + kYieldsBeforeWaiting ? pause() : sleep();
    case IdleStrategy::doze:
      return sleep_us(1000);
  }
}

void Idle::pause() {
  if (attempts_ < kSpins) {
    _mm_pause();
  } else {
    std::this_thread::yield();
  }
}

// Announces it the first time, so that one more attempt is made in between.
void Idle::sleep() {
  if (!announced_) {
    wakeup_->announce();
    announced_ = true;
    return;
  }
  wakeup_->sleep();
  reset();
}

void Idle::stay_awake() {
  wakeup_->stay_awake();
  announced_ = false;
}

}  // namespace hftsim
