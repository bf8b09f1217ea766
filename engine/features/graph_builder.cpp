#include "engine/features/graph_builder.h"

#include <algorithm>

namespace hftsim::features {
namespace {

bool same_work(const EntrySpec& a, const EntrySpec& b) {
  return a.in == b.in && a.back == b.back && a.window == b.window && a.k == b.k;
}

// Windows over the bar's own numbers wait for those over numbers derived from them, so that one node does all
// windows of an operator: less to start, and more that can be done side by side. Ladders come after what does not
// need them: of a single bar, they read several values at once that were written one by one, and would wait for
// the last of them.
std::uint32_t earliest_phase(Op op) {
  switch (op) {
    case Op::ema:
      return 2;
    case Op::sum_ladder:
    case Op::min_ladder:
    case Op::max_ladder:
      return 3;
    case Op::mean:
      return 4;
    default:
      return 1;
  }
}

}  // namespace

GraphBuilder::GraphBuilder() : series_(kInputCount) {}

void GraphBuilder::look_back(Series x, std::uint32_t bars) {
  series_[x].pad = std::max(series_[x].pad, bars);
}

Series GraphBuilder::add_series(std::uint32_t known_from, std::uint32_t phase) {
  series_.push_back({0, known_from, phase});
  return static_cast<Series>(series_.size() - 1);
}

std::uint32_t GraphBuilder::phase_after(Op op, const EntrySpec& spec) const {
  std::uint32_t phase = earliest_phase(op);
  for (const Series x : spec.in) {
    if (x != kNoSeries) phase = std::max(phase, series_[x].phase + 1);
  }
  return phase;
}

NodeSpec& GraphBuilder::node(Op op, std::uint32_t phase) {
  for (NodeSpec& node : nodes_) {
    if (node.op == op && node.phase == phase) return node;
  }
  nodes_.push_back({op, phase, {}});
  return nodes_.back();
}

EntrySpec& GraphBuilder::find_or_add(Op op, std::uint32_t phase, const EntrySpec& wanted,
                                     std::uint32_t made_count, std::uint32_t known_from) {
  NodeSpec& home = node(op, phase);
  for (EntrySpec& entry : home.entries) {
    if (same_work(entry, wanted)) return entry;
  }
  home.entries.push_back(wanted);
  for (std::size_t i = 0; i < wanted.in.size(); ++i) {
    if (wanted.in[i] != kNoSeries) look_back(wanted.in[i], wanted.back[i]);
  }
  for (std::uint32_t i = 0; i < made_count; ++i) {
    home.entries.back().made[i] = add_series(known_from, phase);
  }
  return home.entries.back();
}

EntrySpec& GraphBuilder::entry(Op op, const EntrySpec& wanted, std::uint32_t made_count,
                               std::uint32_t known_from) {
  return find_or_add(op, phase_after(op, wanted), wanted, made_count, known_from);
}

Series GraphBuilder::derived(Op op, std::array<Series, 4> in, std::uint32_t known_from,
                             std::array<std::uint32_t, 4> back) {
  EntrySpec wanted;
  wanted.in = in;
  wanted.back = back;
  return entry(op, wanted, 1, known_from).made[0];
}

Series GraphBuilder::nobody() {
  if (nobody_ == kNoSeries) nobody_ = add_series(0, 0);
  return nobody_;
}

Series GraphBuilder::kept(Op op, EntrySpec wanted, std::uint32_t known_from) {
  wanted.made[0] = nobody();
  Series& made = entry(op, wanted).made[0];
  if (made == nobody()) made = add_series(known_from, phase_after(op, wanted));
  return made;
}

// All rungs of a series' ladder run in one node, in the order they were added: shorter ones first.
Series GraphBuilder::rung(Op op, Series x, std::uint32_t window) {
  if (window == 1) return x;
  const std::uint32_t half = window / 2;
  EntrySpec wanted;
  wanted.in[0] = wanted.in[1] = rung(op, x, half);
  wanted.back[1] = half;
  if (window % 2 != 0) {
    wanted.in[2] = x;
    wanted.back[2] = window - 1;
  }
  wanted.window = window;
  const std::uint32_t phase = std::max(earliest_phase(op), series_[x].phase + 1);
  return find_or_add(op, phase, wanted, 1, known_from(x) + window - 1).made[0];
}

GraphBuilder::Moments GraphBuilder::moments(Series x, std::uint32_t window) {
  if (window == 1) return {x, kNoSeries};
  const std::uint32_t half = window / 2, even = 2 * half;
  const Moments newer = moments(x, half);
  EntrySpec wanted;
  wanted.in = {newer.sum, newer.m2, kNoSeries, kNoSeries};
  wanted.k = {1.0 / half, half / 2.0, 0};
  if (window != even) {
    wanted.in[2] = x;
    wanted.back[2] = even;
    wanted.k[2] = static_cast<double>(even) / window;
  }
  wanted.window = window;
  look_back(newer.sum, half);
  if (newer.m2 != kNoSeries) look_back(newer.m2, half);
  const EntrySpec& made =
      find_or_add(Op::moment_ladder, series_[x].phase + 1, wanted, 2, known_from(x) + window - 1);
  return {made.made[0], made.made[1]};
}

std::vector<NodeSpec> GraphBuilder::nodes() const {
  std::vector<NodeSpec> ordered = nodes_;
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const NodeSpec& a, const NodeSpec& b) { return a.phase < b.phase; });
  return ordered;
}

}  // namespace hftsim::features
