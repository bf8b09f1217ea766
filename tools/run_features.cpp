#include "tools/run_features.h"

#include "engine/features/catalog.h"

namespace hftsim {

bool needs_volatility(const RunConfig& config) {
  return config.account.sizer == "volatility_target" || config.risk.volatility_limit > 0;
}

std::vector<std::string> features_of(const RunConfig& config, const RunModel& model,
                                     const Strategy& strategy) {
  std::string list;
  for (const std::string& name : config.features.list) list += name + ",";
  for (const std::string& name : model.features()) list += name + ",";
  for (const std::string& name : strategy.features()) list += name + ",";
  if (needs_volatility(config)) list += kVolatilityFeature;
  return features::parse_feature_list(list, feature_windows(config));
}

}  // namespace hftsim
