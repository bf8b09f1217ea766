// The trading thread of a live session: features, inference and trading core on one block after the other, as in replay;
// commands become events of the stream where they are obeyed, so that a recording has them; and while nothing is to be
// done, the models work ahead. No clock is read that a decision could depend on.
#pragma once

#include <cstdint>
#include <exception>
#include <optional>

#include "engine/bus/agent.h"
#include "engine/core/clock.h"
#include "engine/features/feature_stage.h"
#include "engine/inference/inference_stage.h"
#include "engine/runtime/trading_core.h"
#include "tools/paper/live_line.h"
#include "tools/paper/rehearsal.h"
#include "tools/paper/session_commands.h"
#include "tools/paper/understudy.h"
#include "tools/run_wiring.h"

namespace hftsim {

struct TradingParts {
  features::FeatureStage& features;
  inference::InferenceStage* inference;  // null without a model
  TradingCore& core;
  Journal& journal;
  Understudy* understudy = nullptr;  // of a thread that rehearses; null: less is rehearsed
};

inline TradingParts parts_of(RunWiring& run) {
  return {run.features, run.inference.get(), run.core, run.journal};
}

class Trader {
 public:
  // All outlive it. `rehearses`: for a thread that does not sleep (rehearsal.h).
  Trader(LiveLine& line, SessionCommands& commands, const TradingParts& parts, bool rehearses = false);

  // The thread's work. Finished after the last block, with which the core has finished; or when something threw
  // (failure()): then the line is abandoned and gets a last block for those behind. Allocates nothing.
  Work work();

  // After work() finished.
  const std::exception_ptr& failure() const { return failure_; }

 private:
  Work next();
  Work pass_time();
  bool obey_next_command();
  void process(Block& block, StageTimes& times);
  void finish(Block& block);
  void give_up();

  LiveLine& line_;
  SessionCommands& commands_;
  TradingParts parts_;
  SimulationClock clock_;
  std::int64_t last_recv_ns_ = INT64_MIN;
  std::uint64_t blocks_ = 0;
  std::optional<Rehearsal> rehearsal_;
  std::exception_ptr failure_;
};

}  // namespace hftsim
