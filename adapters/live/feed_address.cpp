#include "adapters/live/feed_address.h"

#include <string_view>

#include "adapters/bar_time.h"
#include "adapters/fetch/rest_market.h"
#include "adapters/fetch/rest_session.h"
#include "adapters/lower_case.h"
#include "engine/core/errors.h"

namespace hftsim::live {
namespace {

const char* websocket_base(Market market) {
  return market == Market::spot ? "wss://stream.binance.com:9443" : "wss://fstream.binance.com";
}

net::Url parse_websocket_url(const std::string& text) {
  const std::string scheme = lower_case(text.substr(0, 6));
  std::string http = text;
  if (scheme == "wss://") {
    http = "https://" + text.substr(6);
  } else if (scheme.starts_with("ws://")) {
    http = "http://" + text.substr(5);
  } else {
    throw BadInput("websocket URL", "'" + text.substr(0, 200) + "'", "one that begins with wss:// or ws://");
  }
  net::Url url = net::parse_url(http, "websocket URL");
  if (url.target.find('?') != std::string::npos)
    throw BadInput("websocket URL", "'" + text + "'", "no query in it");
  while (url.target.ends_with('/')) url.target.pop_back();
  return url;
}

std::string streams_of(const Instrument& instrument, const FeedOptions& options) {
  const std::string symbol = fetch::checked_symbol(instrument.symbol, "symbol");
  if (symbol != instrument.symbol)
    throw BadInput("symbol", "'" + instrument.symbol + "'", "as the exchange writes it: " + symbol);
  const std::string name = lower_case(symbol);
  std::string streams;
  const auto add = [&](const std::string& kind) {
    streams += (streams.empty() ? "" : "/") + name + "@" + kind;
  };
  if (options.streams.klines) {
    const std::string interval = format_interval(instrument.bar_interval);
    fetch::checked_kline_interval(interval, options.market, symbol + " interval");
    add("kline_" + interval);
  }
  if (options.streams.trades) add(options.streams.single_trades ? "trade" : "aggTrade");
  if (options.streams.quotes) add("bookTicker");
  if (options.streams.depth) add("depth@100ms");
  return streams;
}

}  // namespace

FeedAddress base_address(Market market, const std::string& websocket_url, const std::string& rest_url) {
  FeedAddress address;
  const bool is_own = !websocket_url.empty();
  address.websocket = parse_websocket_url(is_own ? websocket_url : websocket_base(market));
  const std::string rest = !rest_url.empty() ? rest_url
                           : is_own          ? address.websocket.origin()
                                             : fetch::rest_market(market).base_url;
  address.rest = net::parse_url(rest, "REST URL");
  if (address.rest.target.find('?') != std::string::npos)
    throw BadInput("REST URL", "'" + rest + "'", "no query in it");
  return address;
}

FeedAddress feed_address(const FeedOptions& options) {
  if (options.instruments.empty()) throw BadInput("instruments", "none", "at least one");
  FeedAddress address = base_address(options.market, options.websocket_url, options.rest_url);
  std::string streams;
  for (const Instrument& instrument : options.instruments)
    streams += (streams.empty() ? "" : "/") + streams_of(instrument, options);
  if (streams.empty()) throw BadInput("streams", "none", "at least one of klines, trades, quotes, depth");
  address.websocket.target += "/stream?streams=" + streams;
  return address;
}

}  // namespace hftsim::live
