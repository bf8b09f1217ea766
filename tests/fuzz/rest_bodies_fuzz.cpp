// What the exchange's REST interface answers: klines, trades, symbols, its time, refusals.
#include <cstdlib>
#include <functional>

#include "adapters/binance/rest_agg_trades.h"
#include "adapters/binance/rest_answers.h"
#include "adapters/binance/rest_klines.h"
#include "engine/core/errors.h"
#include "tests/fuzz/fuzz_target.h"

namespace hftsim::fuzz {
namespace {

void refusable(const std::function<void()>& parse) {
  try {
    parse();
  } catch (const BadInput&) {
  }
}

// Taken: only what the query allows, in order.
void check_klines(std::string_view body) {
  const binance::KlinesQuery query{.from_ns = 0, .to_ns = 2'000'000'000'000'000'000, .rows_max = 3};
  std::int64_t before_ns = 0;
  const std::vector<Event> bars = binance::parse_klines(body, query, "fuzz");
  if (bars.size() > query.rows_max) std::abort();
  for (const Event& bar : bars) {
    if (bar.ts_ns <= before_ns || bar.ts_ns % query.interval_ns != 0) std::abort();
    before_ns = bar.ts_ns;
  }
}

void check_trades(std::string_view body) {
  std::uint64_t before = 0;
  for (const Event& trade : binance::parse_agg_trades(body, Instrument{}, 1, 3, "fuzz")) {
    if (trade.trade.seq <= before || trade.trade.price_ticks < 0) std::abort();
    before = trade.trade.seq;
  }
}

}  // namespace

std::vector<std::string> seeds() {
  return {
      R"([[1499040000000,"0.01634790","0.80000000","0.01575800","0.01577100","148976.11427815",1499040059999,"2434.19055334",308,"1756.87402397","28.46694368","0"],)"
      R"([1499040060000,"1","2","0.5","1.5","0.00000000",1499040119999,"0",0,"0","0","0"]])",
      R"([{"a":26129,"p":"0.01633102","q":"4.70443515","f":27781,"l":27781,"T":1498793709153,"m":true,"M":true},)"
      R"({"a":26130,"p":"61800.3","q":"0.002","f":27782,"l":27784,"T":1498793709153,"m":false}])",
      R"({"timezone":"UTC","rateLimits":[],"symbols":[{"symbol":"ETHBTC","filters":[{"tickSize":"0.1"}]},{"symbol":"BTCUSDT"}]})",
      R"({"serverTime":1499827319559})",
      R"({"code":-1121,"msg":"Invalid symbol."})",
      "<html><body>502 Bad Gateway</body></html>",
      "[]"};
}

void run(std::span<const std::uint8_t> input) {
  const std::string_view body(reinterpret_cast<const char*>(input.data()), input.size());
  refusable([&] { check_klines(body); });
  refusable([&] { check_trades(body); });
  refusable([&] { binance::parse_symbols(body, "fuzz"); });
  refusable([&] { binance::parse_server_time_ns(body, "fuzz"); });
  binance::parse_refusal(body);
}

}  // namespace hftsim::fuzz
