#include "replay/symbol_book.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "engine/core/fnv.h"

namespace hftsim {
namespace {

constexpr std::size_t kReadAhead = 256;

std::uint64_t lattice_seed(std::uint64_t seed, const std::string& symbol, const char* side) {
  return seed ^ fnv1a(side, fnv1a(symbol));
}

}  // namespace

SymbolBook::SymbolBook(std::unique_ptr<EventSource> quotes, const DepthShape& shape, std::uint64_t seed)
    : quotes_(std::move(quotes)),
      random_(seed, "generate/book/" + quotes_->instruments().front().symbol),
      bids_(true, shape, lattice_seed(seed, quotes_->instruments().front().symbol, "bid")),
      asks_(false, shape, lattice_seed(seed, quotes_->instruments().front().symbol, "ask")),
      room_(kReadAhead) {
  assert(quotes_->instruments().size() == 1 && shape.gap_ticks > 0);
  message_.reserve(bids_.changes_max() + asks_.changes_max());
}

std::size_t SymbolBook::read(std::span<Event> out) {
  std::size_t count = 0;
  while (count < out.size()) {
    if (message_begin_ < message_.size()) {
      count += take_message(out.subspan(count));
      continue;
    }
    if (events_.empty() && !read_quotes()) break;
    if (due_ns_ <= events_.front().ts_ns) {
      make_message();
      continue;
    }
    note_quote(events_.front());
    out[count++] = events_.front();
    events_ = events_.subspan(1);
  }
  return count;
}

bool SymbolBook::read_quotes() {
  events_ = std::span(room_).first(quotes_->read(room_));
  return !events_.empty();
}

std::size_t SymbolBook::take_message(std::span<Event> out) {
  const std::size_t taken = std::min(out.size(), message_.size() - message_begin_);
  std::copy_n(&message_[message_begin_], taken, out.begin());
  message_begin_ += taken;
  return taken;
}

// The snapshot comes right behind the first quote.
void SymbolBook::note_quote(const Event& event) {
  if (event.kind != EventKind::quote) return;
  quote_ = event.quote;
  if (due_ns_ != INT64_MAX) return;
  due_ns_ = seq_ == 0 ? event.ts_ns + 1 : (event.ts_ns / kMessageSpanNs + 1) * kMessageSpanNs;
}

void SymbolBook::make_message() {
  message_.clear();
  message_begin_ = 0;
  bids_.move_to(quote_.bid_ticks, quote_.bid_lots, random_, message_);
  asks_.move_to(quote_.ask_ticks, quote_.ask_lots, random_, message_);
  const bool is_snapshot = seq_ == 0;
  for (Event& event : message_) {
    event.ts_ns = event.recv_ns = due_ns_;
    if (is_snapshot) event.flags |= kSnapshot;
    event.book.seq = quote_.seq;
    event.book.seq_first = is_snapshot ? quote_.seq : seq_ + 1;
    event.book.seq_previous = seq_;
  }
  due_ns_ = INT64_MAX;
  if (message_.empty()) return;
  message_.back().flags |= kMessageEnd;
  seq_ = quote_.seq;
}

}  // namespace hftsim
