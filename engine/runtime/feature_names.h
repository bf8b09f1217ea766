// The run's feature rows as strategies look them up.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/errors.h"
#include "engine/core/nearest_name.h"
#include "engine/runtime/strategy.h"

namespace hftsim {

class FeatureNames final : public FeatureLookup {
 public:
  explicit FeatureNames(std::vector<std::string> names) : names_(std::move(names)) {}

  FeatureSlot slot(const std::string& name) const override {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end()) {
      throw BadInput("feature '" + name + "' is not computed in this run" + did_you_mean(name, names_));
    }
    return static_cast<FeatureSlot>(found - names_.begin());
  }

  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
};

}  // namespace hftsim
