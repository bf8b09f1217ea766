// Which features a run computes, in their order.
#pragma once

#include <string>
#include <vector>

#include "engine/runtime/strategy.h"
#include "tools/run_config.h"
#include "tools/run_model.h"

namespace hftsim {

inline constexpr const char* kVolatilityFeature = "volatility_20";

// Whether sizer or risk gate look at kVolatilityFeature.
bool needs_volatility(const RunConfig& config);

// What the config lists, then what the models, the strategy and the sizer need besides.
std::vector<std::string> features_of(const RunConfig& config, const RunModel& model,
                                     const Strategy& strategy);

}  // namespace hftsim
