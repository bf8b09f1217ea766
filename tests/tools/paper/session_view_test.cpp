// What a browser is told of a session. HFTSIM_DASHBOARD_FIXTURE: where to write a session for tests/web/dashboard.test.mjs.
#include "tools/paper/session_view.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

namespace hftsim {
namespace {

using nlohmann::json;

constexpr std::int64_t kMinuteNs = 60'000'000'000,
                       kStartNs = 1'600'000'020'000'000'000 / kMinuteNs * kMinuteNs;

SessionInfo info() {
  SessionInfo info;
  for (const char* symbol : {"BTCUSDT", "ETHUSDT"}) {
    Instrument instrument;
    instrument.symbol = symbol;
    instrument.price_step = {1, 2};
    instrument.quantity_step = {1, 5};
    info.instruments.push_back(instrument);
  }
  info.features = {"ema_fast", "ema_slow", "rsi"};
  info.strategy = "momentum";
  info.model = "gru.bundle";
  info.market = "spot";
  info.url = "ws://127.0.0.1:8091";
  info.started_ms = kStartNs / 1'000'000;
  info.initial_capital = 10'000;
  return info;
}

// Feeds a view with events one at a time, as the recorder thread does with blocks.
struct Bench {
  SessionView view{info()};
  std::uint64_t id = 0;

  void put(const Event& event, std::vector<double> row = {}, double probability = kNoPrice) {
    std::uint32_t row_of = row.empty() ? kNoRow : 0;
    Block block;
    block.events = {&event, 1};
    block.row_of = {&row_of, 1};
    block.features = row;
    block.predictions = {&probability, 1};
    block.feature_count = static_cast<std::uint32_t>(row.size());
    block.stride = 1;
    block.size = 1;
    view.on_block(block);
  }

  void trade(std::int64_t ts_ns, double price, InstrumentId instrument = 0) {
    Event event{};
    event.ts_ns = ts_ns;
    event.instrument = instrument;
    event.kind = EventKind::trade;
    event.trade.price_ticks = std::llround(price * 100);
    event.trade.quantity_lots = 100'000;
    put(event);
  }

  void bar(std::int64_t close_ns, BarBody body, InstrumentId instrument = 0, double probability = 0.6) {
    put(make_bar(Timestamp(close_ns), instrument, body, 10), {body.close, body.open, kNoPrice}, probability);
  }

  void record(JournalKind kind, std::int64_t ts_ns, OrderId order, Side side, double price, double quantity,
              std::uint8_t detail, Reason reason = Reason::none, double value = 0) {
    JournalRecord record{};
    record.ts_ns = record.time_ns = ts_ns;
    record.kind = kind;
    record.order_id = order;
    record.side = side;
    record.price = price;
    record.quantity = quantity;
    record.detail = detail;
    record.reason = reason;
    record.value = value;
    if (kind == JournalKind::report && detail == static_cast<std::uint8_t>(ReportKind::filled))
      record.flags = kOrderDone;
    view.on_journal({&record, 1});
  }

  void fill(std::int64_t ts_ns, Side side, double price, double quantity) {
    record(JournalKind::signal, ts_ns, 0, side, price, price, side == Side::buy ? 1 : 2, Reason::none, 0.7);
    record(JournalKind::order, ts_ns, ++id, side, kNoPrice, quantity, 0);
    record(JournalKind::report, ts_ns + 1'000'000, id, side, price, quantity,
           static_cast<std::uint8_t>(ReportKind::filled), Reason::none, price * quantity * 0.001);
  }

