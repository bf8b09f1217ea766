// hftsim paper against hftsim exchange, both as processes, in a folder of their own.
#pragma once

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "replay/recording_reader.h"
#include "tests/tools/cli.h"
#include "tests/tools/running_program.h"

namespace hftsim::test {

using Json = nlohmann::json;

inline constexpr const char* kMarket =
    "--generated --seed 7 --history-days 1 --start 2024-02-01T00:00:30 --speed 60 --port 0";
// Three minutes a second.
inline constexpr const char* kFastMarket =
    "--generated --history-days 1 --trade-minutes 5 --start 2024-02-01T00:00:30 --speed 180 --port 0 --seed "
    "5";
inline constexpr const char* kStrategy =
    " --strategy sma_cross --set strategy.fast=2 --set strategy.slow=5 --set features.list=none";

// How often something is done: in CI as often as usual, more with HFTSIM_KILLS=100, HFTSIM_FAULTS=200.
inline int times_of(const char* variable, int usual) {
  const char* const asked = std::getenv(variable);
  return asked == nullptr ? usual : std::atoi(asked);
}

class PaperCommand : public CliTest {
 protected:
  static std::string session(const RunningExchange& exchange, const std::string& more,
                             const std::string& out = "s", const std::string& symbols = "BTCUSDT") {
    return "paper --symbol " + symbols + " --url " + exchange.websocket_url() + kStrategy + " --out " + out +
           " " + more;
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
  std::vector<Event> bars_of(const std::string& session) const {
    RecordingReader reader(folder() / session / "session.hfr");
    std::vector<Event> bars = events_of(reader);
    std::erase_if(bars, [](const Event& event) { return event.kind != EventKind::bar; });
    return bars;
  }
  // Of each instrument in the recording.
  std::vector<std::int64_t> bar_closes(InstrumentId instrument = 0) const {
    std::vector<std::int64_t> closes;
    for (const Event& bar : bars_of("s")) {
      if (bar.instrument == instrument) closes.push_back(bar.ts_ns);
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
  static void wait_until(const std::function<bool()>& holds, const std::string& what) {
    for (int hundredths = 0; hundredths < 12'000; ++hundredths) {
      if (holds()) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    FAIL() << what << " took too long";
  }
  void wait_for_log(const std::string& words) const {
    wait_until([&] { return read("s/log").find(words) != std::string::npos; }, "'" + words + "' in the log");
  }
  void expect_unbroken(const std::vector<std::int64_t>& closes) const {
    for (std::size_t i = 1; i < closes.size(); ++i) {
      ASSERT_EQ(closes[i] - closes[i - 1], kMinute.value) << "bar " << i << " of " << closes.size();
    }
  }
  void wait_for_bars(std::uintmax_t bytes) const {
    const auto has_grown = [&] {
      std::error_code error;
      return std::filesystem::file_size(folder() / "s/session.hfr", error) >= bytes && !error;
    };
    wait_until(has_grown, "recording");
  }
};

}  // namespace hftsim::test
