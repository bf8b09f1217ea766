// What the exchange writes: events as the JSON texts of Binance's streams and REST answers, byte for byte in its order
// of fields, prices and quantities as strings.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "adapters/exchange/depth_message.h"
#include "adapters/exchange/kline.h"
#include "adapters/market.h"
#include "engine/core/instrument.h"

namespace hftsim::exchange {

// How one symbol's numbers are written. Spot writes at least eight decimals, USD-M those of the step.
struct WireFormat {
  WireFormat(const Instrument& instrument, Market of);

  std::string price(std::int64_t ticks) const;
  std::string quantity(std::int64_t lots) const;
  std::string price(double value) const;
  std::string quantity(double value) const;
  std::string money(double value) const;

  Market market;
  std::string symbol;         // "BTCUSDT"
  std::string stream_symbol;  // "btcusdt"
  DecimalStep price_step, quantity_step;
  int price_decimals, quantity_decimals, money_decimals;
};

// Milliseconds since 1970, as the exchange counts.
inline std::int64_t to_ms(std::int64_t ns) {
  return (ns - (ns % 1'000'000 + 1'000'000) % 1'000'000) / 1'000'000;
}

// Messages of streams. `sent_ns` is their E, when the exchange sent them; T is the event's own time.
std::string trade_json(const WireFormat& format, const Event& trade, std::int64_t sent_ns);
std::string agg_trade_json(const WireFormat& format, const Event& trade, std::int64_t sent_ns);
std::string book_ticker_json(const WireFormat& format, const Event& quote, std::int64_t sent_ns);
std::string kline_json(const WireFormat& format, const Kline& kline, std::string_view interval,
                       bool is_closed, std::int64_t sent_ns);
std::string depth_json(const WireFormat& format, const DepthMessage& message, std::int64_t sent_ns);
// The best levels of the book; ids and time are those of its last message.
std::string partial_depth_json(const WireFormat& format, const DepthMessage& last,
                               std::span<const BookLevel> bids, std::span<const BookLevel> asks,
                               std::int64_t sent_ns);
// {"stream":"btcusdt@trade","data":...}
std::string combined_json(std::string_view stream, std::string_view data);

// Parts of REST answers.
std::string depth_snapshot_json(const WireFormat& format, std::uint64_t last_update_id, std::int64_t ts_ns,
                                std::span<const BookLevel> bids, std::span<const BookLevel> asks,
                                std::int64_t sent_ns);
std::string kline_row(const WireFormat& format, const Kline& kline);
std::string agg_trade_row(const WireFormat& format, const Event& trade);

}  // namespace hftsim::exchange
