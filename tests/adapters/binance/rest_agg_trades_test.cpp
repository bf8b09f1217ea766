#include "adapters/binance/rest_agg_trades.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/errors.h"

namespace hftsim::binance {
namespace {

using ::testing::HasSubstr;

const std::string kSpot =
    R"({"a":26129,"p":"0.01633102","q":"4.70443515","f":27781,"l":27783,"T":1498793709153,"m":true,"M":true})";
const std::string kUsdm =
    R"({"a":26130,"p":"61800.3","q":"0.002","f":27784,"l":27784,"T":1498793709153,"m":false,"nq":"0.002"})";

std::vector<Event> parse(const std::string& body, std::uint64_t id_min = 0, std::size_t rows_max = 10) {
  return parse_agg_trades(body, Instrument{}, id_min, rows_max, "https://x/aggTrades");
}

std::string refusal(const std::string& body) {
  try {
    parse(body);
  } catch (const BadInput& error) {
    return error.what();
  }
  ADD_FAILURE() << "taken: " << body;
  return "";
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  return text.replace(text.find(what), what.size(), with);
}

TEST(RestAggTrades, CountsStepsExactly) {
  const std::vector<Event> trades = parse("[" + kSpot + "," + kUsdm + "]");
  ASSERT_EQ(trades.size(), 2u);
  EXPECT_EQ(trades[0].kind, EventKind::trade);
  EXPECT_EQ(trades[0].ts_ns, 1'498'793'709'153'000'000);
  EXPECT_EQ(trades[0].trade.price_ticks, 1'633'102);
  EXPECT_EQ(trades[0].trade.quantity_lots, 470'443'515);
  EXPECT_EQ(trades[0].trade.seq, 26129u);
  EXPECT_EQ(trades[0].trade.id_first, 27781u);
  EXPECT_EQ(trades[0].trade.id_last, 27783u);
  EXPECT_TRUE(trades[0].has(kBuyerIsMaker));
  EXPECT_EQ(trades[1].trade.price_ticks, 6'180'030'000'000);
  EXPECT_FALSE(trades[1].has(kBuyerIsMaker));
}

TEST(RestAggTrades, RefusesMissingAndRepeatedFields) {
  EXPECT_THAT(refusal("[" + replaced(kSpot, "\"q\":\"4.70443515\",", "") + "]"), HasSubstr("not all fields"));
  EXPECT_THAT(refusal("[" + replaced(kSpot, "\"M\":true", "\"m\":true") + "]"), HasSubstr("it twice"));
}

TEST(RestAggTrades, RefusesWrongTypes) {
  EXPECT_THAT(refusal("[" + replaced(kSpot, "26129", "\"26129\"") + "]"), HasSubstr("trade 1: a"));
  EXPECT_THAT(refusal("[" + replaced(kSpot, "26129", "-1") + "]"), HasSubstr("trade 1: a"));
  EXPECT_THAT(refusal("[" + replaced(kSpot, "\"0.01633102\"", "0.01633102") + "]"), HasSubstr("trade 1: p"));
  EXPECT_THAT(refusal("[" + replaced(kSpot, "0.01633102", "0.016331021") + "]"), HasSubstr("multiple"));
  EXPECT_THAT(refusal("[" + replaced(kSpot, "0.01633102", "-1") + "]"), HasSubstr("multiple"));
  EXPECT_THAT(refusal("[" + replaced(kSpot, "\"m\":true", "\"m\":1") + "]"), HasSubstr("trade 1: m"));
  EXPECT_THAT(refusal("[" + replaced(kSpot, "1498793709153", "18446744073709551615") + "]"),
              HasSubstr("trade 1: T"));
}

TEST(RestAggTrades, RefusesDisorder) {
  EXPECT_THAT(refusal("[" + kUsdm + "," + kSpot + "]"), HasSubstr("one above 26130"));
  EXPECT_THAT(refusal("[" + kSpot + "," + kSpot + "]"), HasSubstr("one above 26129"));
  EXPECT_THAT(refusal("[" + kSpot + "," + replaced(kUsdm, "1498793709153", "1498793709152") + "]"),
              HasSubstr("time 1498793709152"));
  EXPECT_THAT(refusal("[" + replaced(kSpot, "27783", "27780") + "]"), HasSubstr("first to last"));
  EXPECT_THROW(parse("[" + kSpot + "]", 26130), BadInput);
  EXPECT_THROW(parse("[" + kSpot + "," + kUsdm + "]", 0, 1), BadInput);
}

TEST(RestAggTrades, RefusesWhatIsNoArrayOfObjects) {
  for (const char* body : {"", "{}", "[[]]", "[1]", "[{}]", "[{]", "[{\"a\"}]", "null", "[] x"}) {
    EXPECT_THAT(refusal(body), HasSubstr("https://x/aggTrades")) << body;
  }
  const std::string body = "[" + kSpot + "]";
  for (std::size_t size = 0; size < body.size(); ++size)
    EXPECT_THROW(parse(body.substr(0, size)), BadInput) << size;
}

}  // namespace
}  // namespace hftsim::binance
