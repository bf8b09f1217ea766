#include "engine/features/program.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace hftsim::features {
namespace {

std::size_t entry_count(const std::vector<NodeSpec>& nodes) {
  std::size_t count = 0;
  for (const NodeSpec& node : nodes) count += node.entries.size();
  return count;
}

std::size_t state_count(const std::vector<NodeSpec>& nodes) {
  std::size_t count = 0;
  for (const NodeSpec& node : nodes) {
    for (const EntrySpec& entry : node.entries) count += entry.state_count;
  }
  return count;
}

Quad quad_of(std::span<const Entry> entries) {
  Quad quad;
  for (std::size_t lane = 0; lane < 4; ++lane) {
    const Entry& entry = entries[lane < entries.size() ? lane : 0];
    for (std::size_t j = 0; j < std::size(entry.in); ++j) quad.in[j][lane] = entry.in[j];
    for (std::size_t j = 0; j < std::size(entry.made); ++j) quad.made[j][lane] = entry.made[j];
    for (std::size_t j = 0; j < std::size(entry.k); ++j) quad.k[j][lane] = entry.k[j];
    for (std::size_t j = 0; j < std::size(entry.out); ++j) quad.out[j][lane] = entry.out[j];
  }
  return quad;
}

constexpr std::uint32_t kLanes = 4;

bool lies_behind(const Run& run, const Entry& entry) {
  for (std::size_t j = 0; j < std::size(run.in); ++j) {
    const double* const expected = run.in[j] == nullptr ? nullptr : run.in[j] + run.count;
    if (entry.in[j] != expected) return false;
  }
  return entry.made[0] == run.made + run.count;
}

std::vector<Run> side_by_side(std::span<const Entry> entries) {
  std::vector<Run> runs;
  for (const Entry& entry : entries) {
    if (!runs.empty() && runs.back().count < kLanes && lies_behind(runs.back(), entry)) {
      ++runs.back().count;
    } else {
      runs.push_back({{entry.in[0], entry.in[1], entry.in[2]}, entry.made[0], 1, false});
    }
  }
  return runs;
}

// Every run followed by one that goes on from it, where there is one. Left alone where a run needs what lies across
// several others: those have to stay in order of their length.
void chain(std::vector<Run>& runs) {
  std::vector<Run> ordered;
  const auto stands_on = [](const Run& below) {
    return [&below](const Run& run) {
      return run.in[0] == below.made && run.count <= below.count;
    };
  };
  std::vector<Run> left = runs;
  while (!left.empty()) {
    auto next =
        ordered.empty() ? left.end() : std::find_if(left.begin(), left.end(), stands_on(ordered.back()));
    const bool goes_on = next != left.end();
    if (!goes_on) next = left.begin();
    ordered.push_back(*next);
    ordered.back().goes_on = goes_on;
    left.erase(next);
  }
  const auto made_by = [&](const double* x) {
    return std::any_of(runs.begin(), runs.end(),
                       [x](const Run& run) { return x >= run.made && x < run.made + run.count; });
  };
  for (const Run& run : ordered) {
    if (!run.goes_on && made_by(run.in[0])) return;
  }
  runs = ordered;
}

}  // namespace

// Turns the nodes into entries of one layout.
class Program::Resolver {
 public:
  Resolver(Program& program, const History& history, bool rows, std::uint32_t no_slot)
      : program_(program), history_(history), rows_(rows), no_slot_(no_slot) {}

  Node resolve(const NodeSpec& spec) {
    Node node;
    std::vector<Entry>& entries = program_.entries_;
    node.first = entries.data() + entries.size();
    for (const EntrySpec& entry : spec.entries) entries.push_back(resolve(entry));
    node.past = entries.data() + entries.size();
    return node;
  }

 private:
  Entry resolve(const EntrySpec& spec) {
    const std::size_t step = rows_ ? history_.row_width() : 1;
    const auto at = [&](Series x) {
      return rows_ ? history_.row(x) : history_.column(x);
    };
    Entry entry;
    for (std::size_t i = 0; i < spec.in.size(); ++i) {
      if (spec.in[i] != kNoSeries) entry.in[i] = at(spec.in[i]) - spec.back[i] * step;
    }
    for (std::size_t i = 0; i < spec.made.size(); ++i) {
      if (spec.made[i] != kNoSeries) entry.made[i] = at(spec.made[i]);
    }
    entry.window = spec.window;
    std::copy(spec.k.begin(), spec.k.end(), entry.k);
    std::transform(spec.out.begin(), spec.out.end(), entry.out,
                   [this](std::uint32_t slot) { return slot == kNoSlot ? no_slot_ : slot; });
    entry.state = next_state(spec);
    return entry;
  }

  // Entries that carry something come in the same order in both layouts, so that they share it.
  double* next_state(const EntrySpec& spec) {
    if (spec.state_count == 0) return nullptr;
    std::vector<double>& states = program_.states_;
    if (states_used_ == states.size()) states.insert(states.end(), spec.state_count, spec.state_initial);
    return states.data() + std::exchange(states_used_, states_used_ + spec.state_count);
  }

  Program& program_;
  const History& history_;
  bool rows_;
  std::uint32_t no_slot_;
  std::size_t states_used_ = 0;
};

Program::Program(const std::vector<NodeSpec>& columns, const std::vector<NodeSpec>& rows,
                 const History& history, const KernelTable& kernels, std::uint32_t no_slot) {
  const std::size_t entries = entry_count(columns);
  states_.reserve(state_count(columns));
  entries_.reserve(2 * entries);
  quads_.reserve(entries);
  runs_.reserve(entries);

  Resolver in_columns(*this, history, false, no_slot);
  for (const NodeSpec& spec : columns) {
    block_.push_back(in_columns.resolve(spec));
    block_.back().run = kernels.block[static_cast<std::size_t>(spec.op)];
  }
  Resolver in_rows(*this, history, history.has_rows(), no_slot);
  for (const NodeSpec& spec : rows) {
    bar_.push_back(in_rows.resolve(spec));
    bar_.back().run = kernels.single[static_cast<std::size_t>(spec.op)];
    if (is_pointwise(spec.op) || spec.op == Op::ema) add_quads(bar_.back());
    if (is_ladder(spec.op) && history.has_rows()) add_runs(bar_.back());
  }
  Node last;
  last.run = kernels.last;
  block_.push_back(last);
  bar_.push_back(last);
}

// A single entry is done faster by itself. Three lanes where that leaves none empty or four would: windows mostly
// come in threes.
void Program::add_quads(Node& node) {
  const std::span<const Entry> entries(node.first, node.past);
  if (entries.size() < 2) return;
  const std::size_t lanes = entries.size() % 4 == 0 || entries.size() < 3 ? 4 : 3;
  node.quads = quads_.data() + quads_.size();
  for (std::size_t first = 0; first < entries.size(); first += lanes) {
    quads_.push_back(quad_of(entries.subspan(first, std::min(lanes, entries.size() - first))));
    quads_.back().lanes = static_cast<std::uint32_t>(lanes);
  }
  node.quads_past = quads_.data() + quads_.size();
}

void Program::add_runs(Node& node) {
  std::vector<Run> runs = side_by_side({node.first, node.past});
  if (runs.size() == static_cast<std::size_t>(node.past - node.first)) return;  // no two side by side
  chain(runs);
  node.runs = runs_.data() + runs_.size();
  runs_.insert(runs_.end(), runs.begin(), runs.end());
  node.runs_past = runs_.data() + runs_.size();
}

}  // namespace hftsim::features
