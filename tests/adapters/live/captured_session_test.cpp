// Real sessions, sent by a websocket server that is not ours (tests/exchange/capture_server.mjs, npm's ws): the feed hands
// out what the importer of captures finds in the same files, and what was worked out of them independently.
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "adapters/fetch/fetch_clock.h"
#include "adapters/line_reader.h"
#include "adapters/live/feed_address.h"
#include "adapters/live/market_setup.h"
#include "adapters/net/http_client.h"
#include "tests/adapters/binance/captures.h"
#include "tests/adapters/live/feed_bench.h"
#include "tests/adapters/net/certificates.h"
#include "tests/adapters/shared_data.h"
#include "tests/replay/temporary_folder.h"
#include "tests/tools/running_command.h"

namespace hftsim::test {
namespace {

using binance::Imported;
using binance::SequencedBook;

constexpr const char* kUsdm = "data/binance/usdm-btcusdt-2024-08-08.jsonl.gz";
constexpr const char* kSpot = "data/binance/spot-btcusdt-2024-08-08.jsonl.gz";
constexpr const char* kMultiSocket = "data/binance/usdm-multi-2021-07-22.ws.zst";
constexpr const char* kMultiRest = "data/binance/usdm-multi-2021-07-22.http.zst";

// A capture, what the importer makes of it, and a server that sends it.
class CapturedSession {
 public:
  CapturedSession(Market market, const std::vector<std::filesystem::path>& files, bool speaks_tls = false)
      : market_(market),
        imported_(binance::import_all(files, {.order = EventOrder::receive})),
        by_exchange_(binance::import_all(files)) {
    std::string arguments = market == Market::spot ? "spot" : "usdm";
    arguments += speaks_tls ? " server.pem" : " ''";
    if (speaks_tls) certificates_.make("server.pem", {.name = "127.0.0.1"});
    for (const std::filesystem::path& file : files) {
      const std::string name = std::to_string(arguments.size()) + ".txt";
      unpack(file, folder_.path() / name);
      arguments += " " + name;
    }
    server_.emplace(std::string(HFTSIM_NODE) + " " + HFTSIM_CAPTURE_SERVER + " " + arguments, folder_.path());
    const std::string line = server_->first_line();
    url_ = line.substr(line.rfind(' ') + 1);
  }

  const Imported& imported() const { return imported_; }
  // Its books need no message to be kept for a snapshot that comes behind it.
  const Imported& imported_by_exchange() const { return by_exchange_; }

  // A feed of all its streams, which has come to the last message.
  std::unique_ptr<FeedBench> heard(bool single_trades) {
    auto bench = std::make_unique<FeedBench>(0);
    bench->options.market = market_;
    bench->options.websocket_url = url_;
    bench->options.rest_url.clear();
    bench->options.ca_file = url_.starts_with("wss") ? certificates_.authority() : "";
    bench->options.instruments = discovered(bench->options.ca_file);
    bench->options.streams.depth = true;
    bench->options.streams.single_trades = single_trades;
    bench->run();
    const std::uint64_t sent = std::stoull(server_->first_line().substr(5));
    const std::size_t books = imported_.instruments.size();
    EXPECT_TRUE(bench->comes_to([&](const live::FeedHealth& health) {
      return health.messages == sent && health.snapshots >= books;
    })) << bench->log();
    bench->feed->stop();
    return bench;
  }

 private:
  static void unpack(const std::filesystem::path& from, const std::filesystem::path& to) {
    LineReader lines(from);
    std::ofstream out(to);
    while (const auto line = lines.next()) out << *line << '\n';
  }

  // As the exchange describes them, in the order of the capture.
  std::vector<Instrument> discovered(const std::filesystem::path& ca_file) const {
    net::StopSignal stop;
    net::TlsContext tls(ca_file);
    fetch::WallFetchClock clock(stop);
    std::vector<std::unique_ptr<net::HttpGetter>> getters;
    getters.push_back(
        std::make_unique<net::HttpClient>(live::base_address(market_, url_, "").rest, tls, stop));
    fetch::RestSession session(fetch::rest_market(market_), std::move(getters), clock, {}, 1);
    std::vector<std::string> symbols;
    for (const Instrument& instrument : imported_.instruments) symbols.push_back(instrument.symbol);
    return live::discover_instruments(session, market_, symbols, kMinute);
  }

