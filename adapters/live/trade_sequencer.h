// The trades of one instrument by their ids, each once, in order, none left out as long as REST has it. A trade that comes
// before the one due waits; what is missing is asked for by whoever knows REST and comes through repair().
//
// One message with an absurd id cannot stop the stream: where the exchange goes on below it, it is left out.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "engine/core/event.h"

namespace hftsim::live {

struct TradeCounts {
  std::uint64_t duplicates = 0;
  std::uint64_t repaired = 0;
  std::uint64_t implausible = 0;  // ids that the exchange was not at
  std::uint64_t gaps = 0;
};

// Ids in [from, to).
struct TradeHole {
  std::uint64_t from = 0, to = 0;
};

class TradeSequencer {
 public:
  // `last_id`: of the trade before the first one due; none: the first that comes is the first. `hole_max`: a longer hole
  // is not waited for.
  TradeSequencer(InstrumentId instrument, std::optional<std::uint64_t> last_id, std::uint64_t hole_max)
      : instrument_(instrument), last_(last_id), hole_max_(hole_max) {}

  // A trade of the stream. What is due now is appended to `out`.
  void take(const Event& trade, std::vector<Event>& out);

  // What is due before the first trade that waits.
  std::optional<TradeHole> missing() const;

  // The answer for a hole: the trades that REST has from hole.from on, by rising id. They get kLate. An id left out
  // between two of them, or between hole.from and the first, the exchange does not have: `gap`.
  void repair(const TradeHole& hole, std::span<const Event> trades, std::vector<Event>& out);

  // What is missing will not come: a mark stands for it, and what waits is due.
  void give_up(std::vector<Event>& out);

  std::optional<std::uint64_t> last_id() const { return last_; }
  const TradeCounts& counts() const { return counts_; }

 private:
  static constexpr int kLowerMax = 8;     // trades below one that waits, then that one is absurd
  static constexpr int kOlderMax = 1000;  // trades in a row older than the last: the exchange counts anew
  static constexpr int kConfirmed = 3;    // trades behind a hole that is too long, then it is one

  void hand_out(const Event& trade, std::vector<Event>& out);
  void drain(std::vector<Event>& out);
  void wait(const Event& trade, std::vector<Event>& out);
  void take_older(const Event& trade, std::vector<Event>& out);
  void skip_to(std::uint64_t id, std::vector<Event>& out);

  InstrumentId instrument_;
  std::optional<std::uint64_t> last_;  // id handed out
  std::uint64_t hole_max_;
  std::int64_t last_ns_ = 0;  // its time
  std::map<std::uint64_t, Event> waiting_;
  int lower_ = 0;  // since the first that waits came
  int older_ = 0;
  TradeCounts counts_;
};

}  // namespace hftsim::live
