#include "adapters/binance/capture_source.h"

#include <fmt/format.h>

#include <algorithm>

#include "replay/key_order.h"
#include "tests/adapters/binance/captures.h"

namespace hftsim::binance {
namespace {

constexpr std::int64_t kMs = 1'000'000;
constexpr std::int64_t kStart = 1'700'000'000'000;  // ms

std::string line(std::int64_t recv_ms, const std::string& json) {
  return fmt::format("{} {}\n", (kStart + recv_ms) * kMs, json);
}
std::string usdm_diff(std::int64_t ms, int first, int last, int previous, const char* bid = "9.0") {
  return fmt::format(
      R"({{"stream":"btcusdt@depth","data":{{"e":"depthUpdate","E":{0},"T":{0},"s":"BTCUSDT","U":{1},"u":{2},"pu":{3},"b":[["{4}","1.00"]],"a":[]}}}})",
      kStart + ms, first, last, previous, bid);
}
std::string usdm_snapshot(std::int64_t ms, int last) {
  return fmt::format(
      R"({{"lastUpdateId":{1},"E":{0},"T":{0},"bids":[["8.0","2.00"]],"asks":[["10.0","3.00"]]}})",
      kStart + ms, last);
}
std::string spot_diff(std::int64_t ms, int first, int last) {
  return fmt::format(
      R"({{"e":"depthUpdate","E":{},"s":"BTCUSDT","U":{},"u":{},"b":[["9.0","1.00"]],"a":[]}})", kStart + ms,
      first, last);
}
std::string spot_snapshot(int last) {
  return fmt::format(R"({{"lastUpdateId":{},"bids":[["8.0","2.00"]],"asks":[]}})", last);
}
std::string trade(std::int64_t ms, int id, const char* symbol = "BTCUSDT", const char* price = "9.5") {
  return fmt::format(
      R"({{"e":"trade","E":{0},"T":{0},"s":"{2}","t":{1},"p":"{3}","q":"1.00","X":"MARKET","m":true}})",
      kStart + ms, id, symbol, price);
}

class Captures : public BarFiles {
 protected:
  Imported import_text(const std::string& text, const CaptureOptions& options = {}) const {
    return import_all({write("capture.jsonl", text)}, options);
  }
};

std::vector<std::int64_t> times_of(const std::vector<Event>& events) {
  std::vector<std::int64_t> times;
  for (const Event& event : events) times.push_back(event.ts_ns / kMs - kStart);
  return times;
}

TEST_F(Captures, AreReadInEveryLayoutAndMergedByTheirReceiveTimes) {
  const std::string seconds =
      "wss://fstream.binance.com/stream?streams=a@b <-> 1700000000.1\n\n1700000000.205: " + trade(5, 1) +
      "\n1700000000.31: " + trade(7, 3) + "\n";
  const std::string bodies =
      "https://fapi.binance.com/fapi/v1/depth?symbol=ETHUSDT&limit=5 -> 1700000000.3000001: " +
      usdm_snapshot(6, 9) + "\n";
  const Imported imported = import_all({write("a.ws", seconds), write("b.http", bodies)});
  ASSERT_EQ(imported.events.size(), 4u);
  EXPECT_EQ(times_of(imported.events), (std::vector<std::int64_t>{5, 6, 6, 7}));
  EXPECT_EQ(imported.events[0].recv_ns, 1'700'000'000'205'000'000);
  EXPECT_EQ(imported.events[1].recv_ns, 1'700'000'000'300'000'100);
  EXPECT_EQ(imported.instruments[imported.events[1].instrument].symbol, "ETHUSDT");
  EXPECT_EQ(imported.lines.lines, 5u);
  EXPECT_EQ(imported.lines.headers, 1u);
  EXPECT_EQ(imported.lines.blank, 1u);
}

TEST_F(Captures, ComeOutInTheOrderOfTheExchangeOrOfReceipt) {
  const std::string text = line(1, trade(40, 4)) + line(2, usdm_diff(30, 1, 2, 0)) + line(3, trade(35, 3)) +
                           line(4, usdm_diff(36, 3, 4, 2));
  const Imported exchange = import_text(text);
  EXPECT_EQ(times_of(exchange.events), (std::vector<std::int64_t>{30, 35, 36, 40}));
  EXPECT_TRUE(std::ranges::is_sorted(exchange.events, {}, [](const Event& event) { return key_of(event); }));
  const Imported receive = import_text(text, {.order = EventOrder::receive, .recv_correction_ns = 77});
  EXPECT_EQ(times_of(receive.events), (std::vector<std::int64_t>{40, 30, 35, 36}));
  EXPECT_EQ(receive.events[0].recv_ns, (kStart + 1) * kMs + 77);
}

TEST_F(Captures, PutTheSnapshotBelowTheMessagesThatBelongOnIt) {
  const Imported imported = import_text(line(1, usdm_diff(10, 1, 4, 0)) + line(2, usdm_diff(20, 5, 8, 4)) +
                                        line(3, usdm_snapshot(15, 6)) + line(4, usdm_diff(30, 9, 9, 8)));
  EXPECT_EQ(times_of(imported.events), (std::vector<std::int64_t>{10, 15, 15, 20, 30}));
  EXPECT_EQ(imported.depth[0].snapshots, 1u);
  EXPECT_EQ(imported.depth[0].stale, 1u);
  EXPECT_EQ(imported.depth[0].applied, 2u);
  EXPECT_EQ(imported.depth[0].early + imported.depth[0].gaps, 0u);
}

// Before the messages that it was received after, after those that it was received before.
TEST_F(Captures, PutASnapshotWithoutATimeRightBeforeTheFirstMessageBeyondIt) {
  for (const int last : {5, 6, 7}) {
    const Imported behind = import_text(line(1, spot_diff(10, 1, 4)) + line(2, spot_diff(20, 5, 8)) +
                                        line(3, spot_snapshot(last)) + line(4, spot_diff(30, 9, 9)));
    EXPECT_EQ(times_of(behind.events), (std::vector<std::int64_t>{10, 20, 20, 30}));
    EXPECT_TRUE(behind.events[1].has(kSnapshot) && behind.events[1].has(kTimeEstimated));
    EXPECT_EQ(behind.depth[0].applied, 2u);
    const Imported ahead = import_text(line(1, spot_diff(10, 1, 4)) + line(2, spot_snapshot(last)) +
                                       line(3, spot_diff(20, 5, 8)) + line(4, spot_diff(30, 9, 9)));
    EXPECT_TRUE(ahead.events[1].has(kSnapshot));
    EXPECT_EQ(times_of(ahead.events), times_of(behind.events));
  }
}

TEST_F(Captures, KeepASnapshotThatNothingGoesBeyond) {
  const Imported imported = import_text(line(1, spot_diff(10, 1, 4)) + line(2, spot_snapshot(90)));
  EXPECT_EQ(times_of(imported.events), (std::vector<std::int64_t>{10, 10}));
  EXPECT_TRUE(imported.events[1].has(kSnapshot));
  EXPECT_EQ(imported.depth[0].stale, 1u);
}

TEST_F(Captures, MarkAGapAtTheTimeOfTheMessageBeforeIt) {
  const Imported imported =
      import_text(line(1, usdm_snapshot(5, 1)) + line(2, usdm_diff(10, 1, 4, 0)) +
                  line(3, usdm_diff(20, 9, 12, 8)) + line(4, usdm_diff(30, 13, 14, 12)) +
                  line(5, usdm_snapshot(33, 14)) + line(6, usdm_diff(40, 15, 15, 14)));
  EXPECT_EQ(times_of(imported.events), (std::vector<std::int64_t>{5, 5, 10, 10, 20, 30, 33, 33, 40}));
  const Event& mark = imported.events[3];
  EXPECT_EQ(mark.kind, EventKind::session_mark);
  EXPECT_EQ(mark.session.mark, SessionMark::gap);
  EXPECT_EQ(mark.session.seq_expected, 4u);
  EXPECT_EQ(mark.session.seq_found, 8u);
  EXPECT_EQ(mark.session.missing, 4u);
  EXPECT_EQ(imported.depth[0].gaps, 1u);
  EXPECT_EQ(imported.depth[0].early, 1u)
      << "the one that shows the gap; what follows it waits for the snapshot";
  EXPECT_EQ(imported.depth[0].applied, 3u);
}

TEST_F(Captures, MarkAGapBetweenTheSnapshotAndTheFirstMessage) {
  const Imported after = import_text(line(1, usdm_snapshot(5, 1)) + line(2, usdm_diff(10, 3, 4, 2)));
  EXPECT_EQ(after.depth[0].gaps, 1u);
  const Imported before = import_text(line(1, usdm_diff(10, 3, 4, 2)) + line(2, usdm_diff(20, 5, 6, 4)) +
                                      line(3, usdm_snapshot(5, 1)));
  EXPECT_EQ(before.depth[0].gaps, 1u);
  EXPECT_EQ(before.depth[0].early, 2u);
}

TEST_F(Captures, CountWhatTheyLeaveOutAndHowLateMessagesCame) {
  const Imported imported =
      import_text(line(3, trade(5, 1)) + line(9, trade(6, 2)) + line(10, R"({"e":"markPriceUpdate","E":1})") +
                  line(11, R"({"e":"markPriceUpdate","E":1})") + line(12, R"({"result":null,"id":1})"));
  EXPECT_EQ(imported.counts.unknown.at("markPriceUpdate"), 2u);
  EXPECT_EQ(imported.counts.messages[static_cast<std::size_t>(MessageKind::response)], 1u);
  EXPECT_EQ(imported.counts.latency.count(), 2u);
  EXPECT_EQ(imported.counts.latency.negative(), 1u);
  EXPECT_EQ(imported.counts.latency.least(), -2 * kMs);
  EXPECT_EQ(imported.counts.latency.greatest(), 3 * kMs);
}

TEST_F(Captures, SayFileAndLineOfWhatTheyCannotTake) {
  const std::string good = line(1, trade(5, 1));
  EXPECT_MENTIONS(refusal([&] { import_text(good + line(2, R"({"e":"trade"})")); }),
                  "capture.jsonl:2: trade: got no field E");
  for (const char* bad : {"no capture", "17 {}", "1700000000000000000{}", "1700000000.5 {}",
                          "1.0000000001: {}", "http://x", "99999999999999999999 {}", "."}) {
    EXPECT_MENTIONS(refusal([&] { import_text(good + good + bad + "\n"); }), "capture.jsonl:3");
  }
  EXPECT_MENTIONS(refusal([&] {
                    import_text(line(1, trade(1, 1)) + line(2, trade(20'000, 2)) + line(3, trade(9'000, 3)));
                  }),
                  "capture.jsonl:3: message: got a time 1000 ms before what was written already");
  EXPECT_MENTIONS(refusal([&] {
                    import_text(line(2, trade(1, 1)) + line(1, trade(2, 2)), {.order = EventOrder::receive});
                  }),
                  "--clock exchange");
}

TEST_F(Captures, AskForAnotherLookWhereTheFirstWasTooShort) {
  const std::vector<std::filesystem::path> paths{
      write("capture.jsonl", line(1, trade(1, 1)) + line(2, trade(2, 2, "BTCUSDT", "9.55")))};
  const std::vector<std::filesystem::path> others{
      write("others.jsonl", line(1, trade(1, 1)) + line(2, trade(2, 2, "ETHUSDT")))};
  for (const auto& files : {paths, others}) {
    const CaptureSurvey survey = survey_captures(files, "", 1);
    EXPECT_FALSE(survey.is_whole);
    CaptureSource source(files, survey);
    EXPECT_THROW(read_all(source), OutsideTable);
  }
  EXPECT_EQ(import_all(paths).instruments[0].price_step, (DecimalStep{1, 2}));
}

}  // namespace
}  // namespace hftsim::binance
