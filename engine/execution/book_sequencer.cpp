#include "engine/execution/book_sequencer.h"

namespace hftsim {

BookStep BookSequencer::next(const BookChangeBody& message, bool is_snapshot) {
  if (is_snapshot) {
    // One that is older than the book would take it back to a state that its stream has left.
    if (state_ == State::following && message.seq < last_) return BookStep::stale;
    state_ = State::joining;
    last_ = message.seq;
    return BookStep::snapshot;
  }
  switch (state_) {
    case State::waiting:
      return BookStep::early;
    case State::joining:
      return join(message);
    case State::following:
      return follow(message);
  }
  return BookStep::early;
}

BookStep BookSequencer::join(const BookChangeBody& message) {
  const bool is_usdm = rules_ == BookRules::usdm;
  const std::uint64_t wanted = is_usdm ? last_ : last_ + 1;
  if (message.seq < wanted) return BookStep::stale;
  // A message that follows on the snapshot's very last update leaves nothing out either.
  const bool follows = is_usdm && message.seq_previous == last_;
  if (message.seq_first > wanted && !follows) return gap(wanted, message.seq_first);
  state_ = State::following;
  last_ = message.seq;
  return BookStep::apply;
}

BookStep BookSequencer::follow(const BookChangeBody& message) {
  if (message.seq <= last_) return BookStep::stale;  // sent twice, or again after a reconnect
  if (rules_ == BookRules::usdm) {
    if (message.seq_previous != last_) return gap(last_, message.seq_previous);
  } else if (message.seq_first != last_ + 1) {
    return gap(last_ + 1, message.seq_first);
  }
  last_ = message.seq;
  return BookStep::apply;
}

BookStep BookSequencer::gap(std::uint64_t expected, std::uint64_t found) {
  state_ = State::waiting;
  expected_ = expected;
  missing_ = found > expected ? found - expected : 0;
  return BookStep::gap;
}

}  // namespace hftsim
