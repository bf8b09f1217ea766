#include "adapters/binance/rest_klines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/errors.h"

namespace hftsim::binance {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t kMs = 1'000'000, kMinuteNs = 60'000 * kMs, kStart = 1'499'040'000'000 * kMs;
const KlinesQuery kQuery{.from_ns = kStart, .to_ns = kStart + 10 * kMinuteNs, .rows_max = 10};

const std::string kFirst =
    R"([1499040000000,"0.01634790","0.80000000","0.01575800","0.01577100","148976.11427815",1499040059999,"2434.19055334",308,"1756.87402397","28.46694368","0"])";
const std::string kSecond =
    R"([1499040060000,"0.01577100","1.00000000","0.01000000","0.5","7",1499040119999,"1.0",0,"0.00000000","0.00000000","17928899.62466032"])";

std::vector<Event> parse(const std::string& body) {
  return parse_klines(body, kQuery, "https://x/klines");
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
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

TEST(RestKlines, GivesTheNearestDoublesAndTheClose) {
  const std::vector<Event> bars = parse(" [" + kFirst + " ,\n" + kSecond + "]\n");
  ASSERT_EQ(bars.size(), 2u);
  EXPECT_EQ(bars[0].ts_ns, kStart + kMinuteNs);
  EXPECT_EQ(bars[0].kind, EventKind::bar);
  EXPECT_EQ(bars[0].bar.open, 0.01634790);
  EXPECT_EQ(bars[0].bar.high, 0.8);
  EXPECT_EQ(bars[0].bar.low, 0.01575800);
  EXPECT_EQ(bars[0].bar.close, 0.01577100);
  EXPECT_EQ(bars[0].bar.volume, 148976.11427815);
  EXPECT_EQ(bars[0].trades, 308u);
  EXPECT_EQ(bars[1].ts_ns, kStart + 2 * kMinuteNs);
  EXPECT_TRUE(parse("[]").empty());
}

TEST(RestKlines, TakesTheOutagesBarThatClosesOffTheGrid) {
  EXPECT_EQ(parse("[" + replaced(kFirst, "1499040059999", "1499040039999") + "]").at(0).ts_ns,
            kStart + kMinuteNs);
}

TEST(RestKlines, RefusesWhatIsNoArrayOfRows) {
  for (const char* body :
       {"", " ", "{}", "[", "]", "[[]]", "[1]", "[{}]", "null", "\"x\"", "[[[[[[", "[] []", "[],",
        "<html>no</html>", "{\"code\":-1121,\"msg\":\"Invalid symbol.\"}", "\xff\xfe"}) {
    EXPECT_THAT(refusal(body), HasSubstr("https://x/klines")) << body;
  }
  EXPECT_THAT(refusal("[" + kFirst + kSecond + "]"), HasSubstr("kline 1"));
  EXPECT_THAT(refusal("[" + kFirst + "," + kSecond), HasSubstr("https://x/klines"));
  EXPECT_THAT(refusal("[" + kFirst + ",]"), HasSubstr("https://x/klines"));
}

TEST(RestKlines, RefusesEveryCutOfABody) {
  const std::string body = "[" + kFirst + "]";
  for (std::size_t size = 0; size < body.size(); ++size)
    EXPECT_THROW(parse(body.substr(0, size)), BadInput) << size;
}

TEST(RestKlines, RefusesWrongTypesWithRowAndField) {
  EXPECT_THAT(refusal("[" + kFirst + "," + replaced(kSecond, "\"0.5\"", "0.5") + "]"),
              HasSubstr("kline 2: close"));
  EXPECT_THAT(refusal("[" + replaced(kFirst, "1499040000000", "\"1499040000000\"") + "]"),
              HasSubstr("open time"));
  EXPECT_THAT(refusal("[" + replaced(kFirst, "308", "308.5") + "]"), HasSubstr("trades"));
  EXPECT_THAT(refusal("[" + replaced(kFirst, "308", "-1") + "]"), HasSubstr("trades"));
  EXPECT_THAT(refusal("[" + replaced(kFirst, "308", "4294967296") + "]"), HasSubstr("trades"));
  EXPECT_THAT(refusal("[" + replaced(kFirst, "308", "null") + "]"), HasSubstr("trades"));
}

TEST(RestKlines, RefusesTextThatIsNoPlainDecimal) {
  for (const char* text :
       {"", ".", "-1", "+1", "1e3", "nan", "inf", "0x10", " 1", "1 ", "1,5", "1.2.3", "\\u0031x"}) {
    EXPECT_THAT(refusal("[" + replaced(kFirst, "0.80000000", text) + "]"), HasSubstr("kline 1: high"))
        << text;
  }
}

TEST(RestKlines, RefusesRowsThatAreTooShortOrTooLong) {
  EXPECT_THAT(refusal("[" + replaced(kFirst, ",\"0\"]", "]") + "]"), HasSubstr("end of the row"));
  EXPECT_THAT(refusal("[" + replaced(kFirst, ",\"0\"]", ",\"0\",1]") + "]"), HasSubstr("a value more"));
}

TEST(RestKlines, RefusesDuplicatesDisorderAndTimesNobodyAskedFor) {
  EXPECT_THAT(refusal("[" + kFirst + "," + kFirst + "]"), HasSubstr("each bar once"));
  EXPECT_THAT(refusal("[" + kSecond + "," + kFirst + "]"), HasSubstr("in order of time"));
  EXPECT_THAT(refusal("[" + replaced(kFirst, "1499040000000", "1499039940000") + "]"),
              HasSubstr("as asked for"));
  EXPECT_THAT(refusal("[" + replaced(kFirst, "1499040000000", "1499040600000") + "]"),
              HasSubstr("as asked for"));
  EXPECT_THAT(refusal("[" + replaced(kFirst, "1499040000000", "1499040000001") + "]"), HasSubstr("multiple"));
  EXPECT_THAT(refusal("[" + replaced(kFirst, "1499040000000", "9223372036854775807") + "]"),
              HasSubstr("open time"));
}

TEST(RestKlines, RefusesMoreRowsThanAskedFor) {
  KlinesQuery query = kQuery;
  query.rows_max = 1;
  EXPECT_THROW(parse_klines("[" + kFirst + "," + kSecond + "]", query, "x"), BadInput);
}

}  // namespace
}  // namespace hftsim::binance
