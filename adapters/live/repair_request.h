// What a feed asks REST for, and what comes back.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "adapters/live/trade_sequencer.h"
#include "engine/core/event.h"

namespace hftsim::live {

enum class RepairKind : std::uint8_t { time, bars, trades, book };
inline constexpr std::size_t kRepairKindCount = 4;

struct RepairRequest {
  RepairKind kind = RepairKind::time;
  InstrumentId instrument = 0;
  std::int64_t from_ns = 0;  // bars: the first open time
  TradeHole hole = {};       // trades
};

struct RepairAnswer {
  RepairRequest request;
  std::string trouble = {};        // "": all of it came
  std::int64_t server_ns = 0;      // time, bars: the exchange's, 0: not heard
  std::int64_t heard_ns = 0;       // when, monotonic
  std::vector<Event> events = {};  // bars that have closed, trades
  std::string body = {};           // of a book's snapshot
};

// Called on the feed's thread; the answer comes on it, too, later.
using AskRest = std::function<void(const RepairRequest& request)>;

}  // namespace hftsim::live
