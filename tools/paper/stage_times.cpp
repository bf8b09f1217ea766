#include "tools/paper/stage_times.h"

#include <algorithm>
#include <bit>

namespace hftsim {
namespace {

constexpr std::int64_t kFirstBinNs = 125;

double to_us(std::int64_t ns) {
  return static_cast<double>(ns) * 1e-3;
}

}  // namespace

std::string_view name_of(LatencyStage stage) {
  constexpr std::string_view kNames[kLatencyStageCount] = {"parse",    "queue", "features", "inference",
                                                           "decision", "total", "bar_total"};
  return kNames[static_cast<std::size_t>(stage)];
}

void LatencyTable::add(const BlockStamps& stamps, const StageTimes& times) {
  if (stamps.read_ns == 0 || times.taken_ns == 0) return;
  add(LatencyStage::parse, stamps.parsed_ns - stamps.read_ns);
  add(LatencyStage::queue, times.taken_ns - stamps.parsed_ns);
  if (times.has_bar) {
    add(LatencyStage::features, times.featured_ns - times.taken_ns);
    add(LatencyStage::inference, times.predicted_ns - times.featured_ns);
    add(LatencyStage::bar_total, times.decided_ns - stamps.read_ns);
  }
  add(LatencyStage::decision, times.decided_ns - times.predicted_ns);
  add(LatencyStage::total, times.decided_ns - stamps.read_ns);
}

void LatencyTable::add(LatencyStage stage, std::int64_t ns) {
  Stage& found = stages_[static_cast<std::size_t>(stage)];
  found.histogram.add(ns);
  const auto bins_above = static_cast<std::uint64_t>(std::max<std::int64_t>(ns - 1, 0) / kFirstBinNs);
  ++found.bins[std::min<std::size_t>(static_cast<std::size_t>(std::bit_width(bins_above)), kBins - 1)];
}

std::vector<LatencyLine> LatencyTable::lines() const {
  std::vector<LatencyLine> lines;
  for (std::size_t s = 0; s < kLatencyStageCount; ++s) {
    const DurationHistogram& histogram = stages_[s].histogram;
    if (histogram.count() == 0) continue;
    LatencyLine& line = lines.emplace_back();
    line.stage = name_of(static_cast<LatencyStage>(s));
    line.count = histogram.count();
    line.p50_us = to_us(histogram.quantile(0.5));
    line.p99_us = to_us(histogram.quantile(0.99));
    line.p999_us = to_us(histogram.quantile(0.999));
    line.max_us = to_us(histogram.greatest());
    for (std::size_t b = 0; b < kBins; ++b) {
      const std::uint64_t count = stages_[s].bins[b];
      if (count > 0) line.bins.push_back({to_us(kFirstBinNs << b), count});
    }
  }
  return lines;
}

}  // namespace hftsim
