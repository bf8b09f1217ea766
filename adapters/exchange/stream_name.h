// What a stream's name asks for: "btcusdt@kline_1m", "btcusdt@depth20@100ms".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/exchange/kline_interval.h"
#include "adapters/exchange/wire_json.h"

namespace hftsim::exchange {

enum class StreamKind : std::uint8_t { trade, agg_trade, book_ticker, kline, depth, partial_depth };

struct StreamName {
  std::string symbol;  // as in the name: in lower case
  StreamKind kind = StreamKind::trade;
  const KlineInterval* interval = nullptr;  // kline
  std::size_t levels = 0;                   // partial_depth: 5, 10, 20
  std::int64_t period_ns = 0;               // how often it is sent at most; 0: at once
};

// None where the exchange has no such stream. Kline intervals are checked by name alone.
std::optional<StreamName> parse_stream_name(std::string_view text, Market market);

}  // namespace hftsim::exchange
