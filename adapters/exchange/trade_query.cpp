#include "adapters/exchange/trade_query.h"

#include <algorithm>

namespace hftsim::exchange {
namespace {

constexpr std::int64_t kMillisecond_ns = 1'000'000;

using Place = std::deque<Event>::const_iterator;

Place first_by_id(const std::deque<Event>& trades, std::int64_t id) {
  return std::ranges::lower_bound(trades, static_cast<std::uint64_t>(id), {},
                                  [](const Event& trade) { return trade.trade.seq; });
}

Place first_by_time(const std::deque<Event>& trades, std::int64_t ns) {
  return std::ranges::lower_bound(trades, ns, {}, &Event::ts_ns);
}

}  // namespace

std::vector<Event> find_trades(const std::deque<Event>& trades, const TradeQuery& query) {
  Place begin = trades.begin(), end = trades.end();
  if (query.from_id) begin = first_by_id(trades, *query.from_id);
  if (query.from_ns) begin = first_by_time(trades, *query.from_ns);
  if (query.to_ns) end = first_by_time(trades, *query.to_ns + kMillisecond_ns);
  std::vector<Event> found;
  if (query.from_id || query.from_ns) {
    for (; begin < end && found.size() < query.limit; ++begin) {
      if (!begin->has(kOffBook)) found.push_back(*begin);
    }
    return found;
  }
  while (begin < end && found.size() < query.limit) {
    --end;
    if (!end->has(kOffBook)) found.push_back(*end);
  }
  std::ranges::reverse(found);
  return found;
}

}  // namespace hftsim::exchange
