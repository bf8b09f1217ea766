// How long it takes from a bar to a decision here: features and models, one bar at a time as live trading has
// them. For execution.compute_latency = measured.
#pragma once

#include <cstdint>

#include "tools/run_config.h"
#include "tools/run_model.h"

namespace hftsim {

// The median over some hundred generated bars, ns. What a predictor can do before the bar is there does not
// count (Predictor::advance). Not the same from run to run: keep what it says.
std::int64_t measured_compute_latency_ns(const RunConfig& config, RunModel& model);

}  // namespace hftsim
