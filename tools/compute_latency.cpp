#include "tools/compute_latency.h"

#include <algorithm>
#include <vector>

#include "engine/core/clock.h"
#include "engine/features/catalog.h"
#include "engine/features/feature_stage.h"
#include "replay/bar_generator.h"
#include "strategies/registry.h"
#include "tools/run_features.h"

namespace hftsim {
namespace {

constexpr std::size_t kMeasuredBars = 400;
constexpr std::size_t kBarsBefore = 600;  // until features and windows are warm

std::vector<Event> generated_bars(std::size_t count) {
  BarGeneratorOptions options;
  options.bars = count;
  BarGenerator generator(options);
  std::vector<Event> bars(count);
  std::size_t done = 0;
  while (const std::size_t read = generator.read(std::span(bars).subspan(done))) done += read;
  return bars;
}

std::uint32_t longest_lookback(const RunModel& model) {
  std::uint32_t longest = 0;
  for (const models::LoadedModel& loaded : model.models()) {
    longest = std::max(longest, loaded.bundle().metadata.lookback);
  }
  return longest;
}

}  // namespace

std::int64_t measured_compute_latency_ns(const RunConfig& config, RunModel& model) {
  const auto strategy = make_strategy(config.strategy.name, config.strategy.params);
  const FeatureNames names(features_of(config, model, *strategy));
  const Instrument instrument;
  features::FeatureStage features(names.names(), {&instrument, 1}, 1);
  const auto inference = model.make_live_stage(names);
  Arena arena(BlockPool::bytes_needed(1, 1, static_cast<std::uint32_t>(names.names().size())));
  BlockPool pool(arena, 1, 1, static_cast<std::uint32_t>(names.names().size()));
  Block& block = pool[0];
  block.size = 1;

  const std::size_t before = kBarsBefore + features.set(0).warmup_bars() + longest_lookback(model);
  const std::vector<Event> bars = generated_bars(before + kMeasuredBars);
  std::vector<std::int64_t> spent_ns;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    block.events = std::span(bars).subspan(i, 1);
    const std::int64_t start_ns = monotonic_ns();
    features.process(block);
    if (inference) inference->process(block);
    const std::int64_t end_ns = monotonic_ns();
    while (inference && inference->advance()) {
    }
    if (i >= before) spent_ns.push_back(end_ns - start_ns);
  }
  const auto middle = spent_ns.begin() + static_cast<std::ptrdiff_t>(spent_ns.size() / 2);
  std::nth_element(spent_ns.begin(), middle, spent_ns.end());
  return *middle;
}

}  // namespace hftsim
