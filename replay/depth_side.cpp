#include "replay/depth_side.h"

#include <algorithm>
#include <limits>

#include "replay/trade_model.h"

namespace hftsim {
namespace {

constexpr double kLevelSd = 2.0;              // of the log of a level's quantity
constexpr std::int64_t kRefreshed = 3;        // levels per change of the side, near the best price
constexpr std::uint64_t kRefreshedApart = 8;  // cells between two of them at most

// splitmix64's finish: 64 bits in which a cell's number leaves no trace.
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

}  // namespace

DepthSide::DepthSide(bool is_bid, const DepthShape& shape, std::uint64_t seed)
    : is_bid_(is_bid), shape_(shape), seed_(seed) {}

std::size_t DepthSide::changes_max() const {
  return static_cast<std::size_t>(shape_.levels * 9 / 4 + kRefreshed + 4);
}

// Somewhere in its cell, always at the same place.
std::int64_t DepthSide::key_of_cell(std::int64_t cell) const {
  const std::uint64_t place =
      mixed(seed_ ^ static_cast<std::uint64_t>(cell)) % static_cast<std::uint64_t>(shape_.gap_ticks);
  return cell * shape_.gap_ticks + static_cast<std::int64_t>(place);
}

std::int64_t DepthSide::cell_of_key(std::int64_t key) const {
  const std::int64_t cell = key / shape_.gap_ticks;
  return cell * shape_.gap_ticks > key ? cell - 1 : cell;
}

// The far end stays where it is as long as the number of levels is right.
DepthSide::Cells DepthSide::cells_behind(std::int64_t best_key) const {
  Cells cells;
  cells.near = cell_of_key(best_key);
  if (key_of_cell(cells.near) >= best_key) --cells.near;
  const std::int64_t kept = cells.near - cells_.far + 1;
  cells.far =
      kept >= shape_.levels && kept <= shape_.levels * 5 / 4 ? cells_.far : cells.near - shape_.levels + 1;
  // A bid of 0 or less there is not: the lowest cell begins at one gap.
  if (is_bid_) cells.far = std::min(std::max<std::int64_t>(cells.far, 1), cells.near + 1);
  return cells;
}

void DepthSide::move_to(std::int64_t best_ticks, std::int64_t best_lots, RandomStream& random,
                        std::vector<Event>& changes) {
  const std::int64_t best_key = is_bid_ ? best_ticks : -best_ticks;
  const bool first = best_lots_ == 0;
  if (!first && best_key == best_key_ && best_lots == best_lots_) return;
  const Cells now = cells_behind(best_key);
  if (first) cells_ = {now.near + 1, now.near};
  remove(now, best_key, changes);
  add(now, random, changes);
  refresh(now, random, changes);
  append(best_key, best_lots, changes);
  cells_ = now;
  best_key_ = best_key;
  best_lots_ = best_lots;
}

void DepthSide::remove(const Cells& now, std::int64_t best_key, std::vector<Event>& changes) const {
  const auto remove_cells = [&](std::int64_t from, std::int64_t to) {
    for (std::int64_t cell = from; cell <= to; ++cell) {
      const std::int64_t key = key_of_cell(cell);
      if (key != best_key) append(key, 0, changes);
    }
  };
  remove_cells(cells_.far, std::min(cells_.near, now.far - 1));
  remove_cells(std::max(cells_.far, now.near + 1), cells_.near);
  if (best_lots_ == 0 || best_key_ == best_key) return;
  const std::int64_t cell = cell_of_key(best_key_);
  const bool becomes_level = key_of_cell(cell) == best_key_ && now.has(cell);
  if (!becomes_level) append(best_key_, 0, changes);
}

void DepthSide::add(const Cells& now, RandomStream& random, std::vector<Event>& changes) const {
  const auto add_cells = [&](std::int64_t from, std::int64_t to) {
    for (std::int64_t cell = from; cell <= to; ++cell) append(key_of_cell(cell), draw_lots(random), changes);
  };
  add_cells(now.far, std::min(now.near, cells_.far - 1));
  add_cells(std::max(now.far, cells_.near + 1), now.near);
}

// Of those that were there already.
void DepthSide::refresh(const Cells& now, RandomStream& random, std::vector<Event>& changes) const {
  std::int64_t cell = std::min(now.near, cells_.near) + 1;
  const std::int64_t last = std::max(now.far, cells_.far);
  for (std::int64_t i = 0; i < kRefreshed; ++i) {
    cell -= 1 + static_cast<std::int64_t>(random.below(kRefreshedApart));
    if (cell < last) return;
    append(key_of_cell(cell), draw_lots(random), changes);
  }
}

std::int64_t DepthSide::draw_lots(RandomStream& random) const {
  return 1 + static_cast<std::int64_t>(shape_.lots * trade_model::cheap_lognormal(kLevelSd, random));
}

void DepthSide::append(std::int64_t key, std::int64_t lots, std::vector<Event>& changes) const {
  Event& event = changes.emplace_back();
  event.kind = EventKind::book_change;
  event.flags = is_bid_ ? kBidSide : 0;
  event.book.price_ticks = is_bid_ ? key : -key;
  event.book.quantity_lots = lots;
}

}  // namespace hftsim
