// Binance's market data messages as events, one message in, its events out: websocket messages of spot and USD-M futures,
// combined ({"stream":..., "data":{...}}) and raw, and the body of REST depth snapshots. For captures and live feeds
// alike: it keeps no history but the latest time, and allocates nothing once it has seen its longest message.
//
//   stream        events                          ts                          sequence
//   depthUpdate   a book change per level         T; spot E                   u, U, pu (spot 0)
//   REST depth    the same with kSnapshot         T; spot estimated           lastUpdateId
//   bookTicker    a quote                         T; spot estimated           u
//   trade         a trade (X not MARKET: kOffBook)  T                         t
//   aggTrade      a trade (kAggregate)            T                           a, f, l
//   kline         a bar when closed               its close: t + interval     -
//
// Estimated (kTimeEstimated): the message has no time; it gets the latest that one before it had. Everything else is
// counted by its kind and name and gives no event: open klines, answers to requests, partial depth (depth20), other
// streams.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "adapters/binance/symbol_table.h"
#include "adapters/market.h"
#include "engine/core/event.h"

namespace hftsim::binance {

enum class MessageKind : std::uint8_t {
  depth,
  snapshot,
  book_ticker,
  trade,
  agg_trade,
  kline_closed,
  kline_open,
  response,
  unknown
};
inline constexpr std::size_t kMessageKindCount = 9;

// As the exchange calls it: "depthUpdate", "REST depth".
std::string_view name_of(MessageKind kind);

struct ParsedMessage {
  MessageKind kind = MessageKind::unknown;
  InstrumentId instrument = 0;  // of a message that has events
  std::string_view name = {};   // unknown: the event's or stream's; holds until the next call
};

class MessageDecoder;

class MessageParser {
 public:
  // Without a market the first message that tells is taken for all. `symbols` has to outlive the parser.
  explicit MessageParser(SymbolTable& symbols, std::optional<Market> market = std::nullopt);
  ~MessageParser();
  MessageParser(const MessageParser&) = delete;
  MessageParser& operator=(const MessageParser&) = delete;

  // One websocket message, or the body of a REST depth snapshot of the only symbol there is. Appends its events to `out`,
  // those of a message together and in its order. Throws BadInput with field, value and what was expected where it is no
  // JSON, lacks a field, or has one of another type or out of range; `out` is then as it was.
  ParsedMessage parse(std::string_view json, std::int64_t recv_ns, std::vector<Event>& out);

  // The body of GET /api/v3/depth or /fapi/v1/depth, which does not name its symbol.
  ParsedMessage parse_snapshot(std::string_view json, std::string_view symbol, std::int64_t recv_ns,
                               std::vector<Event>& out);

  std::optional<Market> market() const;
  // Latest time that a message had, and with which the first one without a time is estimated; 0 before.
  std::int64_t latest_ns() const;
  void set_latest_ns(std::int64_t ns);

 private:
  std::unique_ptr<MessageDecoder> decoder_;
};

}  // namespace hftsim::binance
