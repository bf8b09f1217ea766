// One side of a book: its levels best first, in one array with room at both ends. A level near the touch, where most
// changes are, is found in a few steps and moves a few neighbours; one at the far end, as in a snapshot written from
// the touch outwards, moves none. In between the shorter half moves: 2,500 levels are 40 KB, about a microsecond.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hftsim {

enum class BookSide : std::uint8_t { bid, ask };

struct BookLevel {
  std::int64_t price_ticks = 0;
  std::int64_t quantity_lots = 0;

  friend bool operator==(const BookLevel&, const BookLevel&) = default;
};

// What a new quantity did. unknown: it was to remove a level that is not there.
enum class LevelChange : std::uint8_t { added, changed, removed, unknown };

template <BookSide side>
class BookLevels {
 public:
  // Allocates for that many levels; more are taken with an allocation each time they double.
  explicit BookLevels(std::size_t levels = 8192) : room_(2 * (levels + 1)), begin_(middle()), end_(begin_) {}

  std::size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }
  const BookLevel& best() const { return room_[begin_]; }  // of a side that is not empty

  // The best `most` of them, best first. Holds until the next change.
  std::span<const BookLevel> top(std::size_t most = SIZE_MAX) const {
    return {room_.data() + begin_, most < size() ? most : size()};
  }

  std::int64_t quantity_at(std::int64_t price_ticks) const {
    const std::size_t at = find(price_ticks);
    return is_at(at, price_ticks) ? room_[at].quantity_lots : 0;
  }

  // The level's new quantity; 0 removes it. O(log distance to the touch) to find it.
  LevelChange set(std::int64_t price_ticks, std::int64_t quantity_lots) {
    const std::size_t at = find(price_ticks);
    const bool is_known = is_at(at, price_ticks);
    if (quantity_lots == 0) {
      if (!is_known) return LevelChange::unknown;
      erase(at);
      return LevelChange::removed;
    }
    if (is_known) {
      room_[at].quantity_lots = quantity_lots;
      return LevelChange::changed;
    }
    insert(at, {price_ticks, quantity_lots});
    return LevelChange::added;
  }

  void clear() { begin_ = end_ = middle(); }

 private:
  static bool is_better(std::int64_t a, std::int64_t b) { return side == BookSide::bid ? a > b : a < b; }
  bool is_at(std::size_t at, std::int64_t price_ticks) const {
    return at < end_ && room_[at].price_ticks == price_ticks;
  }
  std::size_t middle() const { return room_.size() / 2; }

  // The first level that is not better, or the end: strides that double from the touch, then halves.
  std::size_t find(std::int64_t price_ticks) const {
    std::size_t low = begin_, stride = 1;
    while (low + stride <= end_ && is_better(room_[low + stride - 1].price_ticks, price_ticks)) {
      low += stride;
      stride *= 2;
    }
    std::size_t high = low + stride <= end_ ? low + stride - 1 : end_;
    while (low < high) {
      const std::size_t half = low + (high - low) / 2;
      if (is_better(room_[half].price_ticks, price_ticks)) {
        low = half + 1;
      } else {
        high = half;
      }
    }
    return low;
  }

  void insert(std::size_t at, const BookLevel& level);
  void erase(std::size_t at);
  void make_room();

  std::vector<BookLevel> room_;  // levels in [begin_, end_)
  std::size_t begin_, end_;
};

extern template class BookLevels<BookSide::bid>;
extern template class BookLevels<BookSide::ask>;

}  // namespace hftsim
