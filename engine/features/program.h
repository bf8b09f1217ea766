// The graph made ready to run: its nodes as kernels and pointers into a history, once for blocks of bars over
// the history's columns, once for single bars over its rows.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/features/graph_builder.h"
#include "engine/features/history.h"
#include "engine/features/kernel_table.h"
#include "engine/features/node.h"

namespace hftsim::features {

class Program {
 public:
  // The nodes in the order they run; `rows` in that of lay_out_rows(). `no_slot` is where outputs go that nobody
  // asked for. What recursive operators carry begins as the nodes say.
  Program(const std::vector<NodeSpec>& columns, const std::vector<NodeSpec>& rows, const History& history,
          const KernelTable& kernels, std::uint32_t no_slot);

  void run_block(const Frame& frame) const {
    for (const Node& node : block_) node.run(node, frame);
  }
  // Precondition: frame.n == 1.
  void run_bar(const Frame& frame) const { bar_[0].run(bar_[0], frame); }

  std::span<double> states() { return states_; }
  std::span<const double> states() const { return states_; }

 private:
  class Resolver;

  void add_quads(Node& node);
  void add_runs(Node& node);

  std::vector<double> states_;
  std::vector<Entry> entries_;
  std::vector<Quad> quads_;
  std::vector<Run> runs_;
  std::vector<Node> block_;
  std::vector<Node> bar_;  // the last one does nothing: there a single bar's chain of nodes ends
};

}  // namespace hftsim::features
