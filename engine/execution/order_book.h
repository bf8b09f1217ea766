// The book of one instrument (L2: a quantity per price) as its book changes build it: integer ticks and lots.
//
// A message that carries kSnapshot replaces the whole book; any other changes levels. Between the first change of a
// message and the one with kMessageEnd the book is between two states: look at it when is_whole(). Whether messages
// are missing is BookSequencer's to say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "engine/core/event.h"
#include "engine/execution/book_levels.h"

namespace hftsim {

struct OrderBookCounts {
  std::uint64_t messages = 0;
  std::uint64_t snapshots = 0;
  std::uint64_t levels_set = 0;  // changes with a quantity
  std::uint64_t levels_removed = 0;
  std::uint64_t unknown_removed =
      0;  // removals of a level that was not there: usual after a snapshot of 1,000
  std::uint64_t crossed_messages = 0;  // messages after which the best bid is not below the best ask
};

class OrderBook {
 public:
  // Allocates for that many levels a side; what is deeper is taken with an allocation.
  explicit OrderBook(std::size_t levels = 8192) : bids_(levels), asks_(levels) {}

  // One book change, of this book's instrument; allocates nothing. Events of other kinds are left to others.
  void apply(const Event& event) {
    if (event.kind != EventKind::book_change) return;
    if (is_whole_) begin_message(event);
    if (!event.has(kNoLevels)) set(event);
    if (event.has(kMessageEnd)) end_message(event);
  }

  std::optional<BookLevel> best_bid() const { return first_of(bids_.top(1)); }
  std::optional<BookLevel> best_ask() const { return first_of(asks_.top(1)); }

  // Best first; hold until the next change.
  std::span<const BookLevel> bids(std::size_t most = SIZE_MAX) const { return bids_.top(most); }
  std::span<const BookLevel> asks(std::size_t most = SIZE_MAX) const { return asks_.top(most); }
  std::int64_t quantity_at(BookSide side, std::int64_t price_ticks) const {
    return side == BookSide::bid ? bids_.quantity_at(price_ticks) : asks_.quantity_at(price_ticks);
  }

  // The best bid is not below the best ask: messages are missing, or were applied in the wrong order.
  bool is_crossed() const {
    return !bids_.empty() && !asks_.empty() && bids_.best().price_ticks >= asks_.best().price_ticks;
  }
  bool is_whole() const { return is_whole_; }
  std::uint64_t seq() const { return seq_; }  // last update id of the last whole message; 0 before the first
  const OrderBookCounts& counts() const { return counts_; }

  // Empty as at the start, for instance at a gap; the counts stay.
  void clear();

 private:
  static std::optional<BookLevel> first_of(std::span<const BookLevel> levels) {
    return levels.empty() ? std::nullopt : std::optional(levels.front());
  }
  void begin_message(const Event& event);
  void end_message(const Event& event);
  void set(const Event& event) {
    const BookChangeBody& change = event.book;
    const LevelChange what = event.has(kBidSide) ? bids_.set(change.price_ticks, change.quantity_lots)
                                                 : asks_.set(change.price_ticks, change.quantity_lots);
    counts_.levels_set += what == LevelChange::added || what == LevelChange::changed;
    counts_.levels_removed += what == LevelChange::removed;
    counts_.unknown_removed += what == LevelChange::unknown;
  }

  BookLevels<BookSide::bid> bids_;
  BookLevels<BookSide::ask> asks_;
  OrderBookCounts counts_;
  std::uint64_t seq_ = 0;
  bool is_whole_ = true;
};

}  // namespace hftsim
