// The book of one instrument around its quotes: a snapshot behind the first of them, then every 100 ms what has changed.
// A source of quotes with a book: what it is given it gives on, with the book's messages in between.
#pragma once

#include <memory>
#include <vector>

#include "engine/runtime/event_source.h"
#include "replay/depth_side.h"

namespace hftsim {

// After every message the book's best prices and quantities are those of the last quote, whose update id the message
// carries: seq. seq_first follows the message before, seq_previous is its seq: no update is missing. A message comes at
// a multiple of 100 ms, before what else happens then; where no quote came there is none.
class SymbolBook final : public EventSource {
 public:
  static constexpr std::int64_t kMessageSpanNs = 100'000'000;

  // `quotes`: of one instrument. `shape.gap_ticks` > 0. Random stream: "generate/book/NAME".
  SymbolBook(std::unique_ptr<EventSource> quotes, const DepthShape& shape, std::uint64_t seed);

  std::span<const Instrument> instruments() const override { return quotes_->instruments(); }
  // Allocates nothing.
  std::size_t read(std::span<Event> out) override;

 private:
  bool read_quotes();
  std::size_t take_message(std::span<Event> out);
  void note_quote(const Event& event);
  void make_message();

  std::unique_ptr<EventSource> quotes_;
  RandomStream random_;
  DepthSide bids_, asks_;
  std::vector<Event> room_;
  std::span<const Event> events_;  // read, not given on
  std::vector<Event> message_;     // made
  std::size_t message_begin_ = 0;  // not given
  QuoteBody quote_{};
  std::int64_t due_ns_ = INT64_MAX;  // of the next message
  std::uint64_t seq_ = 0;            // of the last message; 0 before the snapshot
};

}  // namespace hftsim
