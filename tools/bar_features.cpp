#include "tools/bar_features.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>
#include <utility>

#include "engine/core/errors.h"
#include "engine/features/catalog.h"
#include "engine/features/feature_set.h"
#include "tools/commands/interrupt.h"
#include "tools/progress_bar.h"

namespace hftsim {
namespace {

constexpr std::size_t kBlock = 4096;

// The catalog would take the second for the first, and the user may have meant another.
void expect_each_once(const std::string& list) {
  std::set<std::string> seen;
  std::istringstream names(list);
  for (std::string name; std::getline(names, name, ',');) {
    if (!seen.insert(name).second) throw BadInput("--features", "'" + name + "' twice", "every feature once");
  }
}

const Instrument& only_instrument(const RunData& data) {
  const std::span<const Instrument> all = data.instruments();
  if (all.size() == 1) return all.front();
  throw BadInput("--data", std::to_string(all.size()) + " instruments", "one: a model is trained on one");
}

}  // namespace

BarFeatures::BarFeatures(RunData& data, std::vector<std::string> names)
    : names_(std::move(names)), bar_interval_(only_instrument(data).bar_interval) {
  features::FeatureSet set(names_, {bar_interval_});
  grow(std::max<std::size_t>(data.size_hint(), kBlock));
  ProgressBar progress("features", "bars", data.size_hint());
  std::vector<Event> bars(kBlock);
  std::vector<double> block(names_.size() * kBlock);
  std::size_t last = 0;
  while (const std::size_t count = data.read(bars)) {
    stop_if_interrupted("the features of " + data.path());
    const std::span<const Event> read = std::span<const Event>(bars).first(count);
    append(read, block.data(), kBlock, set.update(read, block.data(), kBlock));
    progress.update(data.bars());
    last = count - 1;
  }
  expect_rows(data, set.warmup_bars(), block.data() + last, kBlock);
}

// Says which feature it was that no bar ever filled.
void BarFeatures::expect_rows(const RunData& data, std::size_t warmup_bars, const double* last_row,
                              std::size_t stride) const {
  if (rows() > 0) return;
  if (data.bars() <= warmup_bars) {
    throw BadInput(data.path(), std::to_string(data.bars()) + " bars",
                   "more than " + std::to_string(warmup_bars) + ": some feature is unknown until then");
  }
  std::size_t unknown = 0;
  while (unknown + 1 < names_.size() && !std::isnan(last_row[unknown * stride])) ++unknown;
  throw BadInput(data.path(),
                 std::to_string(data.bars()) + " bars of which none has a value for every feature: '" +
                     names_[unknown] + "' is unknown at the last one",
                 "prices and volumes from which every feature can be computed, or --features without it");
}

void BarFeatures::append(std::span<const Event> bars, const double* block, std::size_t stride,
                         std::size_t cold) {
  bars_before_ += cold;
  const std::size_t first = rows(), count = bars.size() - cold;
  if (first + count > capacity_) grow(2 * capacity_);
  for (std::size_t k = 0; k < names_.size(); ++k) {
    std::copy_n(block + k * stride + cold, count, columns_.data() + k * capacity_ + first);
  }
  for (const Event& bar : bars.subspan(cold)) {
    close_.push_back(bar.bar.close);
    closed_at_.push_back(bar.ts());
  }
}

void BarFeatures::grow(std::size_t capacity) {
  std::vector<double> columns(names_.size() * capacity);
  for (std::size_t k = 0; k < names_.size(); ++k) {
    std::copy_n(columns_.data() + k * capacity_, rows(), columns.data() + k * capacity);
  }
  columns_ = std::move(columns);
  capacity_ = capacity;
}

models::FeatureRows BarFeatures::slice(std::size_t first, std::size_t last) const {
  return {columns_.data() + first, capacity_, names_, std::span(close_).subspan(first, last - first)};
}

std::vector<std::string> model_features(const std::string& list, std::span<const std::uint32_t> windows) {
  expect_each_once(list);
  std::vector<std::string> names = features::parse_feature_list(list, windows);
  if (list == "default") std::erase(names, "trades");
  const std::vector<std::string> order = features::default_features(windows);
  std::ranges::stable_sort(names, {},
                           [&](const std::string& name) { return std::ranges::find(order, name); });
  if (names.empty()) throw BadInput("--features", "an empty list", "at least one feature");
  return names;
}

}  // namespace hftsim
