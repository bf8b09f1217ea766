// Where the time of a live block goes: the trading thread notes when each stage was done, the recorder thread counts.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/core/block.h"
#include "replay/duration_histogram.h"

namespace hftsim {

// By the monotonic clock, as BlockStamps; 0 where nobody measured.
struct StageTimes {
  std::int64_t taken_ns = 0;      // by the trading thread
  std::int64_t featured_ns = 0;   // its feature rows are there
  std::int64_t predicted_ns = 0;  // its predictions are
  std::int64_t decided_ns = 0;    // and everything that follows from it is decided
  bool has_bar = false;
};

enum class LatencyStage : std::uint8_t {
  // Of every block.
  parse,     // bytes read -> events
  queue,     // events -> the trading thread
  decision,  // predictions, or events without a bar -> orders decided
  total,     // bytes read -> orders decided
  // Of blocks with a bar.
  bar_parse,
  bar_queue,
  features,
  inference,
  bar_decision,
  bar_total,
};
inline constexpr std::size_t kLatencyStageCount = 10;

std::string_view name_of(LatencyStage stage);

struct LatencyLine {
  std::string_view stage;
  std::uint64_t count = 0;
  double p50_us = 0, p99_us = 0, p999_us = 0, max_us = 0;
  // By powers of two: at most so many us, how many.
  struct Bin {
    double us;
    std::uint64_t count;
  };
  std::vector<Bin> bins = {};
};

// On one thread.
class LatencyTable {
 public:
  // Counts nothing of a block that was not read from a socket (history, a recording).
  void add(const BlockStamps& stamps, const StageTimes& times);
  // One per stage that something was counted of.
  std::vector<LatencyLine> lines() const;

 private:
  static constexpr std::size_t kBins = 34;  // of powers of two, from 1/8 us on
  struct Stage {
    DurationHistogram histogram;
    std::array<std::uint64_t, kBins> bins{};
  };
  void add(LatencyStage stage, std::int64_t ns);

  std::array<Stage, kLatencyStageCount> stages_;
};

}  // namespace hftsim
