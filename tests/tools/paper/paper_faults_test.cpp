// Sessions through faults of every kind, one after the other while they trade: the bars are the source's, no order is lost
// or doubled, and the recording replays to the session's decisions. HFTSIM_FAULTS=200 injects so many.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <set>

#include "engine/core/rng.h"
#include "replay/journal_file.h"
#include "tests/tools/paper/exchange_control.h"
#include "tests/tools/paper/paper_command.h"

namespace hftsim::test {
namespace {

constexpr const char* kOften =
    "--set strategy.fast=1 --set strategy.slow=2 --set account.sizer=fixed_quantity --set "
    "account.quantity=0.01";
constexpr int kFaultsPerSession = 7;

// What is set, and the count that says that it struck.
struct Injection {
  std::string faults, side, name;
  std::uint64_t strikes = 1;
};

// A trade that is left out has the feed ask REST; a cut connection has it shake hands anew.
std::vector<Injection> every_kind() {
  std::vector<Injection> all;
  for (const std::string text :
       {"disconnect=once", "stall=once:700ms", "malformed=once@aggTrade", "malformed=once@bookTicker",
        "slow=once:2ms", "gap=once@aggTrade", "duplicate=once@aggTrade", "duplicate=once@bookTicker",
        "reorder=once@aggTrade", "reorder=once"}) {
    all.push_back({"ws." + text, "ws", text.substr(0, text.find('='))});
  }
  // Long enough that a closed bar is among them.
  for (const std::string name : {"gap", "duplicate", "malformed", "reorder"})
    all.push_back({"ws." + name + "=1.0@kline", "ws", name, 40});
  for (const std::string text : {"disconnect=once", "stall=once:700ms", "malformed=once", "slow=once:5ms",
                                 "429=once", "418=once", "503=once"}) {
    all.push_back({"rest." + text + ",ws.gap=once@aggTrade", "rest", text.substr(0, text.find('='))});
  }
  for (const std::string name : {"429", "418", "503"})
    all.push_back({"rest." + name + "=once@/stream,ws.disconnect=once", "rest", name});
  return all;
}

// Every kind as often as the others, in an order of chance.
class Deck {
 public:
  Injection next() {
    if (left_.empty()) left_ = every_kind();
    const auto drawn = left_.begin() + static_cast<std::ptrdiff_t>(random_.below(left_.size()));
    const Injection injection = *drawn;
    left_.erase(drawn);
    return injection;
  }

 private:
  RandomStream random_{11, "faults"};
  std::vector<Injection> left_;
};

class PaperFaults : public PaperCommand {
 protected:
  // Of every symbol.
  bool has_bars_behind(std::int64_t time_ns, std::size_t symbols) const {
    std::vector<Event> bars = bars_of("s");
    std::set<InstrumentId> there;
    for (const Event& bar : bars) {
      if (bar.ts_ns > time_ns) there.insert(bar.instrument);
    }
    return there.size() == symbols;
  }

  static void inject(const ExchangeControl& exchange, const Injection& injection, std::size_t symbols) {
    const std::uint64_t before = exchange.strikes(injection.side, injection.name);
    exchange.set_faults(injection.faults);
    wait_until(
        [&] {
          return exchange.strikes(injection.side, injection.name) >=
                 before + (injection.strikes == 1 ? 1 : injection.strikes * symbols);
        },
        injection.faults);
    if (injection.strikes > 1) exchange.set_faults("ws." + injection.name + "=off");
  }

  void expect_bars_of(const ExchangeControl& exchange, const std::string& symbol,
                      InstrumentId instrument) const {
    std::vector<Event> seen = bars_of("s");
    std::erase_if(seen, [&](const Event& bar) { return bar.instrument != instrument; });
    ASSERT_FALSE(seen.empty());
    const std::vector<Event> source = exchange.minutes(symbol, seen.front().ts_ns - kMinute.value);
    ASSERT_GE(source.size(), seen.size());
    for (std::size_t i = 0; i < seen.size(); ++i) {
      ASSERT_EQ(seen[i].ts_ns, source[i].ts_ns) << "bar " << i << " of " << seen.size();
      ASSERT_EQ(std::memcmp(&seen[i].bar, &source[i].bar, sizeof source[i].bar), 0) << "bar " << i;
    }
  }

