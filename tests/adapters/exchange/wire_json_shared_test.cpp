// Every message of the real captures, read and written again: the same bytes.
#include <gtest/gtest.h>
#include <zlib.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "adapters/exchange/wire_json.h"
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

class Rewriter {
 public:
  Rewriter(Market market, DecimalStep price, DecimalStep quantity)
      : format_(instrument(price, quantity), market) {}

  std::string rewritten(const std::string& text) const {
    const Json message = Json::parse(text);
    if (message.contains("lastUpdateId")) return snapshot(message);
    const Json& data = message["data"];
    const std::string stream = message["stream"];
    return combined_json(stream, data_of(stream.substr(stream.find('@') + 1), data));
  }

 private:
  static Instrument instrument(DecimalStep price, DecimalStep quantity) {
    Instrument instrument;
    instrument.symbol = "BTCUSDT";
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
    if (++different <= 3) EXPECT_EQ(written, message);
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

}  // namespace
}  // namespace hftsim::exchange
