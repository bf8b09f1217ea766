// The closed bars of one instrument as an unbroken stream hands them out: each once, in order, none left out. A bar that
// comes before the one due waits; what is missing is asked for by whoever knows REST and comes through repair().
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "adapters/cache/time_ranges.h"
#include "engine/core/event.h"

namespace hftsim::live {

struct BarCounts {
  std::uint64_t duplicates = 0;   // again, or older than what was handed out
  std::uint64_t repaired = 0;     // handed out as they came by repair()
  std::uint64_t late = 0;         // came by themselves and waited for those before
  std::uint64_t implausible = 0;  // off the grid of their instrument
  std::uint64_t gaps = 0;
};

class BarSequencer {
 public:
  // `last_close_ns`: of the bar before the first one due; none: the first that comes is the first.
  BarSequencer(Duration interval, InstrumentId instrument, std::optional<std::int64_t> last_close_ns)
      : interval_ns_(interval.value), instrument_(instrument), last_ns_(last_close_ns) {}

  // A bar of the stream. What is due now is appended to `out`.
  void take(const Event& bar, std::vector<Event>& out);

  // Open times of the bars that are due before the first that waits; where none waits, of those that have closed by
  // `closed_ns`.
  std::optional<TimeRange> missing(std::int64_t closed_ns) const;

  // Closed bars that were asked for, in order of time; those not missing any more are left out. They get kLate.
  void repair(std::span<const Event> bars, std::vector<Event>& out);

  // Bars that close up to then and are not here will not come: a mark stands for them, and those behind are due. Only
  // where one waits behind them.
  void give_up(std::int64_t closed_ns, std::vector<Event>& out);

  std::optional<std::int64_t> last_close_ns() const { return last_ns_; }
  const BarCounts& counts() const { return counts_; }

 private:
  static constexpr std::size_t kWaitingMax = 4096;

  void hand_out(const Event& bar, std::vector<Event>& out);
  void drain(std::vector<Event>& out);

  std::int64_t interval_ns_;
  InstrumentId instrument_;
  std::optional<std::int64_t> last_ns_;    // close of the last bar handed out
  std::map<std::int64_t, Event> waiting_;  // by close
  BarCounts counts_;
};

}  // namespace hftsim::live
