// Which book messages follow on each other: the exchange's rules for joining its stream of changes to a snapshot that
// was asked for meanwhile. Source: Binance, "How to manage a local order book correctly", for spot and for USD-M
// futures; a message has the update ids U (first) to u (last), on USD-M pu too (last of the message before), a snapshot
// its last one.
//
//             drop          first after the snapshot                    then
//   usdm      u < last      U <= last     and last <= u (or pu == last)   pu == u before
//   spot      u <= last     U <= last + 1 and last + 1 <= u             U  == u before + 1
#pragma once

#include <cstdint>

#include "engine/core/event.h"

namespace hftsim {

enum class BookRules : std::uint8_t { usdm, spot };

// What a message is to be. early: there is no snapshot yet, so whoever follows a live stream keeps it until there is one.
// gap: messages before it are missing, so the book is not known until the next snapshot.
enum class BookStep : std::uint8_t { early, stale, snapshot, apply, gap };

class BookSequencer {
 public:
  explicit BookSequencer(BookRules rules) : rules_(rules) {}

  // What is to be done with the message that this event is of; any one event of it, asked once per message.
  // After a gap every message is early until the next snapshot.
  BookStep next(const BookChangeBody& message, bool is_snapshot);
  BookStep next(const Event& event) { return next(event.book, event.has(kSnapshot)); }

  // Of the message that was a gap: the update id (U; usdm: pu) that would have followed, and how many are missing; 0 where
  // that cannot be told.
  std::uint64_t expected() const { return expected_; }
  std::uint64_t missing() const { return missing_; }

  bool is_synchronised() const { return state_ == State::following; }

  // The connection was lost: the next snapshot begins anew.
  void reset() { state_ = State::waiting; }

 private:
  // waiting: for a snapshot. joining: it is there, the first message on it is not.
  enum class State : std::uint8_t { waiting, joining, following };

  BookStep join(const BookChangeBody& message);
  BookStep follow(const BookChangeBody& message);
  BookStep gap(std::uint64_t expected, std::uint64_t found);

  BookRules rules_;
  State state_ = State::waiting;
  std::uint64_t last_ = 0;  // update id that the book has
  std::uint64_t expected_ = 0, missing_ = 0;
};

}  // namespace hftsim
