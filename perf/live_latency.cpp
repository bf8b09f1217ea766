// Claim: from the bytes of a message in memory to the decision a live session takes 5 us (p50), 12 us (p99) with a native
// model, and 2 us (p50) without one, where its trading thread has a core.
//
//   main: text ─▶ MarketStream ─▶ LiveLine ─▶ trading ─▶ recorder ─▶ session.hfr, journal
//         paced    parser            queue     features
//                  sequencers                  model, momentum
//
// Workload: what the exchange of our own sends of a generated spot market to bookTicker, aggTrade and kline_1m, behind 200
// bars of history; default features, momentum; the model has the 84 default features, 60 rows, random weights. One message
// every 20 us, which is 50,000/s (the argument: minutes, of some 200 messages each), and one every 500 us (a third of the
// minutes, of some 30 messages): caches are colder then, and threads that wait for work fall asleep.
// Contenders: the trading thread spins on a core of its own (--pin), or waits; without a model, with its windows in flight,
// and with a whole window at every bar, as in replay.
// Checked: the journal of every run against the replay of its recording; nothing dropped, nothing late.
//
// On a machine that is busy with something else this measures the scheduler. `chrt -f 50` keeps others off; runs are short
// enough not to meet the kernel's limit of 0.95 s in every second for such threads.
#include <cinttypes>
#include <cstring>
#include <thread>

#include "adapters/exchange/market_feed.h"
#include "adapters/live/market_stream.h"
#include "engine/features/catalog.h"
#include "perf/bench.h"
#include "replay/recording_reader.h"
#include "tests/adapters/exchange/exchange_events.h"
#include "tests/replay/temporary_folder.h"
#include "tests/tools/paper/paper_bench.h"
#include "tools/run_features.h"

