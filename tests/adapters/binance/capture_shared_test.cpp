// The real captures against what was worked out of them independently.
#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/adapters/binance/captures.h"
#include "tests/adapters/shared_data.h"

namespace hftsim::binance {
namespace {

constexpr const char* kUsdm = "data/binance/usdm-btcusdt-2024-08-08.jsonl.gz";
constexpr const char* kSpot = "data/binance/spot-btcusdt-2024-08-08.jsonl.gz";
constexpr const char* kReference = "reference/books.json";

nlohmann::json reference() {
  std::ifstream file(shared_file(kReference));
  return nlohmann::json::parse(file)["usdm_btcusdt_20240808"];
}

std::uint64_t count_of(const Imported& imported, MessageKind kind) {
  return imported.counts.messages[static_cast<std::size_t>(kind)];
}

nlohmann::json as_text(std::span<const BookLevel> levels, const Instrument& instrument) {
  nlohmann::json text = nlohmann::json::array();
  for (const BookLevel& level : levels) {
    text.push_back({format_steps(level.price_ticks, instrument.price_step),
                    format_steps(level.quantity_lots, instrument.quantity_step)});
  }
  return text;
}

// How often the best prices after a depth message were not those of the bookTicker with the largest update id that is not
// above the message's; and of how many.
struct Comparison {
  std::uint64_t compared = 0, different = 0;
};

Comparison compare_with_tickers(const Imported& imported, BookRules rules) {
  std::map<std::uint64_t, QuoteBody> tickers;
  for (const Event& event : imported.events) {
    if (event.kind == EventKind::quote) tickers[event.quote.seq] = event.quote;
  }
  SequencedBook sequenced(rules, 0);
  Comparison comparison;
  for (const Event& event : imported.events) {
    if (!sequenced.take(event) || event.has(kSnapshot)) continue;
    auto ticker = tickers.upper_bound(event.book.seq);
    if (ticker == tickers.begin()) continue;
    const QuoteBody& quote = (--ticker)->second;
    const OrderBook& book = sequenced.book;
    ++comparison.compared;
    comparison.different += book.best_bid() != BookLevel{quote.bid_ticks, quote.bid_lots} ||
                            book.best_ask() != BookLevel{quote.ask_ticks, quote.ask_lots};
  }
  return comparison;
}

TEST(SharedCaptures, TheUsdmCaptureHasTheReferencesCounts) {
  HFTSIM_NEED_SHARED(kUsdm);
  const Imported imported = import_all({shared_file(kUsdm)});
  const nlohmann::json expected = reference();
  EXPECT_EQ(imported.market, Market::usdm);
  EXPECT_EQ(imported.lines.lines, expected["lines"]);
  EXPECT_EQ(count_of(imported, MessageKind::depth), expected["messages"]["depth@0ms"]);
  EXPECT_EQ(count_of(imported, MessageKind::book_ticker), expected["messages"]["bookTicker"]);
  EXPECT_EQ(count_of(imported, MessageKind::trade), expected["messages"]["trade"]);
  EXPECT_EQ(count_of(imported, MessageKind::snapshot), 1u);
  EXPECT_EQ(imported.counts.off_book_trades, expected["trades_X_not_MARKET"]);
  EXPECT_EQ(imported.depth[0].stale, expected["depth_events_dropped_before_snapshot"]);
  EXPECT_EQ(imported.depth[0].applied, expected["depth_events_applied"]);
  EXPECT_EQ(imported.depth[0].early + imported.depth[0].gaps, 0u);
  EXPECT_EQ(imported.counts.latency.negative(), imported.counts.latency.count())
      << "the clock here ran behind";
  EXPECT_EQ(imported.counts.latency.count(), 93'953u);
}

TEST(SharedCaptures, TheUsdmBookIsTheReferences) {
  HFTSIM_NEED_SHARED(kUsdm);
  const Imported imported = import_all({shared_file(kUsdm)});
  const nlohmann::json expected = reference();
  SequencedBook sequenced(BookRules::usdm, 0);
  std::uint64_t first_seq = 0;
  for (const Event& event : imported.events) {
    if (sequenced.take(event) && event.has(kSnapshot)) {
      EXPECT_EQ(event.book.seq, expected["snapshot_lastUpdateId"]);
      EXPECT_EQ(sequenced.book.bids().size(), expected["snapshot_levels"][0]);
      EXPECT_EQ(sequenced.book.asks().size(), expected["snapshot_levels"][1]);
    }
    if (sequenced.applied == 1 && first_seq == 0) {
      first_seq = event.book.seq;
      EXPECT_EQ(event.book.seq_first, expected["first_applied_U_u"][0]);
      EXPECT_EQ(event.book.seq, expected["first_applied_U_u"][1]);
    }
  }
  const OrderBook& book = sequenced.book;
  EXPECT_EQ(sequenced.applied, expected["depth_events_applied"]);
  EXPECT_EQ(sequenced.gaps, 0u);
  EXPECT_EQ(book.seq(), expected["final_u"]);
  EXPECT_EQ(book.counts().unknown_removed, expected["zero_qty_for_unknown_level"]);
  EXPECT_EQ(book.counts().crossed_messages, 0u);
  EXPECT_EQ(book.bids().size(), expected["final_levels"][0]);
  EXPECT_EQ(book.asks().size(), expected["final_levels"][1]);
  EXPECT_EQ(as_text(book.bids(20), imported.instruments[0]), expected["final_top20_bids"]);
  EXPECT_EQ(as_text(book.asks(20), imported.instruments[0]), expected["final_top20_asks"]);
}

TEST(SharedCaptures, AfterEveryMessageTheUsdmBooksBestPricesAreTheTickers) {
  HFTSIM_NEED_SHARED(kUsdm);
  const Comparison comparison = compare_with_tickers(import_all({shared_file(kUsdm)}), BookRules::usdm);
  EXPECT_EQ(comparison.compared, 6547u);
  EXPECT_EQ(comparison.different, 0u);
}

TEST(SharedCaptures, AfterAllButTwoMessagesTheSpotBooksBestPricesAreTheTickers) {
  HFTSIM_NEED_SHARED(kSpot);
  const Imported imported = import_all({shared_file(kSpot)});
  EXPECT_EQ(imported.market, Market::spot);
  EXPECT_EQ(imported.lines.lines, 41'249u);
  EXPECT_EQ(count_of(imported, MessageKind::depth), 3451u);
  EXPECT_EQ(count_of(imported, MessageKind::book_ticker), 28'040u);
  EXPECT_EQ(count_of(imported, MessageKind::trade), 9757u);
  EXPECT_EQ(imported.depth[0].stale, 2u);
  EXPECT_EQ(imported.depth[0].applied, 3449u);
  EXPECT_EQ(imported.depth[0].early + imported.depth[0].gaps, 0u);
  const Comparison comparison = compare_with_tickers(imported, BookRules::spot);
  EXPECT_GE(comparison.compared, 3448u);
  EXPECT_LE(comparison.different, 2u);
}

// One-minute bars of trades by T, in integers.
struct Bar {
  std::int64_t open = 0, high = 0, low = 0, close = 0, lots = 0, taker_buy_lots = 0, quote = 0, trades = 0;

  void add(const Event& event) {
    const TradeBody& trade = event.trade;
    if (trades == 0) open = high = low = trade.price_ticks;
    high = std::max(high, trade.price_ticks);
    low = std::min(low, trade.price_ticks);
    close = trade.price_ticks;
    lots += trade.quantity_lots;
    taker_buy_lots += event.has(kBuyerIsMaker) ? 0 : trade.quantity_lots;
    quote += trade.price_ticks * trade.quantity_lots;
    ++trades;
  }
  nlohmann::json as_text(std::int64_t ms, const Instrument& instrument) const {
    const auto price = [&](std::int64_t n) {
      return format_steps(n, instrument.price_step);
    };
    const auto quantity = [&](std::int64_t n) {
      return format_steps(n, instrument.quantity_step);
    };
    const DecimalStep product{1, instrument.price_step.decimals + instrument.quantity_step.decimals};
    return {{"t", ms},
            {"o", price(open)},
            {"h", price(high)},
            {"l", price(low)},
            {"c", price(close)},
            {"v", quantity(lots)},
            {"n", trades},
            {"taker_buy_v", quantity(taker_buy_lots)},
            {"quote_v", format_steps(quote, product)}};
  }
};

TEST(SharedCaptures, TheUsdmTradesMakeTheReferencesBars) {
  HFTSIM_NEED_SHARED(kUsdm);
  const Imported imported = import_all({shared_file(kUsdm)});
  const nlohmann::json expected = reference();
  std::map<std::int64_t, Bar> bars;
  std::vector<std::uint64_t> ids;
  std::int64_t lots = 0;
  for (const Event& event : imported.events) {
    if (event.kind != EventKind::trade) continue;
    bars[event.ts_ns / 60'000'000'000 * 60'000].add(event);
    ids.push_back(event.trade.seq);
    lots += event.trade.quantity_lots;
  }
  EXPECT_EQ(ids.size(), expected["trades"]);
  EXPECT_EQ(ids.front(), expected["first_trade_id"]);
  EXPECT_EQ(ids.back(), expected["last_trade_id"]);
  EXPECT_TRUE(std::ranges::is_sorted(ids));
  EXPECT_EQ(format_steps(lots, imported.instruments[0].quantity_step), expected["trade_volume"]);
  nlohmann::json text = nlohmann::json::array();
  for (const auto& [ms, bar] : bars) text.push_back(bar.as_text(ms, imported.instruments[0]));
  EXPECT_EQ(text, expected["bars_1m_from_trades_by_T"]);
}

TEST(SharedCaptures, ThePairOfWebsocketAndRestFilesIsOneCaptureOfFourSymbols) {
  const char* kWs = "data/binance/usdm-multi-2021-07-22.ws.zst";
  HFTSIM_NEED_SHARED(kWs);
  const Imported imported =
      import_all({shared_file(kWs), shared_file("data/binance/usdm-multi-2021-07-22.http.zst")});
  EXPECT_EQ(imported.market, Market::usdm);
  ASSERT_EQ(imported.instruments.size(), 4u);
  EXPECT_EQ(imported.lines.headers, 1u);
  EXPECT_EQ(count_of(imported, MessageKind::book_ticker), 613u);
  EXPECT_EQ(count_of(imported, MessageKind::depth), 764u);
  EXPECT_EQ(count_of(imported, MessageKind::agg_trade), 91u);
  EXPECT_EQ(count_of(imported, MessageKind::kline_open), 63u);
  EXPECT_EQ(count_of(imported, MessageKind::kline_closed), 4u);
  EXPECT_EQ(count_of(imported, MessageKind::snapshot), 4u);
  EXPECT_EQ(count_of(imported, MessageKind::unknown), 0u);
  for (std::size_t id = 0; id < 4; ++id) {
    const std::string& symbol = imported.instruments[id].symbol;
    EXPECT_EQ(imported.depth[id].snapshots, 1u) << symbol;
    EXPECT_GT(imported.depth[id].applied, 0u) << symbol;
    EXPECT_EQ(imported.depth[id].early + imported.depth[id].gaps, 0u) << symbol;
    EXPECT_EQ(imported.instruments[id].bar_interval, kMinute) << symbol;
    SequencedBook sequenced(BookRules::usdm, static_cast<InstrumentId>(id));
    for (const Event& event : imported.events) sequenced.take(event);
    EXPECT_EQ(sequenced.book.counts().crossed_messages, 0u) << symbol;
    EXPECT_EQ(sequenced.applied, imported.depth[id].applied) << symbol;
  }
}

}  // namespace
}  // namespace hftsim::binance
