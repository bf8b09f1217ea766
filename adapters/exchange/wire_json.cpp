#include "adapters/exchange/wire_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "adapters/lower_case.h"

namespace hftsim::exchange {
namespace {

constexpr int kSpotDecimals = 8;

std::string padded(std::string text, int decimals) {
  int missing = decimals - decimals_of(text);
  if (missing > 0 && text.find('.') == std::string::npos) text += '.';
  for (; missing > 0; --missing) text += '0';
  return text;
}

// "b":[["61800.20","2.507"],...]
void append_side(std::string& out, std::string_view name, const WireFormat& format,
                 std::span<const BookLevel> levels) {
  fmt::format_to(std::back_inserter(out), "\"{}\":[", name);
  for (const BookLevel& level : levels) {
    out += out.back() == '[' ? "[\"" : ",[\"";
    out += format.price(level.price_ticks);
    out += "\",\"";
    out += format.quantity(level.quantity_lots);
    out += "\"]";
  }
  out += ']';
}

std::string_view maker(const Event& trade) {
  return trade.has(kBuyerIsMaker) ? "true" : "false";
}

// What spot says of every trade: it was at the best price. Nobody uses it any more.
std::string_view spot_tail(Market market) {
  return market == Market::spot ? ",\"M\":true}" : "}";
}

}  // namespace

WireFormat::WireFormat(const Instrument& instrument, Market of)
    : market(of),
      symbol(instrument.symbol),
      stream_symbol(lower_case(instrument.symbol)),
      price_step(instrument.price_step),
      quantity_step(instrument.quantity_step),
      price_decimals(of == Market::spot ? std::max(kSpotDecimals, price_step.decimals) : price_step.decimals),
      quantity_decimals(of == Market::spot ? std::max(kSpotDecimals, quantity_step.decimals)
                                           : quantity_step.decimals),
      money_decimals(of == Market::spot ? kSpotDecimals
                                        : std::min(kSpotDecimals, price_decimals + quantity_decimals)) {}

std::string WireFormat::price(std::int64_t ticks) const {
  return padded(format_steps(ticks, price_step), price_decimals);
}
std::string WireFormat::quantity(std::int64_t lots) const {
  return padded(format_steps(lots, quantity_step), quantity_decimals);
}
std::string WireFormat::price(double value) const {
  return fmt::format("{:.{}f}", value, price_decimals);
}
std::string WireFormat::quantity(double value) const {
  return fmt::format("{:.{}f}", value, quantity_decimals);
}
std::string WireFormat::money(double value) const {
  return fmt::format("{:.{}f}", value, money_decimals);
}

std::string trade_json(const WireFormat& format, const Event& trade, std::int64_t sent_ns) {
  const TradeBody& body = trade.trade;
  const std::string price = format.price(body.price_ticks), quantity = format.quantity(body.quantity_lots);
  if (format.market == Market::spot) {
    return fmt::format(R"({{"e":"trade","E":{},"s":"{}","t":{},"p":"{}","q":"{}","T":{},"m":{}{})",
                       to_ms(sent_ns), format.symbol, body.id_last, price, quantity, to_ms(trade.ts_ns),
                       maker(trade), spot_tail(format.market));
  }
  return fmt::format(R"({{"e":"trade","E":{},"T":{},"s":"{}","t":{},"p":"{}","q":"{}","X":"{}","m":{}}})",
                     to_ms(sent_ns), to_ms(trade.ts_ns), format.symbol, body.id_last, price, quantity,
                     trade.has(kOffBook) ? "INSURANCE_FUND" : "MARKET", maker(trade));
}

std::string agg_trade_json(const WireFormat& format, const Event& trade, std::int64_t sent_ns) {
  const TradeBody& body = trade.trade;
  const std::string ids = format.market == Market::spot
                              ? fmt::format(R"("s":"{}","a":{})", format.symbol, body.seq)
                              : fmt::format(R"("a":{},"s":"{}")", body.seq, format.symbol);
  return fmt::format(R"({{"e":"aggTrade","E":{},{},"p":"{}","q":"{}","f":{},"l":{},"T":{},"m":{}{})",
                     to_ms(sent_ns), ids, format.price(body.price_ticks), format.quantity(body.quantity_lots),
                     body.id_first, body.id_last, to_ms(trade.ts_ns), maker(trade), spot_tail(format.market));
}

std::string book_ticker_json(const WireFormat& format, const Event& quote, std::int64_t sent_ns) {
  const QuoteBody& body = quote.quote;
  const std::string prices =
      fmt::format(R"("u":{},"s":"{}","b":"{}","B":"{}","a":"{}","A":"{}")", body.seq, format.symbol,
                  format.price(body.bid_ticks), format.quantity(body.bid_lots), format.price(body.ask_ticks),
                  format.quantity(body.ask_lots));
  if (format.market == Market::spot) return "{" + prices + "}";
  return fmt::format(R"({{"e":"bookTicker",{},"T":{},"E":{}}})", prices, to_ms(quote.ts_ns), to_ms(sent_ns));
}

std::string kline_json(const WireFormat& format, const Kline& kline, std::string_view interval,
                       bool is_closed, std::int64_t sent_ns) {
  const BarBody& bar = kline.bar;
  return fmt::format(
      R"({{"e":"kline","E":{},"s":"{}","k":{{"t":{},"T":{},"s":"{}","i":"{}","f":{},"L":{},"o":"{}","c":"{}",)"
      R"("h":"{}","l":"{}","v":"{}","n":{},"x":{},"q":"{}","V":"{}","Q":"{}","B":"0"}}}})",
      to_ms(sent_ns), format.symbol, to_ms(kline.open_ns), to_ms(kline.end_ns) - 1, format.symbol, interval,
      kline.id_first, kline.id_last, format.price(bar.open), format.price(bar.close), format.price(bar.high),
      format.price(bar.low), format.quantity(bar.volume), kline.trades, is_closed,
      format.money(kline.quote_volume), format.quantity(kline.taker_volume),
      format.money(kline.taker_quote_volume));
}

std::string depth_json(const WireFormat& format, const DepthMessage& message, std::int64_t sent_ns) {
  std::string out = fmt::format(R"({{"e":"depthUpdate","E":{},)", to_ms(sent_ns));
  if (format.market == Market::usdm)
    fmt::format_to(std::back_inserter(out), R"("T":{},)", to_ms(message.ts_ns));
  fmt::format_to(std::back_inserter(out), R"("s":"{}","U":{},"u":{},)", format.symbol, message.first,
                 message.last);
  if (format.market == Market::usdm) fmt::format_to(std::back_inserter(out), R"("pu":{},)", message.previous);
  append_side(out, "b", format, message.bids);
  out += ',';
  append_side(out, "a", format, message.asks);
  return out + '}';
}

std::string partial_depth_json(const WireFormat& format, const DepthMessage& last,
                               std::span<const BookLevel> bids, std::span<const BookLevel> asks,
                               std::int64_t sent_ns) {
  if (format.market == Market::spot)
    return depth_snapshot_json(format, last.last, last.ts_ns, bids, asks, sent_ns);
  return depth_json(format,
                    {.ts_ns = last.ts_ns,
                     .first = last.first,
                     .last = last.last,
                     .previous = last.previous,
                     .bids = {bids.begin(), bids.end()},
                     .asks = {asks.begin(), asks.end()}},
                    sent_ns);
}

std::string combined_json(std::string_view stream, std::string_view data) {
  return fmt::format(R"({{"stream":"{}","data":{}}})", stream, data);
}

std::string depth_snapshot_json(const WireFormat& format, std::uint64_t last_update_id, std::int64_t ts_ns,
                                std::span<const BookLevel> bids, std::span<const BookLevel> asks,
                                std::int64_t sent_ns) {
  std::string out = fmt::format(R"({{"lastUpdateId":{},)", last_update_id);
  if (format.market == Market::usdm) {
    fmt::format_to(std::back_inserter(out), R"("E":{},"T":{},)", to_ms(sent_ns), to_ms(ts_ns));
  }
  append_side(out, "bids", format, bids);
  out += ',';
  append_side(out, "asks", format, asks);
  return out + '}';
}

std::string kline_row(const WireFormat& format, const Kline& kline) {
  const BarBody& bar = kline.bar;
  return fmt::format(R"([{},"{}","{}","{}","{}","{}",{},"{}",{},"{}","{}","0"])", to_ms(kline.open_ns),
                     format.price(bar.open), format.price(bar.high), format.price(bar.low),
                     format.price(bar.close), format.quantity(bar.volume), to_ms(kline.end_ns) - 1,
                     format.money(kline.quote_volume), kline.trades, format.quantity(kline.taker_volume),
                     format.money(kline.taker_quote_volume));
}

std::string agg_trade_row(const WireFormat& format, const Event& trade) {
  const TradeBody& body = trade.trade;
  return fmt::format(R"({{"a":{},"p":"{}","q":"{}","f":{},"l":{},"T":{},"m":{}{})", body.seq,
                     format.price(body.price_ticks), format.quantity(body.quantity_lots), body.id_first,
                     body.id_last, to_ms(trade.ts_ns), maker(trade), spot_tail(format.market));
}

}  // namespace hftsim::exchange
