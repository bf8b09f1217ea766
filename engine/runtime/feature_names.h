// The run's feature rows as strategies look them up.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/features/catalog.h"
#include "engine/runtime/strategy.h"

namespace hftsim {

class FeatureNames final : public FeatureLookup {
 public:
  explicit FeatureNames(std::vector<std::string> names) : names_(std::move(names)) {}

  FeatureSlot slot(const std::string& name) const override { return features::slot_of(name, names_); }

  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
};

}  // namespace hftsim
