// Sessions that are killed at any instant and resumed. HFTSIM_KILLS=100 kills so many times.
#include <algorithm>
#include <cstring>
#include <optional>

#include "engine/core/rng.h"
#include "replay/journal_file.h"
#include "tests/tools/paper/exchange_control.h"
#include "tests/tools/paper/paper_command.h"
#include "tools/run_config.h"

namespace hftsim::test {
namespace {

// A second and a half is a minute of its.
constexpr const char* kSlowMarket =
    "--generated --seed 5 --history-days 1 --trade-minutes 5 --start 2024-02-01T00:00:10 --speed 40 --port 0";
// Quotes of the time without a connection come no more, so that fills on bars alone can be the same.
constexpr const char* kOnBars =
    "--set execution.venue=bars --set strategy.fast=1 --set strategy.slow=2 --set strategy.short=true ";

class PaperKills : public PaperCommand {
 protected:
  std::string run_start(const std::string& session) const {
    RunConfig config;
    read_config_file(config, folder() / session / "config.toml");
    return config.run.start;
  }

  // One in s, which is to be killed, one in whole, both with the same history.
  void begin_both(const RunningExchange& exchange) {
    do {
      whole_.reset();
      killed_.reset();
      for (const char* session : {"s", "whole"}) std::filesystem::remove_all(folder() / session);
      whole_.emplace(session(exchange, kOnBars, "whole"), folder());
      killed_.emplace(session(exchange, kOnBars), folder());
      EXPECT_MENTIONS(whole_->first_line(), "paper session");
      EXPECT_MENTIONS(killed_->first_line(), "paper session");
    } while (run_start("whole") != run_start("s"));
  }
  void kill_it() {
    EXPECT_EQ(killed_->end(SIGKILL), -SIGKILL) << read(".err");
    ++kills_;
  }
  void resume() {
    killed_.emplace("paper --resume s", folder());
    EXPECT_MENTIONS(killed_->first_line(), "paper session");
  }
  void end_both(const ExchangeControl& exchange) {
    const std::int64_t now_ns = exchange.now_ns();
    for (const std::string session : {"s", "whole"})
      wait_until([&] { return bars_of(session).back().ts_ns > now_ns; }, "a bar behind the last kill");
    EXPECT_EQ(killed_->end(SIGTERM), 0) << read(".err");
    EXPECT_EQ(whole_->end(SIGTERM), 0) << read(".err");
  }

