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
  constexpr std::string_view kNames[kLatencyStageCount] = {
      "parse",     "queue",    "decision",  "total",        "bar_parse",
      "bar_queue", "features", "inference", "bar_decision", "bar_total"};
  return kNames[static_cast<std::size_t>(stage)];
}

void LatencyTable::add(const BlockStamps& stamps, const StageTimes& times) {
  if (stamps.read_ns == 0 || times.taken_ns == 0) return;
  const std::int64_t parse_ns = stamps.parsed_ns - stamps.read_ns,
                     queue_ns = times.taken_ns - stamps.parsed_ns,
                     decision_ns = times.decided_ns - times.predicted_ns,
                     total_ns = times.decided_ns - stamps.read_ns;
  add(LatencyStage::parse, parse_ns);
  add(LatencyStage::queue, queue_ns);
  add(LatencyStage::decision, decision_ns);
  add(LatencyStage::total, total_ns);
  if (!times.has_bar) return;
  add(LatencyStage::bar_parse, parse_ns);
  add(LatencyStage::bar_queue, queue_ns);
  add(LatencyStage::features, times.featured_ns - times.taken_ns);
  add(LatencyStage::inference, times.predicted_ns - times.featured_ns);
  add(LatencyStage::bar_decision, decision_ns);
  add(LatencyStage::bar_total, total_ns);
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