namespace hftsim::perf {
namespace {

constexpr std::uint64_t kHistoryBars = 200;

struct Workload {
  std::vector<Instrument> instruments;
  std::vector<Event> history;
  std::vector<std::string> texts;
};

TradeGenerator generator(std::uint64_t minutes, double trades_per_minute) {
  TradeGeneratorOptions options;
  options.bars.bars = kHistoryBars + minutes;
  options.bars.symbols[0].name = "BTCUSDT";
  options.bars.symbols[0].trades_per_minute = trades_per_minute;
  options.bars_alone = kHistoryBars;
  return TradeGenerator(options);
}

Workload workload(std::uint64_t minutes, double trades_per_minute) {
  Workload made;
  TradeGenerator bars = generator(minutes, trades_per_minute);
  made.instruments.assign(bars.instruments().begin(), bars.instruments().end());
  made.history.resize(kHistoryBars);
  require(bars.read(made.history) == kHistoryBars, "the history");
  exchange::MarketFeed feed(std::make_unique<TradeGenerator>(generator(minutes, trades_per_minute)),
                            Market::spot, 1'000);
  exchange::test::ListeningClient client(true);
  const std::int64_t begin_ns = made.history.back().ts_ns;
  feed.advance(begin_ns, SIZE_MAX);
  for (const char* stream : {"btcusdt@bookTicker", "btcusdt@aggTrade", "btcusdt@kline_1m"})
    require(feed.publisher().subscribe(client, stream), stream);
  feed.advance(begin_ns + static_cast<std::int64_t>(minutes) * kMinute.value, SIZE_MAX);
  made.texts = std::move(client.texts);
  return made;
}

struct Setup {
  const char* name;
  bool has_model;
  Feeding feeding;
  bool pin;
};

RunConfig config_of(const Setup& setup, const std::filesystem::path& folder) {
  RunConfig config;
  if (setup.has_model) {
    const auto names = features::parse_feature_list("default", feature_windows(config));
    const std::filesystem::path file = folder / "model.pt";
    models::write_bundle(file, models::example_metadata(names),
                         models::price_lstm_weights(static_cast<std::uint32_t>(names.size())));
    config.model.path = {file.string()};
    config.model.predictor = "native";
    config.strategy.params["ml_threshold"] = 0.5;
  }
  resolve(config);
  return config;
}

// Sends the texts at their pace, each from the same buffer, as a socket's.
void send(const Workload& work, std::int64_t every_ns, FeedSink& sink) {
  live::FeedOptions options;
  options.instruments = work.instruments;
  live::FeedStart start;
  start.last_bar_close = {work.history.back().ts()};
  const auto ask = [](const live::RepairRequest&) {
  };
  const auto log = [](live::LogLevel, const std::string& text) {
    std::fprintf(stderr, "%s\n", text.c_str());
  };
  std::int64_t next_ns = monotonic_ns();
  live::MarketStream stream(options, start, sink, ask, log, wall_clock_now().value, next_ns);
  stream.connected(next_ns);
  std::vector<char> buffer(4096);
  for (const std::string& text : work.texts) {
    std::memcpy(buffer.data(), text.data(), text.size());
    while (monotonic_ns() < next_ns) std::this_thread::yield();
    next_ns += every_ns;
    stream.message({buffer.data(), text.size()}, monotonic_ns());
  }
  live::FeedHealth health;
  stream.add_to(health);
  require(health.malformed + health.implausible + health.gaps + health.duplicates == 0, "the feed");
}

std::string replayed(const RunConfig& config, const std::filesystem::path& recording, std::uint64_t events) {
  RecordingReader reader(recording);
  std::vector<Event> all;
  for (auto some = reader.next(); !some.empty(); some = reader.next())
    all.insert(all.end(), some.begin(), some.end());
  require(all.size() == events, "events in the recording");
  return test::decisions_on(config, all, reader.header().instruments).hash;
}

std::vector<LatencyLine> run(const Workload& work, const Setup& setup, std::int64_t every_ns) {
  const TemporaryFolder folder;
  const RunConfig config = config_of(setup, folder.path());
  RunModel model(config);
  RunWiring wiring(config, work.instruments, model, setup.feeding);
  LiveRunOptions options;
  options.recorder.recording = folder.path() / "session.hfr";
  options.recorder.journal = folder.path() / "journal";
  options.recorder.header = {.instruments = work.instruments, .order = EventOrder::receive};
  options.feature_count = static_cast<std::uint32_t>(wiring.names.names().size());
  options.pin = setup.pin;
  std::optional<Understudy> understudy;
  TradingParts parts = parts_of(wiring);
  if (setup.pin) parts.understudy = &understudy.emplace(config, work.instruments.front(), model);
  LiveRun live(parts, options);
  live.sink().take(work.history, {});
  live.wait_until_written();
  send(work, every_ns, live.sink());
  live.finish();
  const LiveStatus status = live.status();
  require(status.late == 0 && live.dropped_events() == 0 && status.recording.is_ok(),
          "late or dropped events");
  require(wiring.journal.hash_hex() == replayed(config, options.recorder.recording, status.events), "hash");
  return status.latency;
}

// Of one stage, the median of the runs, and the spread of p50 and p99.
void print_stage(const std::vector<std::vector<LatencyLine>>& runs, std::string_view stage) {
  std::vector<double> p50, p99, p999, most;
  std::uint64_t count = 0;
  for (const std::vector<LatencyLine>& lines : runs) {
    for (const LatencyLine& line : lines) {
      if (line.stage != stage) continue;
      p50.push_back(line.p50_us), p99.push_back(line.p99_us), p999.push_back(line.p999_us);
      most.push_back(line.max_us), count = line.count;
    }
  }
  if (p50.empty()) return;
  const Spread a = spread_of(p50), b = spread_of(p99);
  std::printf("  %-12.*s p50 %6.2f us (%.2f..%.2f)  p99 %6.2f (%.2f..%.2f)  p99.9 %7.1f  max %7.1f  %" PRIu64
              "\n",
              static_cast<int>(stage.size()), stage.data(), a.median, a.low, a.high, b.median, b.low, b.high,
              spread_of(p999).median, spread_of(most).median, count);
}

void compare(const Workload& work, std::int64_t every_ns, int runs) {
  constexpr Setup kSetups[] = {{"no model, pinned", false, Feeding::live, true},
                               {"model in flight, pinned", true, Feeding::live, true},
                               {"model, whole windows, pinned", true, Feeding::blocks, true},
                               {"no model, waits", false, Feeding::live, false},
                               {"model in flight, waits", true, Feeding::live, false}};
  std::vector<std::vector<LatencyLine>> all[std::size(kSetups)];
  for (int round = 0; round < runs; ++round) {
    for (std::size_t s = 0; s < std::size(kSetups); ++s) {
      const std::size_t turn = (s + static_cast<std::size_t>(round)) % std::size(kSetups);
      all[turn].push_back(run(work, kSetups[turn], every_ns));
    }
  }
  for (std::size_t s = 0; s < std::size(kSetups); ++s) {
    std::printf("%s, a message every %g us, %zu messages, runs %d\n", kSetups[s].name,
                static_cast<double>(every_ns) / 1e3, work.texts.size(), runs);
    for (std::size_t stage = 0; stage < kLatencyStageCount; ++stage)
      print_stage(all[s], name_of(static_cast<LatencyStage>(stage)));
  }
}

}  // namespace
}  // namespace hftsim::perf

int main(int argc, char** argv) {
  using namespace hftsim::perf;
  const std::uint64_t minutes = count_argument(argc, argv, 50);
  const int runs = minutes < 20 ? 1 : 7;
  compare(workload(minutes, 120), 20'000, runs);
  compare(workload(std::max<std::uint64_t>(2, minutes / 3), 5), 500'000, runs);
}
