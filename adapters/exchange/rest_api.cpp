#include "adapters/exchange/rest_api.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "adapters/exchange/exchange_info.h"
#include "adapters/exchange/trade_query.h"

namespace hftsim::exchange {
namespace {

constexpr std::int64_t kHour_ns = 60 * kMinute.value;

// As the exchange weighs a request by its limit: the weight of the first row whose limit is not below.
struct LimitWeight {
  std::int64_t limit, weight;
};
constexpr std::array kSpotDepthWeights = {LimitWeight{100, 5}, LimitWeight{500, 25}, LimitWeight{1'000, 50},
                                          LimitWeight{INT64_MAX, 250}};
constexpr std::array kUsdmDepthWeights = {LimitWeight{50, 2}, LimitWeight{100, 5}, LimitWeight{500, 10},
                                          LimitWeight{INT64_MAX, 20}};
constexpr std::array kUsdmKlineWeights = {LimitWeight{99, 1}, LimitWeight{499, 2}, LimitWeight{1'000, 5},
                                          LimitWeight{INT64_MAX, 10}};

std::int64_t weight_by_limit(std::span<const LimitWeight> weights, std::int64_t limit) {
  return std::ranges::lower_bound(weights, limit, {}, &LimitWeight::limit)->weight;
}

// [row,row,...]
template <class Rows, class Write>
std::string json_array(const Rows& rows, Write write) {
  std::string out = "[";
  for (const auto& row : rows) {
    if (out.size() > 1) out += ',';
    out += write(row);
  }
  return out + ']';
}

// ["BTCUSDT","ETHUSDT"]
std::vector<std::string> symbols_in(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  const bool are_texts = json.is_array() && !json.empty() &&
                         std::ranges::all_of(json, [](const auto& item) { return item.is_string(); });
  if (!are_texts) throw refused(-1100, "Illegal characters found in parameter 'symbols'.");
  return json.get<std::vector<std::string>>();
}

}  // namespace

struct RestApi::Endpoint {
  std::string_view name;
  Handler handler;
  std::int64_t spot_weight, usdm_weight;
};

RestAnswer error_answer(const ApiError& error) {
  return {.status = error.status,
          .body = fmt::format(R"({{"code":{},"msg":"{}"}})", error.code, error.message)};
}

RestApi::RestApi(const MarketFeed& feed, RestOptions options)
    : feed_(feed),
      weights_(options.weight_limit > 0        ? options.weight_limit
               : feed.market() == Market::spot ? 6'000
                                               : 2'400,
               options.weight_window_ns) {}

const RestApi::Endpoint* RestApi::find_endpoint(std::string_view path) const {
  static constexpr std::array<Endpoint, 6> kEndpoints = {{{"ping", &RestApi::ping, 1, 1},
                                                          {"time", &RestApi::time, 1, 1},
                                                          {"exchangeInfo", &RestApi::exchange_info, 20, 1},
                                                          {"klines", &RestApi::klines, 2, 5},
                                                          {"aggTrades", &RestApi::agg_trades, 4, 20},
                                                          {"depth", &RestApi::depth, 5, 10}}};
  const std::string_view prefix = feed_.market() == Market::spot ? "/api/v3/" : "/fapi/v1/";
  if (!path.starts_with(prefix)) return nullptr;
  const auto found = std::ranges::find(kEndpoints, path.substr(prefix.size()), &Endpoint::name);
  return found == kEndpoints.end() ? nullptr : &*found;
}

std::int64_t RestApi::weight_of(const Endpoint& endpoint, const RequestTarget& target) const {
  const bool is_spot = feed_.market() == Market::spot;
  std::int64_t limit = endpoint.name == "depth" && is_spot ? 100 : 500;
  if (const std::string* text = target.find("limit")) {
    std::from_chars(text->data(), text->data() + text->size(), limit);
  }
  if (endpoint.name == "depth") {
    return is_spot ? weight_by_limit(kSpotDepthWeights, limit) : weight_by_limit(kUsdmDepthWeights, limit);
  }
  if (endpoint.name == "klines" && !is_spot) return weight_by_limit(kUsdmKlineWeights, limit);
  return is_spot ? endpoint.spot_weight : endpoint.usdm_weight;
}

RestAnswer RestApi::answer(std::string_view text, const std::string& client, std::int64_t now_ns,
                           std::int64_t wall_ns) {
  const std::optional<RequestTarget> target = parse_target(text);
  if (!target) return error_answer(refused(-1100, "Illegal characters found in a parameter."));
  const Endpoint* endpoint = find_endpoint(target->path);
  if (endpoint == nullptr) return error_answer({404, -5000, "Path not found."});
  const WeightUse use = weights_.charge(client, weight_of(*endpoint, *target), wall_ns);
  RestAnswer answer;
  if (use.retry_after_s > 0) {
    answer = error_answer({429, -1003,
                           fmt::format("Too many requests; current limit is {} request weight per 1 MINUTE.",
                                       weights_.limit())});
  } else {
    try {
      QueryReader query(*target);
      answer.body = (this->*endpoint->handler)(query, now_ns);
    } catch (const ApiError& error) {
      answer = error_answer(error);
    }
  }
  answer.used_weight = use.used;
  answer.retry_after_s = use.retry_after_s;
  return answer;
}

const SymbolMarket& RestApi::symbol(QueryReader& query) const {
  const SymbolMarket* found = feed_.find(query.required("symbol"));
  if (found == nullptr) throw refused(-1121, "Invalid symbol.");
  return *found;
}

// Spot gives as many as it may where more are asked for; USD-M refuses.
std::size_t RestApi::limit(QueryReader& query, std::size_t preset, std::size_t spot_max,
                           std::size_t usdm_max) const {
  const std::optional<std::int64_t> asked = query.number("limit");
  if (!asked) return preset;
  const bool is_spot = feed_.market() == Market::spot;
  const std::size_t most = is_spot ? spot_max : usdm_max;
  const std::size_t limit = static_cast<std::size_t>(*asked);
  if (limit == 0 || (limit > most && !is_spot)) {
    throw refused(-1130, "Data sent for parameter 'limit' is not valid.");
  }
  return std::min(limit, most);
}

void RestApi::check_times(std::optional<std::int64_t> from_ns, std::optional<std::int64_t> to_ns) const {
  if (feed_.market() == Market::usdm && from_ns && to_ns && *from_ns > *to_ns) {
    throw refused(-1023, "Start time is greater than end time.");
  }
}

std::string RestApi::ping(QueryReader& query, std::int64_t) const {
  query.finish();
  return "{}";
}

std::string RestApi::time(QueryReader& query, std::int64_t now_ns) const {
  query.finish();
  return fmt::format(R"({{"serverTime":{}}})", to_ms(now_ns));
}

std::string RestApi::exchange_info(QueryReader& query, std::int64_t now_ns) const {
  const std::optional<std::string> one = query.optional("symbol"), several = query.optional("symbols");
  query.finish();
  if (one && several) throw refused(-1128, "Combination of optional parameters invalid.");
  std::vector<std::string> wanted;
  if (one) wanted.push_back(*one);
  if (several) wanted = symbols_in(*several);
  for (const std::string& symbol : wanted) {
    if (feed_.find(symbol) == nullptr) throw refused(-1121, "Invalid symbol.");
  }
  return exchange_info_json(feed_, wanted, weights_.limit(), now_ns);
}

std::string RestApi::klines(QueryReader& query, std::int64_t now_ns) const {
  const SymbolMarket& market = symbol(query);
  const KlineInterval* interval = find_kline_interval(query.required("interval"));
  if (interval == nullptr || !interval->is_made_of(market.klines().base()))
    throw refused(-1120, "Invalid interval.");
  KlineQuery wanted;
  wanted.from_ns = query.time_ns("startTime");
  const std::optional<std::int64_t> to_ns = query.time_ns("endTime");
  wanted.to_ns = to_ns.value_or(INT64_MAX);
  wanted.limit = limit(query, 500, 1'000, 1'500);
  query.finish();
  check_times(wanted.from_ns, to_ns);
  return json_array(market.klines().find(*interval, wanted, now_ns),
                    [&](const Kline& kline) { return kline_row(market.format(), kline); });
}

std::string RestApi::agg_trades(QueryReader& query, std::int64_t) const {
  const SymbolMarket& market = symbol(query);
  const std::optional<std::int64_t> from_id = query.number("fromId");
  const std::optional<std::int64_t> from_ns = query.time_ns("startTime"), to_ns = query.time_ns("endTime");
  const std::size_t most = limit(query, 500, 1'000, 1'000);
  query.finish();
  check_times(from_ns, to_ns);
  if (from_id && (from_ns || to_ns)) {
    throw refused(
        -1128,
        "Combination of optional parameters invalid. Recommendation: 'fromId' must not be sent with "
        "'startTime' or 'endTime'.");
  }
  if (feed_.market() == Market::usdm && from_ns && to_ns && *to_ns - *from_ns >= kHour_ns) {
    throw refused(-4166, "Search window is restricted to recent 1 hour: startTime to endTime.");
  }
  return json_array(find_trades(market.trades(), {from_id, from_ns, to_ns, most}),
                    [&](const Event& trade) { return agg_trade_row(market.format(), trade); });
}

std::string RestApi::depth(QueryReader& query, std::int64_t now_ns) const {
  static constexpr std::array<std::size_t, 7> kUsdmLimits = {5, 10, 20, 50, 100, 500, 1'000};
  const SymbolMarket& market = symbol(query);
  const bool is_spot = feed_.market() == Market::spot;
  const std::size_t most = limit(query, is_spot ? 100 : 500, 5'000, 1'000'000);
  query.finish();
  if (!is_spot && std::ranges::count(kUsdmLimits, most) == 0) {
    throw refused(-4021, fmt::format("{} is not valid depth limit.", most));
  }
  if (market.awaits_snapshot()) {
    throw ApiError{503, -1001, "Internal error; unable to process your request. Please try again."};
  }
  const OrderBook& book = market.book();
  return depth_snapshot_json(market.format(), book.seq(), market.last_depth().ts_ns, book.bids(most),
                             book.asks(most), now_ns);
}

}  // namespace hftsim::exchange
