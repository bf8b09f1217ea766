#include "models/bundle_check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <set>

#include "engine/core/errors.h"
#include "engine/core/nearest_name.h"
#include "engine/features/catalog.h"
#include "models/metadata_check.h"

namespace hftsim::models {
namespace {

constexpr const char* kRemedy =
    "features.list = none computes what the model and the strategy need, in the model's order";

void expect_in_catalog(const std::vector<std::string>& names, const std::string& place) {
  features::GraphBuilder unused;
  for (std::uint32_t i = 0; i < names.size(); ++i) {
    try {
      features::build_feature(unused, names[i], i);
    } catch (const BadInput& error) {
      throw BadInput(place + ": " + error.what());
    }
  }
}

// An empty list of the model's: it does not say, and its features' names do.
void expect_windows(const std::vector<std::uint32_t>& trained, std::span<const std::uint32_t> run,
                    const std::string& place) {
  if (trained.empty() || run.empty()) return;
  if (std::set(trained.begin(), trained.end()) == std::set(run.begin(), run.end())) return;
  throw BadInput("features.windows", fmt::format("{}", fmt::join(run, ",")),
                 fmt::format("{}, which {} was trained with; or leave them out: {}", fmt::join(trained, ","),
                             place, kRemedy));
}

std::uint32_t slot_in(std::span<const std::string> run, const std::string& name, const std::string& place) {
  const auto found = std::find(run.begin(), run.end(), name);
  if (found != run.end()) return static_cast<std::uint32_t>(found - run.begin());
  throw BadInput(place + ": its feature '" + name + "' is not computed in this run" +
                 did_you_mean(name, run) + "; " + kRemedy);
}

void expect_same_order(const std::vector<std::string>& names, const std::vector<std::uint32_t>& slots,
                       const std::string& place) {
  const auto fault = std::adjacent_find(slots.begin(), slots.end(), std::greater<>());
  if (fault == slots.end()) return;
  const auto before = static_cast<std::size_t>(fault - slots.begin()), i = before + 1;
  throw BadInput(
      fmt::format("{}: its features are in another order than the run's: '{}' is number {} in the model and "
                  "{} in the run, "
                  "behind '{}' there, which is number {} in the run; {}",
                  place, names[i], i + 1, slots[i] + 1, names[before], slots[before] + 1, kRemedy));
}

}  // namespace

std::vector<std::uint32_t> check_features(const BundleMetadata& metadata,
                                          std::span<const std::string> run_features,
                                          std::span<const std::uint32_t> run_windows,
                                          const std::string& place) {
  check_metadata(metadata, place);
  expect_in_catalog(metadata.features, place);
  expect_windows(metadata.windows, run_windows, place);
  std::vector<std::uint32_t> slots;
  slots.reserve(metadata.features.size());
  for (const std::string& name : metadata.features) slots.push_back(slot_in(run_features, name, place));
  expect_same_order(metadata.features, slots, place);
  return slots;
}

}  // namespace hftsim::models