  Market market_;
  Imported imported_, by_exchange_;
  TemporaryFolder folder_;
  Certificates certificates_{folder_.path()};
  std::optional<RunningCommand> server_;
  std::string url_;
};

std::vector<Event> of(const std::vector<Event>& all, EventKind kind, InstrumentId id) {
  std::vector<Event> some = all;
  std::erase_if(some, [&](const Event& event) { return event.kind != kind || event.instrument != id; });
  return some;
}

// A price or quantity in steps of 1e-8: what was discovered and what was learnt may count in other steps.
std::int64_t fine(std::int64_t steps, DecimalStep step) {
  for (int decimals = step.decimals; decimals < 8; ++decimals) steps *= 10;
  return steps;
}

void expect_same_trades(const FeedBench& bench, const Imported& imported, InstrumentId id) {
  const std::vector<Event> heard = bench.events(EventKind::trade, id),
                           due = of(imported.events, EventKind::trade, id);
  const Instrument &ours = bench.options.instruments[id], &theirs = imported.instruments[id];
  ASSERT_EQ(heard.size(), due.size());
  for (std::size_t i = 0; i < due.size(); ++i) {
    const TradeBody &a = heard[i].trade, &b = due[i].trade;
    ASSERT_EQ(heard[i].ts_ns, due[i].ts_ns) << i;
    ASSERT_EQ(heard[i].flags, due[i].flags) << i;
    ASSERT_EQ(std::tie(a.seq, a.id_first, a.id_last), std::tie(b.seq, b.id_first, b.id_last)) << i;
    ASSERT_EQ(fine(a.price_ticks, ours.price_step), fine(b.price_ticks, theirs.price_step)) << i;
    ASSERT_EQ(fine(a.quantity_lots, ours.quantity_step), fine(b.quantity_lots, theirs.quantity_step)) << i;
  }
}

void expect_same_quotes(const FeedBench& bench, const Imported& imported, InstrumentId id) {
  const std::vector<Event> heard = bench.events(EventKind::quote, id),
                           due = of(imported.events, EventKind::quote, id);
  const Instrument &ours = bench.options.instruments[id], &theirs = imported.instruments[id];
  ASSERT_EQ(heard.size(), due.size());
  for (std::size_t i = 0; i < due.size(); ++i) {
    const QuoteBody &a = heard[i].quote, &b = due[i].quote;
    ASSERT_EQ(heard[i].ts_ns, due[i].ts_ns) << i;
    ASSERT_EQ(a.seq, b.seq) << i;
    ASSERT_EQ(fine(a.bid_ticks, ours.price_step), fine(b.bid_ticks, theirs.price_step)) << i;
    ASSERT_EQ(fine(a.ask_ticks, ours.price_step), fine(b.ask_ticks, theirs.price_step)) << i;
    ASSERT_EQ(fine(a.bid_lots, ours.quantity_step), fine(b.bid_lots, theirs.quantity_step)) << i;
    ASSERT_EQ(fine(a.ask_lots, ours.quantity_step), fine(b.ask_lots, theirs.quantity_step)) << i;
  }
}

void expect_same_bars(const FeedBench& bench, const Imported& imported, InstrumentId id) {
  const std::vector<Event> heard = bench.events(EventKind::bar, id),
                           due = of(imported.events, EventKind::bar, id);
  ASSERT_EQ(heard.size(), due.size());
  for (std::size_t i = 0; i < due.size(); ++i) {
    EXPECT_EQ(heard[i].ts_ns, due[i].ts_ns);
    EXPECT_EQ(heard[i].trades, due[i].trades);
    EXPECT_EQ(0, std::memcmp(&heard[i].bar, &due[i].bar, sizeof(BarBody)));
  }
}

SequencedBook book_of(const std::vector<Event>& events, Market market, InstrumentId id) {
  SequencedBook book(market == Market::usdm ? BookRules::usdm : BookRules::spot, id);
  for (const Event& event : events) book.take(event);
  return book;
}

nlohmann::json as_text(std::span<const BookLevel> levels, const Instrument& instrument) {
  nlohmann::json text = nlohmann::json::array();
  for (const BookLevel& level : levels)
    text.push_back({fine(level.price_ticks, instrument.price_step),
                    fine(level.quantity_lots, instrument.quantity_step)});
  return text;
}

void expect_same_book(const FeedBench& bench, const Imported& imported, InstrumentId id) {
  const SequencedBook heard = book_of(bench.events(), bench.options.market, id);
  const SequencedBook due = book_of(imported.events, bench.options.market, id);
  const Instrument &ours = bench.options.instruments[id], &theirs = imported.instruments[id];
  EXPECT_EQ(heard.gaps, 0u);
  EXPECT_EQ(heard.left_out, 0u);
  EXPECT_EQ(heard.applied, imported.depth[id].applied);
  EXPECT_EQ(heard.book.seq(), due.book.seq());
  EXPECT_EQ(heard.book.counts().crossed_messages, 0u);
  EXPECT_EQ(as_text(heard.book.bids(), ours), as_text(due.book.bids(), theirs));
  EXPECT_EQ(as_text(heard.book.asks(), ours), as_text(due.book.asks(), theirs));
}

void expect_same(const FeedBench& bench, const CapturedSession& session) {
  const Imported& imported = session.imported();
  for (InstrumentId id = 0; id < imported.instruments.size(); ++id) {
    SCOPED_TRACE(imported.instruments[id].symbol);
    EXPECT_EQ(bench.options.instruments[id].price_step.decimals,
              imported.instruments[id].price_step.decimals);
    EXPECT_EQ(bench.options.instruments[id].quantity_step.decimals,
              imported.instruments[id].quantity_step.decimals);
    expect_same_trades(bench, imported, id);
    expect_same_quotes(bench, imported, id);
    expect_same_bars(bench, imported, id);
    expect_same_book(bench, session.imported_by_exchange(), id);
  }
  const live::FeedHealth health = bench.feed->health();
  EXPECT_EQ(health.malformed + health.implausible + health.unknown + health.gaps, 0u) << health.last_trouble;
  EXPECT_EQ(health.reconnects + health.failed_attempts, 0u);
  EXPECT_EQ(health.snapshots, imported.instruments.size());
}

TEST(CapturedSession, OfFourSymbolsGivesTheirTradesQuotesBooksAndClosedBars) {
  HFTSIM_NEED_SHARED(kMultiSocket);
  CapturedSession session(Market::usdm, {shared_file(kMultiSocket), shared_file(kMultiRest)});
  const auto bench = session.heard(false);
  expect_same(*bench, session);
  std::size_t bars = 0, trades = 0;
  for (const Event& event : bench->events()) {
    bars += event.kind == EventKind::bar;
    trades += event.kind == EventKind::trade;
  }
  EXPECT_EQ(bars, 4u);
  EXPECT_EQ(trades, 91u);
}

TEST(CapturedSession, OfUsdmGivesTheReferencesTradesAndBook) {
  HFTSIM_NEED_SHARED(kUsdm);
  CapturedSession session(Market::usdm, {shared_file(kUsdm)});
  const auto bench = session.heard(true);
  expect_same(*bench, session);
  std::ifstream file(shared_file("reference/books.json"));
  const nlohmann::json reference = nlohmann::json::parse(file)["usdm_btcusdt_20240808"];
  const SequencedBook book = book_of(bench->events(), Market::usdm, 0);
  EXPECT_EQ(bench->events(EventKind::trade).size(), reference["trades"]);
  EXPECT_EQ(bench->events(EventKind::quote).size(), reference["messages"]["bookTicker"]);
  EXPECT_EQ(book.applied, reference["depth_events_applied"]);
  EXPECT_EQ(book.book.seq(), reference["final_u"]);
  EXPECT_EQ(book.book.bids().size(), reference["final_levels"][0]);
  EXPECT_EQ(book.book.asks().size(), reference["final_levels"][1]);
  EXPECT_EQ(book.book.counts().unknown_removed, reference["zero_qty_for_unknown_level"]);
}

TEST(CapturedSession, OfSpotOverTlsGivesItsTradesQuotesAndBook) {
  HFTSIM_NEED_SHARED(kSpot);
  CapturedSession session(Market::spot, {shared_file(kSpot)}, true);
  const auto bench = session.heard(true);
  expect_same(*bench, session);
  EXPECT_EQ(bench->events(EventKind::trade).size(), 9757u);
  EXPECT_EQ(bench->events(EventKind::quote).size(), 28'040u);
}

}  // namespace
}  // namespace hftsim::test
