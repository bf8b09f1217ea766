// Binance's public REST endpoints over the market as it is now. Sockets are elsewhere: a request's target comes in, an
// answer goes out.
//
//   spot    /api/v3/   ping time exchangeInfo klines aggTrades depth
//   usdm    /fapi/v1/  the same
//
// Not modelled: user data, orders, bans for going on above the limit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/exchange/market_feed.h"
#include "adapters/exchange/query_reader.h"
#include "adapters/exchange/weight_window.h"

namespace hftsim::exchange {

struct RestOptions {
  std::int64_t weight_limit = 0;  // per window and client; 0: the market's own, 6,000 spot and 2,400 USD-M
  std::int64_t weight_window_ns = kMinute.value;
};

struct RestAnswer {
  int status = 200;
  std::string body = {};
  std::int64_t used_weight = -1;   // X-MBX-USED-WEIGHT-1M; -1: not said
  std::int64_t retry_after_s = 0;  // Retry-After; 0: not said
};

// {"code":...,"msg":...}
RestAnswer error_answer(const ApiError& error);

class RestApi {
 public:
  explicit RestApi(const MarketFeed& feed, RestOptions options = {});

  // `now_ns` is the exchange's time with its skew, `wall_ns` the real time that weights count by.
  RestAnswer answer(std::string_view target, const std::string& client, std::int64_t now_ns,
                    std::int64_t wall_ns);

 private:
  using Handler = std::string (RestApi::*)(QueryReader&, std::int64_t now_ns) const;
  struct Endpoint;

  const Endpoint* find_endpoint(std::string_view path) const;
  std::int64_t weight_of(const Endpoint& endpoint, const RequestTarget& target) const;
  const SymbolMarket& symbol(QueryReader& query) const;
  std::size_t limit(QueryReader& query, std::size_t preset, std::size_t spot_max, std::size_t usdm_max) const;
  void check_times(std::optional<std::int64_t> from_ns, std::optional<std::int64_t> to_ns) const;

  std::string ping(QueryReader& query, std::int64_t now_ns) const;
  std::string time(QueryReader& query, std::int64_t now_ns) const;
  std::string exchange_info(QueryReader& query, std::int64_t now_ns) const;
  std::string klines(QueryReader& query, std::int64_t now_ns) const;
  std::string agg_trades(QueryReader& query, std::int64_t now_ns) const;
  std::string depth(QueryReader& query, std::int64_t now_ns) const;

  const MarketFeed& feed_;
  WeightWindow weights_;
};

}  // namespace hftsim::exchange
