// What a session asks before its feed starts, with answers as the exchange writes them.
#include "adapters/live/market_setup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "adapters/net/http_client.h"
#include "engine/core/errors.h"
#include "tests/adapters/net/scripted_server.h"
#include "tests/replay/temporary_folder.h"

namespace hftsim::live {
namespace {

using test::http_reply;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kSpotInfo =
    R"({"timezone":"UTC","serverTime":1704067200000,"rateLimits":[],"exchangeFilters":[],"symbols":[)"
    R"({"symbol":"BTCUSDT","status":"TRADING","baseAsset":"BTC","filters":[)"
    R"({"filterType":"PRICE_FILTER","minPrice":"0.01000000","maxPrice":"1000000.00000000","tickSize":"0.01000000"},)"
    R"({"filterType":"LOT_SIZE","minQty":"0.00001000","maxQty":"9000.00000000","stepSize":"0.00001000"},)"
    R"({"filterType":"NOTIONAL","minNotional":"5.00000000","applyMinToMarket":true}]},)"
    R"({"symbol":"ETHUSDT","filters":[{"filterType":"PRICE_FILTER","tickSize":"0.01000000"},)"
    R"({"filterType":"LOT_SIZE","stepSize":"0.00010000"}]}]})";
constexpr const char* kUsdmInfo =
    R"({"symbols":[null,7,{"symbol":5},{"symbol":"SUSHIUSDT","pricePrecision":4,"filters":[)"
    R"({"minPrice":"0.1020","maxPrice":"1000","filterType":"PRICE_FILTER","tickSize":"0.0010"},)"
    R"({"stepSize":"1","filterType":"LOT_SIZE","maxQty":"1000000","minQty":"1"},)"
    R"({"notional":"5","filterType":"MIN_NOTIONAL"}]}]})";

class MarketSetup : public ::testing::Test {
 protected:
  std::vector<Instrument> discover(Market market, const std::vector<std::string>& symbols) {
    fetch::RestSession session = session_of(market);
    return discover_instruments(session, market, symbols, kMinute);
  }
  std::string refusal(Market market, const std::vector<std::string>& symbols) {
    try {
      discover(market, symbols);
    } catch (const BadInput& error) {
      return error.what();
    }
    return "nothing refused";
  }
  fetch::RestSession session_of(Market market) {
    std::vector<std::unique_ptr<net::HttpGetter>> getters;
    getters.push_back(std::make_unique<net::HttpClient>(net::parse_url(server_.url(), "test"), tls_, stop_));
    return fetch::RestSession(fetch::rest_market(market), std::move(getters), clock_, {}, 1);
  }

  std::atomic<bool> interrupted_ = false;
  net::StopSignal stop_{&interrupted_};
  fetch::WallFetchClock clock_{stop_};
  net::TlsContext tls_;
  test::Script answer_ = [](const std::string& target) {
    return http_reply(200, target.starts_with("/api") ? kSpotInfo : kUsdmInfo);
  };
  std::vector<std::string> asked_;
  test::ScriptedServer server_{[this](const std::string& target) {
    asked_.push_back(target);
    return answer_(target);
  }};
};

TEST_F(MarketSetup, AsksSpotForItsSymbolsAlone) {
  const std::vector<Instrument> one = discover(Market::spot, {"btcusdt"});
  const std::vector<Instrument> two = discover(Market::spot, {"ETHUSDT", "BTCUSDT"});
  EXPECT_THAT(asked_, ElementsAre("/api/v3/exchangeInfo?symbol=BTCUSDT",
                                  "/api/v3/exchangeInfo?symbols=%5B%22ETHUSDT%22%2C%22BTCUSDT%22%5D"));
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].tick_size, 0.01);
  EXPECT_EQ(one[0].lot_size, 0.00001);
  EXPECT_EQ(one[0].min_notional, 5);
  EXPECT_EQ(one[0].price_step.decimals, 8) << "as the exchange writes prices";
  EXPECT_EQ(one[0].bar_interval, kMinute);
  ASSERT_EQ(two.size(), 2u);
  EXPECT_EQ(two[0].symbol, "ETHUSDT");
  EXPECT_EQ(two[1].symbol, "BTCUSDT");
}

TEST_F(MarketSetup, TakesFromUsdmWhatItWants) {
  const std::vector<Instrument> found = discover(Market::usdm, {"SUSHIUSDT"});
  EXPECT_THAT(asked_, ElementsAre("/fapi/v1/exchangeInfo"));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].tick_size, 0.001);
  EXPECT_EQ(found[0].lot_size, 1);
  EXPECT_EQ(found[0].min_notional, 5);
}

TEST_F(MarketSetup, NamesTheSymbolThatIsUnknown) {
  EXPECT_THAT(refusal(Market::usdm, {"SUSHIUSD"}), HasSubstr("no symbol 'SUSHIUSD' (did you mean SUSHIUSDT"));
  EXPECT_THAT(refusal(Market::spot, {"BTCUSDT", "btcusdt"}), HasSubstr("BTCUSDT twice"));
  answer_ = [](const std::string& target) {
    return target.find('?') == std::string::npos
               ? http_reply(200, kSpotInfo)
               : http_reply(400, R"({"code":-1121,"msg":"Invalid symbol."})");
  };
  EXPECT_THAT(refusal(Market::spot, {"BTCUSDT", "ETHUSD"}),
              HasSubstr("no symbol 'ETHUSD' (did you mean ETHUSDT"));
}

TEST_F(MarketSetup, RefusesAnswersThatAreNone) {
  for (const char* body :
       {"", "null", "[]", "{", R"({"symbols":{}})", R"({"symbols":[{"symbol":"BTCUSDT"}]})",
        R"({"symbols":[{"symbol":"BTCUSDT","filters":[1,{"filterType":2}]}]})",
        R"({"symbols":[{"symbol":"BTCUSDT","filters":[{"filterType":"PRICE_FILTER","tickSize":"1e-2"},)"
        R"({"filterType":"LOT_SIZE","stepSize":"-1"}]}]})"}) {
    answer_ = [&](const std::string&) {
      return http_reply(200, body);
    };
    EXPECT_THROW(discover(Market::spot, {"BTCUSDT"}), BadInput) << body;
  }
}

// A user who interrupts does not wait for the exchange.
TEST_F(MarketSetup, HistoryEndsWhereTheUserInterrupts) {
  const TemporaryFolder cache;
  for (const std::filesystem::path& root : {std::filesystem::path(), cache.path()}) {
    interrupted_ = false;
    answer_ = [&](const std::string& target) {
      if (target.ends_with("/time")) return http_reply(200, R"({"serverTime":1704067200000})");
      interrupted_ = true;
      return http_reply(429, "{}", "Retry-After: 500\r\n");
    };
    fetch::RestSession session = session_of(Market::spot);
    Instrument instrument;
    instrument.symbol = "BTCUSDT";
    instrument.bar_interval = kMinute;
    EXPECT_THROW(fetch_history(session, Market::spot, instrument, 0, 100, root, stop_), net::Interrupted);
  }
}

}  // namespace
}  // namespace hftsim::live
