// Which of the trades that are kept a request asks for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "engine/core/event.h"

namespace hftsim::exchange {

struct TradeQuery {
  std::optional<std::int64_t> from_id;         // included
  std::optional<std::int64_t> from_ns, to_ns;  // to the millisecond, both included
  std::size_t limit = 500;
};

// In their order: from the beginning that is asked for, or where none is, the last ones. Trades that were not made in
// the book are left out.
std::vector<Event> find_trades(const std::deque<Event>& trades, const TradeQuery& query);

}  // namespace hftsim::exchange
