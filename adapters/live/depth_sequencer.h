// The book messages of one instrument on a snapshot: those that came before it wait, stale ones are left out, and after a
// gap all wait for the next. The rules are BookSequencer's.
//
// One absurd update id cannot stop the book: where the exchange goes on below it, there is a gap and a new snapshot.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "engine/core/event.h"
#include "engine/execution/book_sequencer.h"

namespace hftsim::live {

struct DepthCounts {
  std::uint64_t snapshots = 0;  // handed out
  std::uint64_t stale = 0;      // older than the snapshot, or sent again
  std::uint64_t gaps = 0;
  std::uint64_t overflowed = 0;  // waited behind too many others
};

class DepthSequencer {
 public:
  DepthSequencer(BookRules rules, InstrumentId instrument)
      : rules_(rules), instrument_(instrument), book_(rules) {}

  // The events of one message. What is due now is appended to `out`.
  void take(std::span<const Event> message, std::vector<Event>& out);

  // Messages wait for a snapshot, and one that is asked for now can be one on which they follow.
  bool needs_snapshot() const { return !waiting_.empty(); }

  // One that is older than what waits is left out: then needs_snapshot() still.
  void take_snapshot(std::span<const Event> snapshot, std::vector<Event>& out);

  // The connection was lost.
  void reset();

  const DepthCounts& counts() const { return counts_; }

 private:
  static constexpr std::size_t kWaitingMax = 8192;  // minutes of the fastest stream
  static constexpr int kStaleMax = 100;             // in a row; then the book is ahead of the exchange

  void begin_anew(std::span<const Event> message, std::uint64_t expected, std::uint64_t found,
                  std::uint64_t missing, std::vector<Event>& out);
  void keep(std::span<const Event> message);

  BookRules rules_;
  InstrumentId instrument_;
  BookSequencer book_;
  std::deque<std::vector<Event>> waiting_;
  int stale_ = 0;  // in a row
  DepthCounts counts_;
};

}  // namespace hftsim::live
