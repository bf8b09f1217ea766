// hftsim paper against hftsim exchange, both as processes: what was recorded replays to what was decided, whatever
// happened to connection and process.
#include "tests/tools/paper/paper_command.h"

#include "tests/tools/paper/exchange_control.h"

namespace hftsim::test {
namespace {

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

// A signal ends a session within a second; here it may take five, on a machine that has much to do.
class PaperSignal : public PaperCommand {
 protected:
  static int exit_code_in_time(RunningProgram& paper) {
    const auto begin = std::chrono::steady_clock::now();
    const int code = paper.end(SIGTERM);
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    EXPECT_LT(took.count(), 5'000);
    RecordProperty("ms", static_cast<int>(took.count()));
    return code;
  }
  void expect_whole() const {
    EXPECT_TRUE(RecordingReader(folder() / "s/session.hfr").tail().complete);
    EXPECT_TRUE(summary()["recording"]["whole"].get<bool>());
    EXPECT_EQ(replayed_hash(), summary()["journal_hash"].get<std::string>());
  }
};

TEST_F(PaperSignal, EndsItWhileItWaitsForHistory) {
  const RunningExchange server(std::string(kMarket) + " --fault rest.stall=once:60s@klines");
  const ExchangeControl exchange(server.url());
  RunningProgram paper(session(server, ""), folder());
  wait_until([&] { return exchange.strikes("rest", "stall") == 1; }, "a request for history");
  EXPECT_EQ(exit_code_in_time(paper), 1);
  EXPECT_MENTIONS(read(".err"), "interrupted");
  EXPECT_FALSE(exists("s"));
}

TEST_F(PaperSignal, EndsItWhileTheExchangeIsGone) {
  std::optional<RunningExchange> server(kMarket);
  RunningProgram paper(session(*server, ""), folder());
  wait_for_bars(100'000);
  EXPECT_EQ(server->end(SIGKILL), -SIGKILL);
  wait_for_log("again in");
  EXPECT_EQ(exit_code_in_time(paper), 0) << read(".err");
  expect_whole();
}

TEST_F(PaperSignal, EndsItWhileStreamsAndRestStandStill) {
  const RunningExchange server(kMarket);
  const ExchangeControl exchange(server.url());
  RunningProgram paper(session(server, ""), folder());
  wait_for_bars(100'000);
  exchange.set_faults("rest.stall=1.0:60s,ws.gap=once@aggTrade");
  wait_until([&] { return exchange.strikes("rest", "stall") > 0; }, "a repair");
  exchange.set_faults("ws.stall=1.0:60s");
  wait_until([&] { return exchange.strikes("ws", "stall") > 0; }, "a stall");
  EXPECT_EQ(exit_code_in_time(paper), 0) << read(".err");
  expect_whole();
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
