// Generated trades and quotes beside real ones: 346 s of BTC/USDT, spot and USD-M futures, in ../shared.
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "replay/trade_generator.h"
#include "tests/adapters/shared_data.h"
#include "tests/replay/series.h"

namespace hftsim {
namespace {

using namespace test;

struct Market {
  Series spreads, spread_ticks;  // of quotes: as a share of the price; in ticks
  Series sizes;                  // of trades, of their mean
  Series gaps;                   // between orders, of their mean
  Series order_trades;
  double quotes_per_trade = 0;

  void add_quote(double bid, double ask, double tick) {
    spreads.push_back((ask - bid) / bid);
    spread_ticks.push_back(std::round((ask - bid) / tick));
  }

  // Trades of one millisecond are one order, as an exchange's times are no finer.
  void add_trade(std::int64_t ts_ms, double quantity) {
    sizes.push_back(quantity);
    if (ts_ms == last_ms) {
      ++order_trades.back();
      return;
    }
    if (last_ms > 0) gaps.push_back(static_cast<double>(ts_ms - last_ms));
    order_trades.push_back(1);
    last_ms = ts_ms;
  }

  void finish() {
    quotes_per_trade = static_cast<double>(spreads.size()) / static_cast<double>(sizes.size());
    for (Series* series : {&sizes, &gaps}) {
      const double unit = mean(*series);
      for (double& value : *series) value /= unit;
    }
  }

  double share_of_one_tick() const { return share(spread_ticks, 1); }
  double share_of_single_trades() const { return share(order_trades, 1); }

 private:
  static double share(const Series& x, double value) {
    return static_cast<double>(std::count(x.begin(), x.end(), value)) / static_cast<double>(x.size());
  }
  std::int64_t last_ms = 0;
};

// The number behind "name": in a message, quoted or not.
double number_in(std::string_view line, std::string_view name) {
  const std::size_t at = line.find(name);
  EXPECT_NE(at, std::string_view::npos) << line;
  const char* text = line.data() + at + name.size();
  return std::strtod(*text == '"' ? text + 1 : text, nullptr);
}

Market captured(const std::filesystem::path& path, double tick) {
  Market market;
  const gzFile file = gzopen(path.c_str(), "rb");
  EXPECT_NE(file, nullptr);
  std::string line(1 << 20, '\0');
  while (gzgets(file, line.data(), static_cast<int>(line.size())) != nullptr) {
    const std::string_view text(line.c_str());
    if (text.find("@bookTicker\"") != std::string_view::npos) {
      market.add_quote(number_in(text, "\"b\":"), number_in(text, "\"a\":"), tick);
    } else if (text.find("@trade\"") != std::string_view::npos) {
      market.add_trade(static_cast<std::int64_t>(number_in(text, "\"T\":")), number_in(text, "\"q\":"));
    }
  }
  gzclose(file);
  market.finish();
  return market;
}

Market generated() {
  TradeGeneratorOptions options;
  options.bars.bars = 60;
  TradeGenerator generator(options);
  Market market;
  std::vector<Event> room(4096);
  for (std::size_t count = generator.read(room); count > 0; count = generator.read(room)) {
    for (const Event& event : std::span(room).first(count)) {
      if (event.kind == EventKind::quote) {
        market.add_quote(static_cast<double>(event.quote.bid_ticks),
                         static_cast<double>(event.quote.ask_ticks), 1);
      } else if (event.kind == EventKind::trade) {
        market.add_trade(event.ts_ns / 1'000'000, static_cast<double>(event.trade.quantity_lots));
      }
    }
  }
  market.finish();
  return market;
}

void expect_alike(const char* what, const Series& ours, const Series& real, double share, double factor) {
  const double ratio = quantile(ours, share) / quantile(real, share);
  EXPECT_LT(ratio, factor) << what << " at " << share << ": " << quantile(ours, share);
  EXPECT_GT(ratio, 1 / factor) << what << " at " << share << ": " << quantile(ours, share);
}

class TradesBesideACapture : public ::testing::Test {
 protected:
  static constexpr const char* kSpot = "data/binance/spot-btcusdt-2024-08-08.jsonl.gz";
  static constexpr const char* kUsdm = "data/binance/usdm-btcusdt-2024-08-08.jsonl.gz";
};

TEST_F(TradesBesideACapture, SpotsSpreadsSizesAndClusters) {
  HFTSIM_NEED_SHARED(kSpot);
  const Market real = captured(shared_file(kSpot), 0.01), ours = generated();
  ASSERT_EQ(real.sizes.size(), 9757u);
  EXPECT_NEAR(ours.share_of_one_tick(), real.share_of_one_tick(), 0.03);
  for (const double share : {0.95, 0.99}) expect_alike("spread", ours.spreads, real.spreads, share, 3);
  for (const double share : {0.5, 0.75, 0.9, 0.99}) expect_alike("size", ours.sizes, real.sizes, share, 2);
  for (const double share : {0.75, 0.9, 0.99}) expect_alike("gap", ours.gaps, real.gaps, share, 1.5);
  EXPECT_NEAR(ours.share_of_single_trades(), real.share_of_single_trades(), 0.1);
  EXPECT_NEAR(ours.quotes_per_trade, real.quotes_per_trade, 1);
}

TEST_F(TradesBesideACapture, FuturesSpreadsSizesAndClusters) {
  HFTSIM_NEED_SHARED(kUsdm);
  const Market real = captured(shared_file(kUsdm), 0.1), ours = generated();
  ASSERT_EQ(real.sizes.size(), 21'313u);
  EXPECT_NEAR(ours.share_of_one_tick(), real.share_of_one_tick(), 0.08);
  for (const double share : {0.75, 0.9, 0.99}) expect_alike("size", ours.sizes, real.sizes, share, 2);
  for (const double share : {0.75, 0.9, 0.99}) expect_alike("gap", ours.gaps, real.gaps, share, 1.6);
  EXPECT_NEAR(ours.share_of_single_trades(), real.share_of_single_trades(), 0.15);
  EXPECT_NEAR(ours.quotes_per_trade, real.quotes_per_trade, 1.2);
}

}  // namespace
}  // namespace hftsim
