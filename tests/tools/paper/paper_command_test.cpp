// hftsim paper against hftsim exchange, both as processes: what was recorded replays to what was decided, whatever
// happened to connection and process.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <thread>

#include "engine/core/rng.h"
#include "replay/recording_reader.h"
#include "tests/tools/cli.h"
#include "tests/tools/running_program.h"

namespace hftsim::test {
namespace {

using Json = nlohmann::json;

constexpr const char* kMarket =
    "--generated --seed 7 --history-days 1 --start 2024-02-01T00:00:30 --speed 60 --port 0";
constexpr const char* kStrategy =
    " --strategy sma_cross --set strategy.fast=2 --set strategy.slow=5 --set features.list=none";

// How many times a process is killed: more than in CI with HFTSIM_KILLS=100.
int kills(int usual) {
  const char* const asked = std::getenv("HFTSIM_KILLS");
  return asked == nullptr ? usual : std::atoi(asked);
}

class PaperCommand : public CliTest {
 protected:
  static std::string session(const RunningExchange& exchange, const std::string& more) {
    return "paper --symbol BTCUSDT --url " + exchange.websocket_url() + kStrategy + " --out s " + more;
  }
  Json summary() const { return Json::parse(read("s/summary.json")); }
  std::string replayed_hash() const {
    const CliResult result = hftsim("backtest s/config.toml --data s/session.hfr --out none --json");
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.exit_code == 0 ? Json::parse(result.out)["journal_hash"].get<std::string>() : "";
  }
  static std::vector<Event> events_of(RecordingReader& reader) {
    std::vector<Event> all;
    for (auto events = reader.next(); !events.empty(); events = reader.next())
      all.insert(all.end(), events.begin(), events.end());
    return all;
  }
  // Of each instrument in the recording.
  std::vector<std::int64_t> bar_closes(InstrumentId instrument = 0) const {
    RecordingReader reader(folder() / "s/session.hfr");
    std::vector<std::int64_t> closes;
    for (const Event& event : events_of(reader)) {
      if (event.kind == EventKind::bar && event.instrument == instrument) closes.push_back(event.ts_ns);
    }
    return closes;
  }
  static bool is_gap_of_recording(const Event& event) {
    return event.kind == EventKind::session_mark && event.session.mark == SessionMark::gap &&
           event.session.stream == static_cast<std::uint32_t>(EventKind::session_mark);
  }
  static void limit_files(const RunningProgram& program, rlim_t bytes) {
    const rlimit limit{bytes, RLIM_INFINITY};
    ASSERT_EQ(::prlimit(program.pid(), RLIMIT_FSIZE, &limit, nullptr), 0);
  }
  // No file of the process may become longer than its recording is now.
  void fill_disk(const RunningProgram& paper) const {
    wait_for_bars(100'000);
    limit_files(paper, std::filesystem::file_size(folder() / "s/session.hfr"));
    wait_for_log("trading goes on");
  }
  void wait_for_log(const std::string& words) const {
    for (int tenths = 0; tenths < 600; ++tenths) {
      if (read("s/log").find(words) != std::string::npos) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    FAIL() << "'" << words << "' is not in: " << read("s/log");
  }
  void expect_unbroken(const std::vector<std::int64_t>& closes) const {
    for (std::size_t i = 1; i < closes.size(); ++i) {
      ASSERT_EQ(closes[i] - closes[i - 1], kMinute.value) << "bar " << i << " of " << closes.size();
    }
  }
  void wait_for_bars(std::uintmax_t bytes) const {
    for (int tenths = 0; tenths < 200; ++tenths) {
      std::error_code error;
      if (std::filesystem::file_size(folder() / "s/session.hfr", error) >= bytes && !error) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    FAIL() << "nothing was recorded: " << read(".err");
  }
};

TEST_F(PaperCommand, RecordsASessionThatReplaysToItsJournalHash) {
  const RunningExchange exchange(kMarket);
  RunningProgram paper(session(exchange, "--duration 12s --json"), folder());
  const Json printed = Json::parse(paper.rest());
  EXPECT_EQ(paper.end(), 0) << read(".err");
  EXPECT_EQ(summary(), printed);
  EXPECT_GE(printed["bars"].get<int>(), 1);
  EXPECT_GT(printed["warmup_bars"].get<int>(), 5);
  EXPECT_GT(printed["session"]["trades"].get<int>(), 100);
  EXPECT_TRUE(printed["recording"]["whole"].get<bool>());
  EXPECT_EQ(printed["feed"]["gaps"].get<int>(), 0);
  EXPECT_FALSE(printed["latency"].empty());
  expect_unbroken(bar_closes());
  EXPECT_EQ(replayed_hash(), printed["journal_hash"].get<std::string>());
}

TEST_F(PaperCommand, ReplaysASessionOfAnExchangeWhoseClockIsAhead) {
  const RunningExchange exchange("--generated --seed 7 --history-days 1 --speed 60 --port 0");
  RunningProgram paper(session(exchange, "--duration 6s --json"), folder());
  const Json printed = Json::parse(paper.rest());
  EXPECT_EQ(paper.end(), 0) << read(".err");
  EXPECT_EQ(replayed_hash(), printed["journal_hash"].get<std::string>());
}

TEST_F(PaperCommand, EndsCleanlyWhenItIsTold) {
  const RunningExchange exchange(kMarket);
  RunningProgram paper(session(exchange, ""), folder());
  EXPECT_MENTIONS(paper.first_line(), "no order leaves this program");
  wait_for_bars(200'000);
  EXPECT_EQ(paper.end(SIGTERM), 0) << read(".err");
  EXPECT_MENTIONS(paper.rest(), "journal hash");
  RecordingReader reader(folder() / "s/session.hfr");
  EXPECT_TRUE(reader.tail().complete);
  EXPECT_EQ(replayed_hash(), summary()["journal_hash"].get<std::string>());
}

TEST_F(PaperCommand, SeesTheSourcesBarsThroughFaults) {
  const RunningExchange exchange(
      std::string(kMarket) +
      " --fault ws.disconnect=0.0005 --fault ws.gap=0.002 --fault ws.duplicate=0.01 --fault "
      "ws.reorder=0.002 --fault ws.malformed=0.001 --fault rest.429=0.1");
  RunningProgram paper(session(exchange, "--duration 20s --json"), folder());
  const Json printed = Json::parse(paper.rest());
  EXPECT_EQ(paper.end(), 0) << read(".err");
  EXPECT_GE(printed["bars"].get<int>(), 1);
  EXPECT_GT(printed["feed"]["duplicates"].get<int>() + printed["feed"]["reconnects"].get<int>(), 0);
  expect_unbroken(bar_closes());
  EXPECT_EQ(replayed_hash(), printed["journal_hash"].get<std::string>());
}

TEST_F(PaperCommand, KilledAtAnyInstantItGoesOnFromItsRecording) {
  const RunningExchange exchange(kMarket);
  RandomStream random(3, "kills");
  {
    RunningProgram paper(session(exchange, ""), folder());
    wait_for_bars(100'000);
    EXPECT_EQ(paper.end(SIGKILL), -SIGKILL);
  }
  for (int kill = 0; kill < 5; ++kill) {
    RunningProgram paper("paper --resume s", folder());
    std::this_thread::sleep_for(std::chrono::milliseconds(200 + random.below(2'000)));
    EXPECT_EQ(paper.end(SIGKILL), -SIGKILL) << read(".err");
  }
  RunningProgram paper("paper --resume s --duration 4s --json", folder());
  const Json printed = Json::parse(paper.rest());
  EXPECT_EQ(paper.end(), 0) << read(".err");
  EXPECT_MENTIONS(printed["session"]["resume_note"].get<std::string>(), "as they were");
  expect_unbroken(bar_closes());
  EXPECT_EQ(replayed_hash(), printed["journal_hash"].get<std::string>());
}

// As a supervisor does that knows nothing but whether there is a config.
TEST_F(PaperCommand, KilledWhileItBeginsItCanBeBegunOrResumed) {
  const RunningExchange exchange(kMarket);
  RandomStream random(5, "kills");
  for (int kill = 0; kill < kills(6); ++kill) {
    if (random.below(2) == 0) std::filesystem::remove_all(folder() / "s");
    RunningProgram paper(exists("s/config.toml") ? "paper --resume s" : session(exchange, ""), folder());
    std::this_thread::sleep_for(std::chrono::milliseconds(random.below(120)));
    EXPECT_EQ(paper.end(SIGKILL), -SIGKILL) << read(".err");
  }
  const std::string start = exists("s/config.toml") ? "paper --resume s" : session(exchange, "");
  RunningProgram paper(start + " --duration 2s --json", folder());
  const Json printed = Json::parse(paper.rest());
  EXPECT_EQ(paper.end(), 0) << read(".err");
  EXPECT_GT(printed["warmup_bars"].get<int>(), 5);
  expect_unbroken(bar_closes());
  EXPECT_EQ(replayed_hash(), printed["journal_hash"].get<std::string>());
}

TEST_F(PaperCommand, LetsNoSecondProcessIntoItsFolder) {
  const RunningExchange exchange(kMarket);
  RunningProgram first(session(exchange, ""), folder());
  EXPECT_MENTIONS(first.first_line(), "paper session in s");
  for (const std::string& second :
       {std::string("paper --resume s"), session(exchange, ""), session(exchange, "--force")}) {
    const CliResult refused = hftsim(second);
    EXPECT_EQ(refused.exit_code, 2) << second;
    EXPECT_MENTIONS(refused.err, "process " + std::to_string(first.pid()));
  }
  EXPECT_EQ(first.end(SIGKILL), -SIGKILL);
  RunningProgram resumed("paper --resume s", folder());
  EXPECT_MENTIONS(resumed.first_line(), "paper session in s");
  EXPECT_EQ(resumed.end(SIGTERM), 0) << read(".err");
  EXPECT_EQ(replayed_hash(), summary()["journal_hash"].get<std::string>());
}

TEST_F(PaperCommand, TradesOnWhileTheDiskIsFullAndMarksWhatTheRecordingMisses) {
  const RunningExchange exchange(kMarket);
  RunningProgram paper(session(exchange, "--held 200 --json"), folder());
  fill_disk(paper);
  wait_for_log("events are dropped");
  limit_files(paper, RLIM_INFINITY);
  wait_for_log("there is room");
  wait_for_bars(std::filesystem::file_size(folder() / "s/session.hfr") + 20'000);
  ::kill(paper.pid(), SIGTERM);
  const Json printed = Json::parse(paper.rest());
  EXPECT_EQ(paper.end(), 1) << read(".err");
  EXPECT_FALSE(printed["recording"]["whole"].get<bool>());
  const auto dropped = printed["recording"]["dropped"].get<std::uint64_t>();
  RecordingReader reader(folder() / "s/session.hfr");
  EXPECT_TRUE(reader.tail().complete);
  std::vector<std::uint64_t> missing;
  for (const Event& event : events_of(reader)) {
    if (is_gap_of_recording(event)) missing.push_back(event.session.missing);
  }
  EXPECT_EQ(missing, std::vector{dropped});
  EXPECT_EQ(reader.event_count(), printed["recording"]["events"].get<std::uint64_t>());
  EXPECT_EQ(reader.event_count() - 1 + dropped, printed["session"]["events"].get<std::uint64_t>());
}

TEST_F(PaperCommand, SaysHowMuchIsMissingWhereTheDiskStaysFull) {
  const RunningExchange exchange(kMarket);
  RunningProgram paper(session(exchange, "--held 10000000"), folder());
  fill_disk(paper);
  ::kill(paper.pid(), SIGTERM);
  EXPECT_MENTIONS(paper.rest(), "NOT WHOLE");
  EXPECT_EQ(paper.end(), 1) << read(".err");
  RecordingReader reader(folder() / "s/session.hfr");
  EXPECT_FALSE(reader.tail().complete);
  EXPECT_GT(reader.event_count(), 0u);
  EXPECT_EQ(reader.event_count() + summary()["recording"]["dropped"].get<std::uint64_t>(),
            summary()["session"]["events"].get<std::uint64_t>());
}

TEST_F(PaperCommand, WritesNoRecordingOverThatIsElsewhere) {
  const RunningExchange exchange(kMarket);
  write("kept.hfr", "a recording");
  const CliResult refused = hftsim(session(exchange, "--record kept.hfr"));
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_MENTIONS(refused.err, "--record");
  EXPECT_EQ(read("kept.hfr"), "a recording");
  EXPECT_FALSE(exists("s"));
}

TEST_F(PaperCommand, RefusesWhatItCannotTradeBeforeItWritesAnything) {
  const RunningExchange exchange(kMarket);
  const CliResult unknown = hftsim("paper --symbol BTCUSD --out s --url " + exchange.websocket_url());
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_MENTIONS(unknown.err, "BTCUSDT");
  const CliResult none = hftsim("paper --out s --url " + exchange.websocket_url());
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_MENTIONS(none.err, "--symbol");
  const CliResult address = hftsim("paper --symbol BTCUSDT --out s --url http://127.0.0.1:1");
  EXPECT_EQ(address.exit_code, 2);
  EXPECT_MENTIONS(address.err, "wss://");
  const CliResult dashboard = hftsim(session(exchange, "--dashboard 0.0.0.0:0"));
  EXPECT_EQ(dashboard.exit_code, 2);
  EXPECT_MENTIONS(dashboard.err, "--dashboard-cert");
  const CliResult resume = hftsim("paper --resume s");
  EXPECT_EQ(resume.exit_code, 2);
  EXPECT_FALSE(exists("s"));
}

}  // namespace
}  // namespace hftsim::test
