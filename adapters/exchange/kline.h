// One candle as Binance gives it, and how trades and shorter candles make one.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/core/event.h"
#include "engine/core/instrument.h"

namespace hftsim::exchange {

struct Kline {
  std::int64_t open_ns = 0, end_ns = 0;  // end excluded
  BarBody bar{};
  double quote_volume = 0;        // money traded
  double taker_volume = 0;        // base units that takers bought
  double taker_quote_volume = 0;  // money they paid
  std::uint64_t trades = 0;
  std::int64_t id_first = -1, id_last = -1;  // -1: no trade is known by id
};

// Nothing traded: all prices are the last close.
inline Kline flat_kline(std::int64_t open_ns, std::int64_t end_ns, double close) {
  return {.open_ns = open_ns, .end_ns = end_ns, .bar = {close, close, close, close, 0}};
}

// `quantity` and `price` in units, not in steps.
inline void add_trade(Kline& kline, const Event& trade, double price, double quantity) {
  BarBody& bar = kline.bar;
  if (kline.trades == 0) bar.open = bar.high = bar.low = price;
  bar.high = std::max(bar.high, price);
  bar.low = std::min(bar.low, price);
  bar.close = price;
  bar.volume += quantity;
  kline.quote_volume += price * quantity;
  if (!trade.has(kBuyerIsMaker)) {
    kline.taker_volume += quantity;
    kline.taker_quote_volume += price * quantity;
  }
  const TradeBody& body = trade.trade;
  if (kline.id_first < 0) kline.id_first = static_cast<std::int64_t>(body.id_first);
  kline.id_last = static_cast<std::int64_t>(body.id_last);
  kline.trades += body.id_last >= body.id_first ? body.id_last - body.id_first + 1 : 1;
}

// `next` follows within the same longer candle.
inline void add_kline(Kline& kline, const Kline& next) {
  kline.bar.high = std::max(kline.bar.high, next.bar.high);
  kline.bar.low = std::min(kline.bar.low, next.bar.low);
  kline.bar.close = next.bar.close;
  kline.bar.volume += next.bar.volume;
  kline.quote_volume += next.quote_volume;
  kline.taker_volume += next.taker_volume;
  kline.taker_quote_volume += next.taker_quote_volume;
  kline.trades += next.trades;
  if (kline.id_first < 0) kline.id_first = next.id_first;
  if (next.id_last >= 0) kline.id_last = next.id_last;
}

// A bar says neither the money traded nor who took: the money is estimated from its mean price, and half is taken to
// have been bought.
inline Kline kline_of_bar(const Event& event, std::int64_t open_ns) {
  const BarBody& bar = event.bar;
  Kline kline{.open_ns = open_ns, .end_ns = event.ts_ns, .bar = bar, .trades = event.trades};
  kline.quote_volume = bar.volume * (bar.open + bar.high + bar.low + bar.close) / 4;
  kline.taker_volume = bar.volume / 2;
  kline.taker_quote_volume = kline.quote_volume / 2;
  return kline;
}

}  // namespace hftsim::exchange
