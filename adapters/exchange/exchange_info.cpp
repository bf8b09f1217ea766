#include "adapters/exchange/exchange_info.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

namespace hftsim::exchange {
namespace {

using Json = nlohmann::ordered_json;

struct AssetPair {
  std::string base, quote;
};

// "BTCUSDT" is BTC in USDT. A symbol that ends in no known money is its own base.
AssetPair assets_of(const std::string& symbol) {
  for (const std::string_view quote :
       {"USDT", "USDC", "FDUSD", "BUSD", "TUSD", "BTC", "ETH", "BNB", "EUR", "USD"}) {
    if (symbol.size() > quote.size() && symbol.ends_with(quote)) {
      return {symbol.substr(0, symbol.size() - quote.size()), std::string(quote)};
    }
  }
  return {symbol, "USDT"};
}

// The steps orders have to keep; without them those that prices are counted in.
double tick_size(const Instrument& instrument) {
  return instrument.tick_size > 0 ? instrument.tick_size : instrument.price_step.value(1);
}
double lot_size(const Instrument& instrument) {
  return instrument.lot_size > 0 ? instrument.lot_size : instrument.quantity_step.value(1);
}

Json filters_of(const SymbolMarket& market) {
  const WireFormat& format = market.format();
  const Instrument& instrument = market.instrument();
  const std::string tick = format.price(tick_size(instrument)), lot = format.quantity(lot_size(instrument));
  Json filters = Json::array();
  filters.push_back({{"filterType", "PRICE_FILTER"},
                     {"minPrice", tick},
                     {"maxPrice", format.price(1'000'000.0)},
                     {"tickSize", tick}});
  filters.push_back(
      {{"filterType", "LOT_SIZE"}, {"minQty", lot}, {"maxQty", format.quantity(9'000.0)}, {"stepSize", lot}});
  if (format.market == Market::usdm) {
    filters.push_back({{"filterType", "MIN_NOTIONAL"}, {"notional", format.money(instrument.min_notional)}});
  } else {
    filters.push_back({{"filterType", "NOTIONAL"}, {"minNotional", format.money(instrument.min_notional)}});
  }
  return filters;
}

Json symbol_of(const SymbolMarket& market) {
  const WireFormat& format = market.format();
  const AssetPair assets = assets_of(format.symbol);
  Json symbol;
  symbol["symbol"] = format.symbol;
  if (format.market == Market::usdm) {
    symbol["pair"] = format.symbol;
    symbol["contractType"] = "PERPETUAL";
  }
  symbol["status"] = "TRADING";
  symbol["baseAsset"] = assets.base;
  symbol["quoteAsset"] = assets.quote;
  if (format.market == Market::usdm) {
    symbol["pricePrecision"] = format.price_decimals;
    symbol["quantityPrecision"] = format.quantity_decimals;
  }
  symbol["baseAssetPrecision"] = 8;
  symbol["quotePrecision"] = 8;
  symbol["orderTypes"] = {"LIMIT", "MARKET"};
  if (format.market == Market::spot) {
    symbol["isSpotTradingAllowed"] = true;
    symbol["permissions"] = {"SPOT"};
  }
  symbol["filters"] = filters_of(market);
  return symbol;
}

}  // namespace

std::string exchange_info_json(const MarketFeed& feed, std::span<const std::string> symbols,
                               std::int64_t weight_limit, std::int64_t now_ns) {
  Json info;
  info["timezone"] = "UTC";
  info["serverTime"] = to_ms(now_ns);
  info["rateLimits"] = Json::array({{{"rateLimitType", "REQUEST_WEIGHT"},
                                     {"interval", "MINUTE"},
                                     {"intervalNum", 1},
                                     {"limit", weight_limit}}});
  info["exchangeFilters"] = Json::array();
  info["symbols"] = Json::array();
  for (const auto& market : feed.markets()) {
    const bool is_wanted = symbols.empty() || std::ranges::count(symbols, market->format().symbol) > 0;
    if (is_wanted) info["symbols"].push_back(symbol_of(*market));
  }
  return info.dump();
}

}  // namespace hftsim::exchange
