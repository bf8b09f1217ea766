// Features from their definitions in docs/features.md, in long double: windows are gone through value by
// value, recursions are carried as written. Slow, and independent of the engine's operators.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "engine/core/event.h"

namespace hftsim::features {

using Exact = long double;

// What a feature should be. Where terms cancel, the engine's error is that of the terms: `scale` is their
// size, in the feature's unit; 0 where nothing cancels.
struct Expected {
  Exact value;
  Exact scale = 0;
};

// The bars so far. k counts back from the newest bar.
class NaiveHistory {
 public:
  static constexpr std::uint64_t kDepth = 1024;

  void add(const Event& bar) { bars_[count_++ % kDepth] = bar; }
  std::uint64_t count() const { return count_; }
  bool has(std::uint64_t k) const { return k < count_; }

  Exact open(std::uint64_t k = 0) const { return at(k).bar.open; }
  Exact high(std::uint64_t k = 0) const { return at(k).bar.high; }
  Exact low(std::uint64_t k = 0) const { return at(k).bar.low; }
  Exact close(std::uint64_t k = 0) const { return at(k).bar.close; }
  Exact volume(std::uint64_t k = 0) const { return at(k).bar.volume; }
  Exact trades(std::uint64_t k = 0) const { return trade_count(at(k)); }
  std::int64_t open_ns() const { return at(0).ts_ns - 60'000'000'000; }

 private:
  const Event& at(std::uint64_t k) const { return bars_[(count_ - 1 - k) % kDepth]; }
  std::vector<Event> bars_ = std::vector<Event>(kDepth);
  std::uint64_t count_ = 0;
};

class NaiveFeatures {
 public:
  explicit NaiveFeatures(const std::vector<std::string>& names);

  void add(const Event& bar);
  // Of the newest bar.
  Expected expected(std::size_t feature) const { return values_[feature](history_); }

 private:
  NaiveHistory history_;
  std::vector<std::function<Expected(const NaiveHistory&)>> values_;
  std::vector<std::function<void(const NaiveHistory&)>> steps_;  // of the recursive ones, once per bar
};

}  // namespace hftsim::features
