// What came of a run, live or not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/portfolio/round_trips.h"
#include "engine/runtime/pipeline.h"
#include "engine/runtime/run_counters.h"
#include "tools/halt_watch.h"

namespace hftsim {

// What the models of a run were asked.
struct ModelUse {
  std::uint64_t predictions = 0;
  std::uint64_t in_training = 0;      // on bars that trained them
  std::uint64_t in_validation = 0;    // on bars that chose among their epochs
  double lowest = 0, highest = 0;     // of the predictions
  std::uint64_t replaced_inputs = 0;  // not finite
};

struct RunResult {
  RunCounters counters;
  RoundTripStats round_trips;
  Money initial{0}, final_equity{0}, realized{0}, fees{0}, turnover{0};
  PipelineStats pipeline;
  std::string journal_hash;
  double bars_per_year = 0;
  std::vector<std::string> features;
  std::optional<ModelUse> model;  // none: there was none
  std::optional<Halt> halt;
  std::string failure;     // what ended the run early; "" where nothing did
  bool bad_input = false;  // the failure was that of the data or of a model's bundle

  bool partial() const { return pipeline.cancelled || !failure.empty(); }
};

}  // namespace hftsim
