// All symbols of one source, moved on event by event up to an instant.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "adapters/exchange/stream_publisher.h"
#include "adapters/exchange/symbol_market.h"
#include "engine/runtime/event_source.h"

namespace hftsim::exchange {

class MarketFeed {
 public:
  // Of each symbol the last `trades_kept` trades can be asked for. Throws BadInput for a symbol that cannot be written.
  MarketFeed(std::unique_ptr<EventSource> source, Market market, std::size_t trades_kept);
  MarketFeed(const MarketFeed&) = delete;
  MarketFeed& operator=(const MarketFeed&) = delete;

  // When the next event happens; none at the end of the source. May read on; throws BadInput where the data is damaged or before 1970.
  std::optional<std::int64_t> next_ns();

  // Applies the events up to that instant, at most `most` of them; returns how many. Fewer than `most`: all streams and
  // candles are at that instant too.
  std::size_t advance(std::int64_t until_ns, std::size_t most);

  Market market() const { return market_; }
  std::span<const std::unique_ptr<SymbolMarket>> markets() const { return markets_; }
  const SymbolMarket* find(std::string_view symbol) const;
  StreamPublisher& publisher() { return publisher_; }
  std::uint64_t events() const { return events_; }

 private:
  bool refill();
  void move_time(std::int64_t ns);

  std::unique_ptr<EventSource> source_;
  Market market_;
  std::vector<std::unique_ptr<SymbolMarket>> markets_;
  StreamPublisher publisher_;
  std::vector<Event> room_;
  std::span<const Event> ready_;  // read, not yet applied
  bool is_at_end_ = false;
  std::int64_t candles_due_ns_ = 0;  // when one may close next: there is none of less than a second
  std::uint64_t events_ = 0;
};

}  // namespace hftsim::exchange
