// Every message of the real captures, read and written again: the same bytes.
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "adapters/exchange/wire_json.h"
#include "adapters/lower_case.h"
#include "tests/adapters/shared_data.h"

namespace hftsim::exchange {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kMs = 1'000'000;

// The messages of a capture, without the time of receipt in front.
std::vector<std::string> messages_of(const std::filesystem::path& path) {
  std::vector<std::string> messages;
  gzFile file = gzopen(path.c_str(), "rb");
  std::vector<char> line(1 << 20);
  while (gzgets(file, line.data(), static_cast<int>(line.size())) != nullptr) {
    std::string text = line.data();
    if (text.ends_with('\n')) text.pop_back();
    messages.push_back(text.substr(text.find(' ') + 1));
  }
  gzclose(file);
  return messages;
}

// The same of a capture whose lines begin with "<seconds>: ", behind a line that names the streams.
std::vector<std::string> messages_of_zst(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string packed(std::istreambuf_iterator<char>(file), {});
  std::string text(ZSTD_getFrameContentSize(packed.data(), packed.size()), '\0');
  text.resize(ZSTD_decompress(text.data(), text.size(), packed.data(), packed.size()));
  std::istringstream lines(text);
  std::vector<std::string> messages;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("wss:")) messages.push_back(line.substr(line.find(' ') + 1));
  }
  return messages;
}

double number(const Json& text) {
  return std::stod(text.get_ref<const std::string&>());
}

class Rewriter {
 public:
  Rewriter(Market market, DecimalStep price, DecimalStep quantity, const std::string& symbol = "BTCUSDT")
      : format_(instrument(price, quantity, symbol), market) {}

  std::string rewritten(const std::string& text) const {
    const Json message = Json::parse(text);
    if (message.contains("lastUpdateId")) return snapshot(message);
    const Json& data = message["data"];
    const std::string stream = message["stream"];
    return combined_json(stream, data_of(stream.substr(stream.find('@') + 1), data));
  }

 private:
  static Instrument instrument(DecimalStep price, DecimalStep quantity, const std::string& symbol) {
    Instrument instrument;
    instrument.symbol = symbol;
    instrument.price_step = price;
    instrument.quantity_step = quantity;
    return instrument;
  }

  static std::int64_t time_of(const Json& data, const char* name) {
    return data.value(name, std::int64_t{0}) * kMs;
  }
  std::int64_t ticks(const Json& text) const {
    return parse_steps(text.get_ref<const std::string&>(), format_.price_step).value();
  }
  std::int64_t lots(const Json& text) const {
    return parse_steps(text.get_ref<const std::string&>(), format_.quantity_step).value();
  }
  std::vector<BookLevel> levels(const Json& rows) const {
    std::vector<BookLevel> levels;
    for (const Json& row : rows) levels.push_back({ticks(row[0]), lots(row[1])});
    return levels;
  }

  std::string data_of(const std::string& kind, const Json& data) const {
    Event event{};
    event.ts_ns = time_of(data, "T");
    if (kind == "trade") {
      const std::uint64_t id = data["t"];
      event.trade = {ticks(data["p"]), lots(data["q"]), id, id, id};
      event.flags = data["m"] == true ? kBuyerIsMaker : 0;
      if (data.value("X", "MARKET") != "MARKET") event.flags |= kOffBook;
      return trade_json(format_, event, time_of(data, "E"));
    }
    if (kind == "aggTrade") {
      event.trade = {ticks(data["p"]), lots(data["q"]), data["a"], data["f"], data["l"]};
      event.flags = data["m"] == true ? kBuyerIsMaker : 0;
      return agg_trade_json(format_, event, time_of(data, "E"));
    }
    if (kind == "kline_1m") return kline(data["k"], time_of(data, "E"));
    if (kind == "bookTicker") {
      event.quote = {ticks(data["b"]), lots(data["B"]), ticks(data["a"]), lots(data["A"]), data["u"]};
      return book_ticker_json(format_, event, time_of(data, "E"));
    }
    const DepthMessage message{.ts_ns = time_of(data, "T"),
                               .first = data["U"],
                               .last = data["u"],
                               .previous = data.value("pu", std::uint64_t{0}),
                               .bids = levels(data["b"]),
                               .asks = levels(data["a"])};
    return depth_json(format_, message, time_of(data, "E"));
  }

