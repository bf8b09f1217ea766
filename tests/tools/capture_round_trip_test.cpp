// Raw capture -> recording -> capture: message by message the same, on both clocks.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "adapters/binance/capture_file.h"
#include "adapters/binance/capture_writer.h"
#include "replay/recording_source.h"
#include "tests/adapters/shared_data.h"
#include "tests/replay/temporary_folder.h"
#include "tools/recording_import.h"

namespace hftsim {
namespace {

using Paths = std::vector<std::filesystem::path>;

// What a recording keeps of a message, as text: without stream names, and without the fields of a kline that a bar has not.
std::string kept_of(const binance::CaptureLine& line) {
  nlohmann::json message = nlohmann::json::parse(line.json);
  if (message.contains("data")) message = nlohmann::json(message["data"]);
  if (message.value("e", "") == "kline") {
    if (message["k"]["x"] == false) return "";
    for (const char* name : {"f", "L", "q", "V", "Q", "B"}) message["k"].erase(name);
    message.erase("E");
  }
  return std::to_string(line.recv_ns) + " " + std::string(line.symbol) + " " + message.dump();
}

std::vector<std::string> messages_of(const Paths& paths) {
  binance::CaptureFiles files(paths);
  std::vector<std::string> messages;
  while (const auto line = files.next()) {
    if (std::string kept = kept_of(*line); !kept.empty()) messages.push_back(std::move(kept));
  }
  std::ranges::sort(messages);
  return messages;
}

void expect_nothing_lost(const Paths& paths, ImportClock clock) {
  const TemporaryFolder folder;
  const auto recording = folder.path() / "a.hfr", back = folder.path() / "back.jsonl.gz";
  const ImportSummary summary = import_captures(paths, recording, {.clock = clock});
  RecordingSource source(recording, {.keep_times = true});
  EXPECT_EQ(source.reader().header().recv_correction_ns != 0, clock == ImportClock::corrected);
  binance::write_capture(
      back, source,
      {.market = summary.market, .recv_correction_ns = source.reader().header().recv_correction_ns});
  const std::vector<std::string> before = messages_of(paths), after = messages_of({back});
  ASSERT_GT(before.size(), 1000u);
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < before.size(); ++i) ASSERT_EQ(after[i], before[i]) << i;
}

TEST(CaptureRoundTrip, LosesNothingOfTheUsdmCapture) {
  const char* kFile = "data/binance/usdm-btcusdt-2024-08-08.jsonl.gz";
  HFTSIM_NEED_SHARED(kFile);
  expect_nothing_lost({shared_file(kFile)}, ImportClock::exchange);
}

TEST(CaptureRoundTrip, LosesNothingOfTheSpotCaptureWhicheverTheClock) {
  const char* kFile = "data/binance/spot-btcusdt-2024-08-08.jsonl.gz";
  HFTSIM_NEED_SHARED(kFile);
  expect_nothing_lost({shared_file(kFile)}, ImportClock::exchange);
  expect_nothing_lost({shared_file(kFile)}, ImportClock::receive);
  expect_nothing_lost({shared_file(kFile)}, ImportClock::corrected);
}

TEST(CaptureRoundTrip, LosesNothingOfFourSymbolsButWhatBarsDoNotHave) {
  const char* kFile = "data/binance/usdm-multi-2021-07-22.ws.zst";
  HFTSIM_NEED_SHARED(kFile);
  expect_nothing_lost({shared_file(kFile), shared_file("data/binance/usdm-multi-2021-07-22.http.zst")},
                      ImportClock::exchange);
}

TEST(CaptureImport, CorrectsTheReceiveTimesSoThatNoneIsBeforeItsMessageWasSent) {
  const char* kFile = "data/binance/spot-btcusdt-2024-08-08.jsonl.gz";
  HFTSIM_NEED_SHARED(kFile);
  const TemporaryFolder folder;
  const Paths paths{shared_file(kFile)};
  const ImportSummary summary =
      import_captures(paths, folder.path() / "a.hfr", {.clock = ImportClock::corrected});
  EXPECT_EQ(summary.recv_correction_ns, -summary.counts.latency.least());
  EXPECT_GT(summary.recv_correction_ns, 1'270'000'000);
  RecordingReader reader(folder.path() / "a.hfr");
  std::int64_t least = INT64_MAX;
  for (auto events = reader.next(); !events.empty(); events = reader.next()) {
    for (const Event& event : events) {
      if (event.kind == EventKind::trade)
        least = std::min(least, event.recv_ns - event.ts_ns - std::int64_t{event.send_delay_us} * 1000);
    }
  }
  EXPECT_GE(least, 0);
  EXPECT_LT(least, 50'000'000);
}

}  // namespace
}  // namespace hftsim