  void sleep_up_to(std::uint64_t ms) {
    std::this_thread::sleep_for(std::chrono::microseconds(random_.below(1000 * ms)));
  }
  // Killed while it starts, while it replays, when it has just begun to trade.
  void kill_while_resuming() {
    killed_.emplace("paper --resume s", folder());
    const std::uint64_t phase = random_.below(3);
    if (phase == 1) {
      for (int ms = 0; ms < 1000 && !exists("s/session.hfr.part"); ++ms)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    if (phase == 2) {
      EXPECT_MENTIONS(killed_->first_line(), "paper session");
    }
    sleep_up_to(30);
    kill_it();
  }

  // What a session decided and was told before that time.
  std::vector<JournalRecord> journal_of(const std::string& session, std::int64_t before_ns) const {
    std::vector<JournalRecord> all;
    JournalFileReader reader(folder() / session / "journal");
    for (auto records = reader.next(); !records.empty(); records = reader.next()) {
      for (const JournalRecord& record : records) {
        if (record.ts_ns < before_ns) all.push_back(record);
      }
    }
    return all;
  }

  // Returns when the last one closed that both have.
  std::int64_t expect_same_bars() const {
    const std::vector<Event> seen = bars_of("s"), wanted = bars_of("whole");
    const std::size_t common = std::min(seen.size(), wanted.size());
    for (std::size_t i = 0; i < common; ++i) {
      EXPECT_EQ(seen[i].ts_ns, wanted[i].ts_ns) << "bar " << i;
      EXPECT_EQ(std::memcmp(&seen[i].bar, &wanted[i].bar, sizeof wanted[i].bar), 0) << "bar " << i;
    }
    return seen[common - 1].ts_ns;
  }
  // The first bar that came late, on which nobody decides as if it had not.
  static std::int64_t first_late(const std::vector<Event>& bars) {
    const auto late = std::ranges::find_if(bars, [](const Event& bar) { return bar.has(kLate); });
    return late == bars.end() ? INT64_MAX : late->ts_ns;
  }
  // Returns how many there are.
  std::size_t expect_same_journal(std::int64_t before_ns) const {
    const std::vector<JournalRecord> decided = journal_of("s", before_ns),
                                     wanted = journal_of("whole", before_ns);
    for (std::size_t i = 0; i < std::min(decided.size(), wanted.size()); ++i) {
      const bool same = std::memcmp(&decided[i], &wanted[i], sizeof wanted[i]) == 0;
      EXPECT_TRUE(same) << i << ": " << describe(decided[i]) << "\nexpected: " << describe(wanted[i]);
      if (!same) break;
    }
    EXPECT_EQ(decided.size(), wanted.size());
    return wanted.size();
  }

  std::optional<RunningProgram> whole_, killed_;
  RandomStream random_{3, "kills"};
  int kills_ = 0;
};

// Between two bars, so that none comes late: then every order, fill and fee is what it would have been.
TEST_F(PaperKills, BetweenBarsLeaveTheJournalOfASessionThatNobodyKilled) {
  const RunningExchange server(kSlowMarket);
  const ExchangeControl exchange(server.url());
  begin_both(server);
  const auto is_early_in_minute = [&] {  // but so late that the bar is on the disk
    const std::int64_t into_ns = exchange.now_ns() % kMinute.value;
    return into_ns > 4 * kSecond.value && into_ns < 14 * kSecond.value;
  };
  const int most = times_of("HFTSIM_KILLS", 5);
  for (int minutes = 0; kills_ < most || minutes < 4; ++minutes) {
    wait_until(is_early_in_minute, "a minute of the exchange's");
    kill_it();
    for (std::uint64_t more = random_.below(3); more > 0 && kills_ < most; --more) kill_while_resuming();
    resume();
    wait_until([&] { return !is_early_in_minute(); }, "the rest of a minute");
  }
  end_both(exchange);
  EXPECT_MENTIONS(summary()["session"]["resume_note"].get<std::string>(), "as they were");
  const std::int64_t late_ns = std::min(first_late(bars_of("s")), first_late(bars_of("whole")));
  const std::size_t records = expect_same_journal(std::min(expect_same_bars(), late_ns));
  EXPECT_TRUE(records > 0 || late_ns != INT64_MAX);
  EXPECT_EQ(replayed_hash(), summary()["journal_hash"].get<std::string>());
  RecordProperty("kills", kills_);
  RecordProperty("records", static_cast<int>(records));
  RecordProperty("had_late_bars", late_ns != INT64_MAX ? 1 : 0);
}

// At any instant: bars come late then, and are decided on at the time that it is by then. What is decided is the same.
TEST_F(PaperKills, AtAnyInstantLeaveTheSignalsOfASessionThatNobodyKilled) {
  const RunningExchange server(kFastMarket);
  const ExchangeControl exchange(server.url());
  begin_both(server);
  sleep_up_to(1000);
  kill_it();
  for (const int most = times_of("HFTSIM_KILLS", 5); kills_ < most;) {
    if (random_.below(4) != 0) {
      kill_while_resuming();
      continue;
    }
    resume();
    sleep_up_to(2500);
    kill_it();
  }
  resume();
  end_both(exchange);
  EXPECT_MENTIONS(summary()["session"]["resume_note"].get<std::string>(), "as they were");
  expect_same_bars();
  const auto signals_of = [this](const std::string& session) {
    std::vector<std::pair<InstrumentId, int>> signals;
    for (const JournalRecord& record : journal_of(session, INT64_MAX)) {
      if (record.kind == JournalKind::signal) signals.emplace_back(record.instrument, int{record.detail});
    }
    return signals;
  };
  auto seen = signals_of("s"), wanted = signals_of("whole");
  const std::size_t common = std::min(seen.size(), wanted.size());
  EXPECT_GT(common, 0u);
  seen.resize(common);
  wanted.resize(common);
  EXPECT_EQ(seen, wanted);
  EXPECT_EQ(replayed_hash(), summary()["journal_hash"].get<std::string>());
  RecordProperty("kills", kills_);
  RecordProperty("signals", static_cast<int>(common));
}

// As a supervisor does that knows nothing but whether there is a config.
TEST_F(PaperKills, WhileItBeginsLeaveASessionToBeginOrToResume) {
  const RunningExchange exchange(kMarket);
  for (int kill = 0; kill < times_of("HFTSIM_KILLS", 6); ++kill) {
    if (random_.below(2) == 0) std::filesystem::remove_all(folder() / "s");
    killed_.emplace(exists("s/config.toml") ? "paper --resume s" : session(exchange, ""), folder());
    sleep_up_to(120);
    kill_it();
  }
  const std::string start = exists("s/config.toml") ? "paper --resume s" : session(exchange, "");
  RunningProgram paper(start + " --duration 2s --json", folder());
  const Json printed = Json::parse(paper.rest());
  EXPECT_EQ(paper.end(), 0) << read(".err");
  EXPECT_GT(printed["warmup_bars"].get<int>(), 5);
  expect_unbroken(bar_closes());
  EXPECT_EQ(replayed_hash(), printed["journal_hash"].get<std::string>());
}

}  // namespace
}  // namespace hftsim::test