  std::string kline(const Json& k, std::int64_t sent_ns) const {
    const Kline kline{.open_ns = time_of(k, "t"),
                      .end_ns = time_of(k, "T") + kMs,
                      .bar = {number(k["o"]), number(k["h"]), number(k["l"]), number(k["c"]), number(k["v"])},
                      .quote_volume = number(k["q"]),
                      .taker_volume = number(k["V"]),
                      .taker_quote_volume = number(k["Q"]),
                      .trades = k["n"],
                      .id_first = k["f"],
                      .id_last = k["L"]};
    return kline_json(format_, kline, "1m", k["x"] == true, sent_ns);
  }

  std::string snapshot(const Json& data) const {
    return depth_snapshot_json(format_, data["lastUpdateId"], time_of(data, "T"), levels(data["bids"]),
                               levels(data["asks"]), time_of(data, "E"));
  }

  WireFormat format_;
};

void expect_same_bytes(const char* capture, const Rewriter& rewriter, std::size_t count) {
  const std::vector<std::string> messages = messages_of(shared_file(capture));
  EXPECT_EQ(messages.size(), count);
  std::size_t different = 0;
  for (const std::string& message : messages) {
    const std::string written = rewriter.rewritten(message);
    if (written == message) continue;
    if (++different <= 3) {
      EXPECT_EQ(written, message);
    }
  }
  EXPECT_EQ(different, 0u);
}

TEST(WireJsonShared, UsdmCaptureIsWrittenAgainByteForByte) {
  constexpr const char* kCapture = "data/binance/usdm-btcusdt-2024-08-08.jsonl.gz";
  HFTSIM_NEED_SHARED(kCapture);
  expect_same_bytes(kCapture, Rewriter(Market::usdm, {1, 2}, {1, 3}), 93'954);
}

TEST(WireJsonShared, SpotCaptureIsWrittenAgainByteForByte) {
  constexpr const char* kCapture = "data/binance/spot-btcusdt-2024-08-08.jsonl.gz";
  HFTSIM_NEED_SHARED(kCapture);
  expect_same_bytes(kCapture, Rewriter(Market::spot, {1, 2}, {1, 8}), 41'249);
}

TEST(WireJsonShared, CandlesAndAggregatedTradesAreWrittenAgainByteForByte) {
  constexpr const char* kCapture = "data/binance/usdm-multi-2021-07-22.ws.zst";
  HFTSIM_NEED_SHARED(kCapture);
  std::map<std::string, Rewriter> rewriters;
  for (const auto& [symbol, decimals] :
       {std::pair{"AKROUSDT", 5}, {"CTKUSDT", 5}, {"KEEPUSDT", 4}, {"SUSHIUSDT", 4}}) {
    rewriters.emplace(lower_case(std::string(symbol)), Rewriter(Market::usdm, {1, decimals}, {1, 0}, symbol));
  }
  std::map<std::string, std::size_t> kinds;
  for (const std::string& message : messages_of_zst(shared_file(kCapture))) {
    const std::string stream = Json::parse(message).value("stream", "");
    if (stream.empty()) continue;
    ++kinds[stream.substr(stream.find('@') + 1)];
    EXPECT_EQ(rewriters.at(stream.substr(0, stream.find('@'))).rewritten(message), message);
  }
  EXPECT_EQ(kinds["kline_1m"], 67u);
  EXPECT_EQ(kinds["aggTrade"], 91u);
}

}  // namespace
}  // namespace hftsim::exchange
