// One side of a generated book: the best price, which the quote says, and behind it levels on a fixed lattice of prices,
// so that which levels there are follows from the best price alone and nothing has to be kept for each.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/event.h"
#include "engine/core/rng.h"

namespace hftsim {

struct DepthShape {
  std::int64_t levels = 1000;  // behind the best price, at least; a quarter more at most
  std::int64_t gap_ticks = 1;  // mean distance of two levels; each lies somewhere in a cell of its own
  double lots = 1;             // median quantity of a level
};

class DepthSide {
 public:
  DepthSide(bool is_bid, const DepthShape& shape, std::uint64_t seed);

  // Appends what has changed since the last call: levels that are gone or new, some with another quantity, the best
  // price with its quantity. The first time everything. No price comes twice. The event's sequence numbers are left to
  // the caller.
  void move_to(std::int64_t best_ticks, std::int64_t best_lots, RandomStream& random,
               std::vector<Event>& changes);

  // How many changes a call makes at most.
  std::size_t changes_max() const;

 private:
  // Prices count towards the best: asks are negative. Cells from far to near are occupied.
  struct Cells {
    std::int64_t far = 1, near = 0;
    bool has(std::int64_t cell) const { return far <= cell && cell <= near; }
  };

  std::int64_t key_of_cell(std::int64_t cell) const;
  std::int64_t cell_of_key(std::int64_t key) const;
  Cells cells_behind(std::int64_t best_key) const;
  std::int64_t draw_lots(RandomStream& random) const;
  void append(std::int64_t key, std::int64_t lots, std::vector<Event>& changes) const;
  void remove(const Cells& now, std::int64_t best_key, std::vector<Event>& changes) const;
  void add(const Cells& now, RandomStream& random, std::vector<Event>& changes) const;
  void refresh(const Cells& now, RandomStream& random, std::vector<Event>& changes) const;

  bool is_bid_;
  DepthShape shape_;
  std::uint64_t seed_;
  Cells cells_;
  std::int64_t best_key_ = 0;
  std::int64_t best_lots_ = 0;  // 0: nothing was appended so far
};

}  // namespace hftsim
