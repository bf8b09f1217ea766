// What the benchmarks of replay share: seeded bars in memory, a source that hands them out, and one run of the
// engine over them, timed from the first event to the end of the journal. Nothing is written: records and
// equity marks are hashed and dropped.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/execution/bar_venue_config.h"
#include "engine/runtime/event_source.h"
#include "engine/runtime/pipeline.h"
#include "engine/runtime/trading_core.h"
#include "perf/bench.h"

namespace hftsim::perf {

struct Bars {
  std::vector<Event> events;  // of one instrument
  std::vector<Instrument> instruments;
};

Bars generated_bars(std::uint64_t count);

class MemorySource final : public EventSource {
 public:
  explicit MemorySource(const Bars& bars) : bars_(bars) {}
  std::span<const Instrument> instruments() const override { return bars_.instruments; }
  std::size_t read(std::span<Event> out) override;
  std::span<const Event> next(std::span<Event> room) override;

 private:
  const Bars& bars_;
  std::size_t next_ = 0;
};

// Momentum with the default sizing, stop loss and fills at the next open. Drawdown and daily loss are judged
// but never stop it, and trading is free, so that it goes on trading however long the run is.
TradingConfig trading_config();
BarVenueConfig venue_config();

// The 85 default features; momentum's are among them.
std::vector<std::string> feature_names();

struct Outcome {
  std::string hash;
  RunCounters counters;
  std::uint64_t records = 0;  // of the journal: signals, orders, reports, refusals
  Money equity{0};
  PipelineStats stats;
  Sample sample;
};

// One replay through the pipeline, with a model where there is one. Its sample's allocations are those of all
// stages after their warm-up.
Outcome replay(const Bars& bars, const PipelineOptions& options = {},
               inference::InferenceStage* inference = nullptr);

// Blocks that have passed the feature stage, of whose columns momentum's are kept: what is left to do is the
// trading core's.
class TradingBench {
 public:
  explicit TradingBench(const Bars& bars, std::uint32_t block_events = 256);
  TradingBench(const TradingBench&) = delete;
  TradingBench& operator=(const TradingBench&) = delete;

  // Decides what replay() decides. `stats` stays empty.
  Outcome run();

  // Calls f(bar, momentum, volume_ratio, warm) for every bar.
  template <class Function>
  void for_each(Function f) {
    for (BlockHandle handle = 0; handle < blocks_.size(); ++handle) {
      const Block& block = blocks_[handle];
      for (std::uint32_t i = 0; i < block.size; ++i) {
        f(block.events[i].bar, block.feature(0, i), block.feature(1, i), block.warm[i] != 0);
      }
    }
  }

 private:
  void fill(Block& block, const Block& computed);

  const Bars& bars_;
  Arena arena_;
  BlockPool blocks_;
};

}  // namespace hftsim::perf