  json snapshot() { return json::parse(view.snapshot()); }
  json update() { return json::parse(view.update()); }
};

TEST(SessionView, GrowsTheOpenCandleWithTradesAndReplacesItByItsBar) {
  Bench bench;
  for (const double price : {100.0, 103.0, 99.0, 101.0}) bench.trade(kStartNs + 1, price);
  json update = bench.update();
  ASSERT_EQ(update["candles"].size(), 1);
  EXPECT_FALSE(update["candles"][0]["closed"]);
  EXPECT_EQ(update["candles"][0]["bar"], json({kStartNs / 1'000'000, 100.0, 103.0, 99.0, 101.0, 4.0}));

  bench.trade(kStartNs + kMinuteNs, 102);  // of the next, before the bar comes
  bench.bar(kStartNs + kMinuteNs, {100, 104, 98, 101.5, 7});
  update = bench.update();
  ASSERT_EQ(update["candles"].size(), 2);
  EXPECT_EQ(update["candles"][0]["bar"][2], 104.0);
  EXPECT_TRUE(update["candles"][0]["closed"]);
  EXPECT_TRUE(bench.update()["candles"].empty());
  EXPECT_EQ(bench.snapshot()["candles"]["BTCUSDT"].size(), 2);
}

TEST(SessionView, PutsALateBarWhereItBelongsAndForgetsTheOldest) {
  Bench bench;
  for (int i = 1; i <= 1200; ++i)
    if (i != 1190) bench.bar(kStartNs + i * kMinuteNs, {1, 1, 1, 1, 1});
  bench.bar(kStartNs + 1190 * kMinuteNs, {2, 2, 2, 2, 2});
  bench.bar(kStartNs + kMinuteNs, {3, 3, 3, 3, 3});  // before all that are kept
  const json candles = bench.snapshot()["candles"]["BTCUSDT"];
  ASSERT_EQ(candles.size(), kViewCandles);
  for (std::size_t i = 1; i < candles.size(); ++i) ASSERT_LT(candles[i - 1][0], candles[i][0]);
  EXPECT_EQ(candles[candles.size() - 11][1], 2.0);
}

TEST(SessionView, MarksTheAccountWithEveryTradeBetweenBars) {
  Bench bench;
  bench.trade(kStartNs, 100);
  bench.fill(kStartNs, Side::buy, 100, 10);
  bench.trade(kStartNs + 1, 110);
  json state = bench.update()["state"];
  EXPECT_DOUBLE_EQ(state["equity"], 10'000 + 100 - 1);
  EXPECT_DOUBLE_EQ(state["positions"][0]["unrealized"], 100);
  EXPECT_DOUBLE_EQ(state["fees"], 1);
  bench.trade(kStartNs + 2, 50);
  state = bench.update()["state"];
  EXPECT_NEAR(state["drawdown_pct"], (1 - 9499.0 / 10'099) * 100, 1e-9);
}

TEST(SessionView, FollowsAnOrderThroughItsReports) {
  Bench bench;
  bench.record(JournalKind::order, kStartNs, 7, Side::buy, 99.5, 2, 1);
  EXPECT_EQ(bench.update()["orders"][0]["status"], "sent");
  bench.record(JournalKind::report, kStartNs, 7, Side::buy, 0, 2, 0);
  json order = bench.update()["orders"][0];
  EXPECT_EQ(order["status"], "working");
  EXPECT_EQ(order["type"], "limit");
  bench.record(JournalKind::report, kStartNs, 7, Side::buy, 0, 2, 3, Reason::cancelled_by_strategy);
  order = bench.update()["orders"][0];
  EXPECT_EQ(order["status"], "cancelled");
  EXPECT_EQ(order["reason"], "cancelled_by_strategy");
  EXPECT_EQ(order["row"], 1);
}

TEST(SessionView, TellsEveryRowOnceToABrowserThatConnectsBetweenUpdates) {
  Bench bench;
  bench.fill(kStartNs, Side::buy, 100, 1);
  bench.update();
  bench.fill(kStartNs, Side::sell, 101, 1);
  const json snapshot = bench.snapshot(), update = bench.update();
  EXPECT_EQ(snapshot["fills"].size(), 1);
  EXPECT_EQ(update["fills"].size(), 1);
  EXPECT_EQ(update["signals"][0]["side"], "sell");
  EXPECT_EQ(bench.snapshot()["fills"].size(), 2);
}

TEST(SessionView, TellsTheDecimalsOfASymbolsStepsWhateverItsGrid) {
  SessionInfo of_grid = info();
  Instrument& instrument = of_grid.instruments[0];
  instrument.price_step = instrument.quantity_step = {1, 8};
  instrument.tick_size = 0.01, instrument.lot_size = 0.00001;
  const json symbols = json::parse(SessionView(of_grid).snapshot())["session"]["symbols"];
  EXPECT_EQ(symbols[0]["price_decimals"], 2);
  EXPECT_EQ(symbols[0]["quantity_decimals"], 5);
  EXPECT_EQ(symbols[1]["price_decimals"], 2);
  EXPECT_EQ(symbols[1]["quantity_decimals"], 5);
}

TEST(SessionView, StaysBounded) {
  Bench bench;
  for (int i = 0; i < 5000; ++i) {
    bench.trade(kStartNs + i, 100);
    bench.fill(kStartNs + i, i % 2 ? Side::sell : Side::buy, 100, 1);
    const EquityMark mark{kStartNs + i * kMinuteNs, 10'000.0 - i, 10'000, 0};
    bench.view.on_marks({&mark, 1});
    bench.view.on_log(i, "info", "line");
  }
  json update = bench.update();
  EXPECT_EQ(update["fills"].size(), kViewRows);
  EXPECT_EQ(update["trades"].size(), kViewTrades);
  const json snapshot = bench.snapshot();
  for (const char* rows : {"fills", "orders", "signals", "log"})
    EXPECT_EQ(snapshot[rows].size(), kViewRows) << rows;
  EXPECT_LE(snapshot["equity"].size(), kViewEquityPoints);
  EXPECT_EQ(snapshot["equity"].back()[1], 10'000.0 - 4999);
}

TEST(SessionView, WritesWhatIsNotKnownAsNullAndForeignBytesAsText) {
  Bench bench;
  bench.bar(kStartNs + kMinuteNs, {1, 1, 1, 1, 1}, 0, kNoPrice);
  bench.view.on_log(1, "error", "\xff</script>");
  const json state = bench.update()["state"];
  EXPECT_TRUE(state["probability"]["BTCUSDT"].is_null());
  EXPECT_TRUE(state["features"]["BTCUSDT"][2].is_null());
  EXPECT_TRUE(state["recording"].is_null());
  EXPECT_TRUE(state["feed"]["age_ms"].is_null());
}

LiveStatus some_status() {
  LiveStatus status;
  status.now_ns = kStartNs + 240 * kMinuteNs;
  status.recording = {"runs/paper/session.hfr", "", 51'234, 812'345, 0, 0, 0, 0};
  for (const char* stage : {"parse", "queue", "features", "inference", "decision", "total"})
    status.latency.push_back({stage,
                              48'000,
                              1.2,
                              4.8,
                              9.5,
                              31,
                              {{0.5, 900}, {1, 20'000}, {2, 22'000}, {4, 4'900}, {8, 180}, {32, 20}}});
  return status;
}

// Four hours of two symbols, then a minute more as an update: what the page's tests show.
TEST(SessionView, WritesTheSessionThatThePageIsTestedWith) {
  Bench bench;
  for (int i = 1; i <= 240; ++i) {
    const std::int64_t ts = kStartNs + i * kMinuteNs;
    for (InstrumentId one = 0; one < 2; ++one) {
      const double scale = one == 0 ? 30'000 : 2'000, at = i;
      const double open = scale * (1 + 0.01 * std::sin((at - 1) / 17) + 0.003 * std::sin((at - 1) / 3));
      const double close = scale * (1 + 0.01 * std::sin(at / 17) + 0.003 * std::sin(at / 3));
      const double spread = scale * 0.001 * (1 + std::sin(at * 7));
      bench.bar(ts,
                {open, std::max(open, close) + spread, std::min(open, close) - spread, close,
                 12 + 8 * std::sin(at)},
                one, 0.5 + 0.2 * std::cos(at / 17));
      if (one == 0 && i % 40 == 10) bench.fill(ts, Side::buy, close, 0.1);
      if (one == 0 && i % 40 == 30) bench.fill(ts, Side::sell, close, 0.1);
    }
    const double equity = bench.snapshot()["state"]["equity"];
    const EquityMark mark{ts, equity, 10'000, 0};
    bench.view.on_marks({&mark, 1});
  }
  bench.record(JournalKind::refusal, kStartNs + 239 * kMinuteNs, 0, Side::buy, 0, 0, 0,
               Reason::exposure_limit);
  bench.view.on_status(some_status());
  live::FeedHealth feed;
  feed.connected = true;
  feed.last_message_ns = 1;
  feed.messages = 52'000;
  feed.events = 51'234;
  feed.reconnects = 1;
  feed.repaired_bars = 2;
  bench.view.on_feed(feed, 180'000'001);
  bench.view.on_log(kStartNs / 1'000'000, "info", "connected to ws://127.0.0.1:8091");
  bench.view.on_log(kStartNs / 1'000'000 + 60'000, "warning",
                    "the connection was lost; asking for 2 bars by REST");
  bench.update();
  const json snapshot = bench.snapshot();
  bench.trade(kStartNs + 240 * kMinuteNs + 1'000'000'000, 30'100);
  bench.fill(kStartNs + 240 * kMinuteNs + 2'000'000'000, Side::buy, 30'100, 0.05);
  bench.trade(kStartNs + 240 * kMinuteNs + 3'000'000'000, 30'140);
  const json update = bench.update();
  EXPECT_EQ(snapshot["state"]["risk"]["state"], "running");
  EXPECT_EQ(update["trades"].size(), 2);
  if (const char* file = std::getenv("HFTSIM_DASHBOARD_FIXTURE"))
    std::ofstream(file) << json({{"snapshot", snapshot}, {"update", update}}).dump();
}

}  // namespace
}  // namespace hftsim
