// Follows the depth messages of one symbol through a capture: counts what the exchange's rules say of each
// (engine/execution/book_sequencer.h), finds gaps in their sequence, and says when a snapshot that has no time of its own
// has to be placed. It drops nothing: a message that is stale beside the snapshot is still what the exchange sent.
//
// Not modelled: two connections to the same stream in one capture, whose messages come twice; they count as stale.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "engine/core/event.h"
#include "engine/execution/book_sequencer.h"

namespace hftsim::binance {

struct DepthCounts {
  std::uint64_t snapshots = 0;
  std::uint64_t stale = 0;    // older than the snapshot, or sent again
  std::uint64_t applied = 0;  // change a book that is known
  std::uint64_t early = 0;    // without a snapshot: none came, or none since a gap
  std::uint64_t gaps = 0;
};

class DepthTracker {
 public:
  DepthTracker(BookRules rules, InstrumentId instrument)
      : rules_(rules), instrument_(instrument), sequencer_(rules) {}

  // Any event of a message. What is missing before it, as a session mark at the time of the message before.
  std::optional<Event> on_diff(const Event& diff);
  std::optional<Event> on_snapshot(const Event& snapshot);

  // When the exchange sent the first diff that goes beyond the update id; none where no such diff has come.
  std::optional<std::int64_t> time_beyond(std::uint64_t update_id) const;

  // So far; what still waits for a snapshot counts as early.
  DepthCounts counts() const;

 private:
  struct Seen {
    BookChangeBody ids;
    std::int64_t ts_ns, recv_ns;
  };

  void count(BookStep step);
  bool follows(const BookChangeBody& ids) const;
  Event gap_before(const BookChangeBody& ids, std::uint64_t expected) const;

  BookRules rules_;
  InstrumentId instrument_;
  BookSequencer sequencer_;
  DepthCounts counts_;
  std::deque<Seen> waiting_;  // for a snapshot, at most kWaitingMax
  std::deque<Seen> recent_;   // the last ones, at most kRecentMax
};

}  // namespace hftsim::binance