  // Trades each once and in order; where there are none, a gap says how many.
  void expect_every_trade_once() const {
    RecordingReader reader(folder() / "s/session.hfr");
    std::map<InstrumentId, std::uint64_t> due;
    for (const Event& event : events_of(reader)) {
      std::uint64_t& next = due[event.instrument];
      const bool is_gap = event.kind == EventKind::session_mark && event.session.mark == SessionMark::gap;
      if (is_gap) {
        ASSERT_EQ(event.session.stream, static_cast<std::uint32_t>(EventKind::trade)) << "a bar is missing";
        next += event.session.missing;
      }
      if (event.kind != EventKind::trade) continue;
      if (next != 0) {
        ASSERT_EQ(event.trade.seq, next);
      }
      next = event.trade.seq + 1;
    }
  }

  // Every order is sent once and ends once, and no more of it is filled than was asked for. Returns how many there are.
  std::size_t expect_whole_orders() const {
    struct Order {
      double quantity = 0, filled = 0;
      int sent = 0, ends = 0;
    };
    std::map<std::uint64_t, Order> orders;
    JournalFileReader reader(folder() / "s/journal");
    for (auto records = reader.next(); !records.empty(); records = reader.next()) {
      for (const JournalRecord& record : records) {
        if (record.kind == JournalKind::order) {
          orders[record.order_id].quantity = record.quantity;
          ++orders[record.order_id].sent;
        }
        if (record.kind != JournalKind::report) continue;
        Order& order = orders[record.order_id];
        EXPECT_EQ(order.ends, 0) << "order " << record.order_id << " went on after its end";
        if (static_cast<ReportKind>(record.detail) == ReportKind::filled) order.filled += record.quantity;
        order.ends += (record.flags & kOrderDone) != 0 ? 1 : 0;
      }
    }
    EXPECT_TRUE(reader.tail().complete);
    for (const auto& [id, order] : orders) {
      EXPECT_EQ(order.sent, 1) << "order " << id;
      EXPECT_EQ(order.ends, 1) << "order " << id;
      if (order.quantity > 0) {  // else what closes the position
        EXPECT_LE(order.filled, order.quantity * (1 + 1e-9)) << "order " << id;
      }
    }
    return orders.size();
  }
};

// Of one symbol at three minutes a second, and of three at one.
struct Scene {
  std::vector<std::string> symbols;
  int speed;

  std::string names() const { return fmt::format("{}", fmt::join(symbols, ",")); }
  std::string market(int seed) const {
    return fmt::format(
        "--generated --history-days 1 --trade-minutes 5 --start 2024-02-01T00:00:30 --port 0 --symbols {} "
        "--speed {} "
        "--seed {}",
        names(), speed, seed);
  }
};

TEST_F(PaperFaults, LeaveBarsOrdersAndReplayAsTheyWouldBe) {
  const std::vector<Scene> scenes = {{{"BTCUSDT"}, 180}, {{"BTCUSDT", "ETHUSDT", "SOLUSDT"}, 60}};
  Deck deck;
  RandomStream random(12, "pauses");
  const int faults = times_of("HFTSIM_FAULTS", 14);
  std::size_t orders = 0;
  for (int struck = 0, number = 1; struck < faults; ++number) {
    SCOPED_TRACE("session " + std::to_string(number));
    std::filesystem::remove_all(folder() / "s");
    const Scene& scene = scenes[static_cast<std::size_t>(number) % scenes.size()];
    const RunningExchange server(scene.market(number));
    const ExchangeControl exchange(server.url());
    RunningProgram paper(session(server, kOften, "s", scene.names()), folder());
    EXPECT_MENTIONS(paper.first_line(), "paper session");
    for (int i = 0; i < kFaultsPerSession && struck < faults; ++i, ++struck) {
      inject(exchange, deck.next(), scene.symbols.size());
      std::this_thread::sleep_for(std::chrono::milliseconds(random.below(150)));
    }
    exchange.clear_faults();
    const std::int64_t last_ns = exchange.now_ns();
    wait_until([&] { return has_bars_behind(last_ns, scene.symbols.size()); }, "a bar behind the faults");
    ASSERT_EQ(paper.end(SIGTERM), 0) << read(".err");
    for (std::size_t i = 0; i < scene.symbols.size(); ++i)
      expect_bars_of(exchange, scene.symbols[i], static_cast<InstrumentId>(i));
    expect_every_trade_once();
    orders += expect_whole_orders();
    EXPECT_TRUE(summary()["recording"]["whole"].get<bool>());
    EXPECT_EQ(replayed_hash(), summary()["journal_hash"].get<std::string>());
    ASSERT_FALSE(HasFailure()) << read(".err");
  }
  EXPECT_GT(orders, 0u);
  RecordProperty("orders", static_cast<int>(orders));
}

}  // namespace
}  // namespace hftsim::test
