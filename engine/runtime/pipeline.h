// The line that blocks travel: source -> features -> inference -> trading core -> back to the source.
//
//   inline     all stages on the calling thread, one block; the default in replay, where a hop between
//              threads costs more than a bar's features
//   pipelined  a thread per stage, a queue of block handles between neighbours; stages before the trading
//              core run ahead as far as there are blocks
//
// Both give the same bytes: a stage sees the same events in the same order, and none looks at how they were
// cut into blocks.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string_view>

#include "engine/bus/idle.h"
#include "engine/core/block.h"
#include "engine/features/feature_stage.h"
#include "engine/inference/inference_stage.h"
#include "engine/runtime/event_source.h"
#include "engine/runtime/stage_meter.h"
#include "engine/runtime/trading_core.h"

namespace hftsim {

enum class ThreadMode : std::uint8_t { run_inline, pipelined };

std::string_view name_of(ThreadMode mode);

struct PipelineOptions {
  ThreadMode threads = ThreadMode::run_inline;
  std::uint32_t block_events = 256;
  std::uint32_t block_count = 8;              // pipelined: how far stages may run ahead
  bool pin = false;                           // pipelined: a core per stage, in order
  std::optional<IdleStrategy> idle;           // none: default_idle_strategy
  unsigned inference_threads = 1;             // that work on a block's windows at once: for that choice
  const std::atomic<bool>* cancel = nullptr;  // set by somebody else: the run ends after the current block
  std::function<void(std::uint64_t events)> on_progress;  // after every block, from one thread at a time
};

// Threads that a pipelined run keeps busy: one per stage, and those that help the inference.
unsigned thread_count(const PipelineOptions& options, bool infers);

struct PipelineStats {
  std::uint64_t events = 0;
  bool cancelled = false;
  std::int64_t wall_ns = 0;
  StageMeter read, features, inference, trading;
  std::uint64_t waits = 0;  // pipelined: how often a stage found its queue empty
};

class Pipeline {
 public:
  // Everything given has to outlive the pipeline. `inference` is null without a model. Blocks are allocated here.
  Pipeline(EventSource& source, features::FeatureStage& features, inference::InferenceStage* inference,
           TradingCore& trading, std::uint32_t feature_count, PipelineOptions options);

  // Runs to the end of the source, or until cancelled. Throws what a stage threw; where that was the source or
  // the inference, the trading core has handled every block before. Does not finish() the trading core.
  void run();

  // Whether that was the inference.
  bool inference_failed() const { return inference_failure_ != nullptr; }

  // Also after run() threw: what had been done by then.
  const PipelineStats& stats() const { return stats_; }

 private:
  void run_inline();
  void run_pipelined();
  std::span<const Event> read_events(std::span<Event> room);
  bool read_into(Block& block);
  void compute(Block& block);
  void infer(Block& block);
  void trade(const Block& block);

  EventSource& source_;
  features::FeatureStage& features_;
  inference::InferenceStage* inference_;
  TradingCore& trading_;
  PipelineOptions options_;
  Arena arena_;
  BlockPool blocks_;
  PipelineStats stats_;
  std::uint64_t blocks_read_ = 0;
  std::exception_ptr source_failure_, inference_failure_;
  std::atomic<bool> ended_{false};  // the inference failed: nothing more is to be read
};

}  // namespace hftsim
