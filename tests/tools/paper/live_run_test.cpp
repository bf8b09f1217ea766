// A live session behind its feed: decides as replay does, records what it saw, obeys, is resumed, allocates nothing.
#include "tools/paper/live_run.h"

#include <gtest/gtest.h>

#include <cstring>

#include "engine/core/allocation_counter.h"
#include "replay/journal_file.h"
#include "replay/recording_reader.h"
#include "tests/replay/temporary_folder.h"
#include "tests/tools/paper/paper_bench.h"
#include "tools/paper/session_past.h"

namespace hftsim {
namespace {

using namespace test;

class LiveRunTest : public testing::Test {
 protected:
  std::vector<Event> recorded() const {
    RecordingReader reader(folder_.path() / "session.hfr");
    EXPECT_TRUE(reader.tail().complete);
    EXPECT_EQ(reader.order(), EventOrder::receive);
    std::vector<Event> events;
    for (auto some = reader.next(); !some.empty(); some = reader.next()) {
      events.insert(events.end(), some.begin(), some.end());
    }
    return events;
  }
  std::vector<JournalRecord> journal() const {
    JournalFileReader reader(folder_.path() / "journal");
    std::vector<JournalRecord> records;
    for (auto some = reader.next(); !some.empty(); some = reader.next()) {
      records.insert(records.end(), some.begin(), some.end());
    }
    EXPECT_TRUE(reader.tail().complete);
    return records;
  }

  TemporaryFolder folder_;
};

TEST_F(LiveRunTest, DecidesAsAReplayOfTheSameEvents) {
  const Stream stream = generated_stream(60, 2);
  LiveBench live(folder_.path(), stream.instruments);
  live.take(stream.events);
  const std::string hash = live.finish();
  const Decisions wanted = decisions_on(live.config(), stream.events, stream.instruments);
  EXPECT_GT(wanted.counters.trades, 5u);
  EXPECT_EQ(hash, wanted.hash);
}

// Live the model's windows are in flight, in replay it has whole blocks of them.
TEST_F(LiveRunTest, DecidesWithAModelAsAReplayOfTheSameEvents) {
  const Stream stream = generated_stream(200, 2);
  const RunConfig config = model_config(folder_.path());
  LiveBench live(folder_.path(), stream.instruments, nullptr, config);
  live.take(stream.events);
  const std::string hash = live.finish();
  const Decisions wanted = decisions_on(config, stream.events, stream.instruments);
  EXPECT_GT(wanted.predictions, 200u);
  EXPECT_GT(wanted.counters.trades, 5u);
  EXPECT_EQ(hash, wanted.hash);

  RunConfig without = config;
  without.model.path.clear();
  EXPECT_NE(decisions_on(without, stream.events, stream.instruments).hash, hash);
}

// Long pauses between events, in which models work ahead and bars are rehearsed, and played by an understudy.
TEST_F(LiveRunTest, WhatItDoesWhileNothingHappensChangesNoDecision) {
  const Stream stream = generated_stream(90, 2);
  const RunConfig config = model_config(folder_.path());
  RunModel model(config);
  RunWiring wiring(config, stream.instruments, model, Feeding::live);
  JournalLine journal;
  wiring.journal.write_to(&journal, &journal);
  LiveLine line({.feature_count = static_cast<std::uint32_t>(wiring.names.names().size())});
  SessionCommands commands;
  Understudy understudy(config, stream.instruments.front(), model);
  TradingParts parts = parts_of(wiring);
  parts.understudy = &understudy;
  Trader trader(line, commands, parts, true);
  for (std::span<const Event> events = stream.events; !events.empty();) {
    const auto bar = std::ranges::find(events, EventKind::bar, &Event::kind);
    const auto count = static_cast<std::size_t>(bar - events.begin()) + (bar == events.end() ? 0 : 1);
    line.take(events.first(count), {.read_ns = 1, .parsed_ns = 2});
    events = events.subspan(count);
    for (int looks = 0; looks < 70'000; ++looks) trader.work();
    journal.drain([](auto) {}, [](auto) {});
    while (const auto handle = line.next_traded()) line.give_back(*handle);
  }
  line.end();
  EXPECT_EQ(trader.work(), Work::finished);
  EXPECT_GT(understudy.bars_played(), 90u);
  EXPECT_EQ(wiring.journal.hash_hex(), decisions_on(config, stream.events, stream.instruments).hash);
}

TEST_F(LiveRunTest, RecordsWhatItSawAndWhatItDecided) {
  const Stream stream = generated_stream(60);
  LiveBench live(folder_.path(), stream.instruments);
  live.take(stream.events);
  const std::string hash = live.finish();
  const std::vector<Event> events = recorded();
  ASSERT_EQ(events.size(), stream.events.size());
  EXPECT_EQ(std::memcmp(events.data(), stream.events.data(), events.size() * sizeof(Event)), 0);
  const Decisions replayed = decisions_on(live.config(), events, stream.instruments);
  EXPECT_EQ(replayed.hash, hash);
  const std::vector<JournalRecord> records = journal();
  ASSERT_EQ(records.size(), replayed.records.size());
  EXPECT_EQ(std::memcmp(records.data(), replayed.records.data(), records.size() * sizeof(JournalRecord)), 0);
  const LiveStatus status = live.run().status();
  EXPECT_EQ(status.events, events.size());
  EXPECT_EQ(status.bars, 60u);
  EXPECT_EQ(status.recording.events, events.size());
  EXPECT_TRUE(status.recording.is_ok());
  EXPECT_FALSE(status.latency.empty());
}

TEST_F(LiveRunTest, PutsCommandsIntoTheStreamWhereItObeysThem) {
  const Stream stream = generated_stream(60);
  LiveBench live(folder_.path(), stream.instruments);
  const std::span<const Event> all = stream.events;
  live.take(all.first(all.size() / 2));
  live.run().wait_until_written();
  EXPECT_TRUE(live.run().command(SessionMark::pause));
  while (live.run().status().state != SessionMark::pause) std::this_thread::yield();
  live.take(all.subspan(all.size() / 2));
  const std::string hash = live.finish();
  const std::vector<Event> events = recorded();
  ASSERT_EQ(events.size(), all.size() + 1);
  const Event& command = events[all.size() / 2];
  EXPECT_EQ(command.kind, EventKind::session_mark);
  EXPECT_EQ(command.session.mark, SessionMark::pause);
  EXPECT_EQ(command.ts_ns, all[all.size() / 2 - 1].ts_ns);
  EXPECT_EQ(command.recv_ns, all[all.size() / 2 - 1].recv_ns);
  EXPECT_EQ(decisions_on(live.config(), events, stream.instruments).hash, hash);
}

TEST_F(LiveRunTest, FlattensByCommandAndItsReplayDoesSoToo) {
  const Stream stream = generated_stream(60);
  LiveBench live(folder_.path(), stream.instruments);
  const std::span<const Event> all = stream.events;
  // Behind the first buy, the position is open.
  const Decisions alone = decisions_on(live.config(), all, stream.instruments);
  const auto is_fill = [](const JournalRecord& record) {
    return record.kind == JournalKind::report && report_of(record).kind == ReportKind::filled;
  };
  const auto opened = std::ranges::find_if(alone.records, is_fill);
  ASSERT_NE(opened, alone.records.end());
  const auto later =
      std::ranges::find_if(all, [&](const Event& event) { return event.ts_ns > opened->ts_ns; });
  const std::size_t cut = static_cast<std::size_t>(later - all.begin()) + 7;
  live.take(all.first(cut));
  live.run().wait_until_written();
  EXPECT_TRUE(live.run().command(SessionMark::flatten));
  while (live.run().status().state != SessionMark::flatten) std::this_thread::yield();
  live.take(all.subspan(cut));
  const std::string hash = live.finish();

  const std::vector<JournalRecord> records = journal();
  const auto told = std::ranges::find(records, JournalKind::command, &JournalRecord::kind);
  ASSERT_NE(told, records.end());
  EXPECT_EQ(told[1].kind, JournalKind::order);
  EXPECT_EQ(told[1].reason, Reason::flattened);
  EXPECT_EQ(std::ranges::count(told, records.end(), JournalKind::order, &JournalRecord::kind), 1)
      << "the position is closed, and none opened";
  EXPECT_GT(std::count_if(told, records.end(), is_fill), 0);
  EXPECT_EQ(decisions_on(live.config(), recorded(), stream.instruments).hash, hash);
}

TEST_F(LiveRunTest, GoesOnFromItsRecordingAsIfItHadNeverStopped) {
  const Stream stream = generated_stream(40, 2);
  const std::span<const Event> all = stream.events;
  const std::size_t cut = all.size() * 2 / 3;
  TemporaryFolder first;
  LiveBench before(first.path(), stream.instruments);
  before.take(all.first(cut));
  before.run().wait_until_written();  // as far as this a killed one would be on the disk

  RecordingReader torn(first.path() / "session.hfr");
  EXPECT_FALSE(torn.tail().complete);
  LiveBench after(folder_.path(), stream.instruments);
  const live::FeedStart start = replay_into(after.run().sink(), torn, net::StopSignal());
  after.run().wait_until_written();
  const JournalComparison compared = compare_journals(first.path() / "journal", folder_.path() / "journal");
  EXPECT_FALSE(compared.differs);
  EXPECT_GT(compared.records, 5u);
  EXPECT_EQ(start.last_recv_ns, all[cut - 1].recv_ns);
  after.take(all.subspan(cut));
  EXPECT_EQ(after.finish(), decisions_on(after.config(), all, stream.instruments).hash);
  EXPECT_EQ(recorded().size(), all.size());
}

TEST_F(LiveRunTest, StopsGoingThroughItsRecordingWhenItIsTold) {
  const Stream stream = generated_stream(40);
  LiveBench before(folder_.path(), stream.instruments);
  before.take(stream.events);
  before.finish();
  RecordingReader recording(folder_.path() / "session.hfr");
  TemporaryFolder second;
  LiveBench after(second.path(), stream.instruments);
  net::StopSignal stop;
  stop.request();
  EXPECT_THROW(replay_into(after.run().sink(), recording, stop), net::Interrupted);
}

// Throws at the block that holds the event of that number.
class FailingWatcher final : public SessionWatcher {
 public:
  void on_block(const Block&) override { throw IoFailure("the watcher failed"); }
  void on_journal(std::span<const JournalRecord>) override {}
  void on_marks(std::span<const EquityMark>) override {}
  void on_status(const LiveStatus&) override {}
};

TEST_F(LiveRunTest, EndsWithWhatItsRecorderThrewAndHoldsNobodyUp) {
  const Stream stream = generated_stream(200);
  FailingWatcher watcher;
  LiveBench live(folder_.path(), stream.instruments, &watcher);
  for (int i = 0; i < 20; ++i) live.take(stream.events);
  EXPECT_TRUE(live.run().has_failed());
  EXPECT_THROW(live.finish(), IoFailure);
  EXPECT_GT(live.run().dropped_events(), 0u);
}

TEST_F(LiveRunTest, TheTradingThreadTakesNoMemoryFromTheHeapAfterItsFirstBlocks) {
  const Stream stream = generated_stream(60);
  const RunConfig config = paper_config();
  RunModel model(config);
  RunWiring wiring(config, stream.instruments, model);
  JournalLine journal;
  wiring.journal.write_to(&journal, &journal);
  LiveLine line({.feature_count = static_cast<std::uint32_t>(wiring.names.names().size())});
  SessionCommands commands;
  Trader trader(line, commands, parts_of(wiring));
  std::uint64_t allocations = 0, records = 0;
  std::span<const Event> events = stream.events;
  for (std::uint64_t block = 0; !events.empty();
       ++block, events = events.subspan(std::min<std::size_t>(16, events.size()))) {
    line.take(events.first(std::min<std::size_t>(16, events.size())), {.read_ns = 1, .parsed_ns = 2});
    const std::uint64_t before = thread_allocation_count;
    ASSERT_EQ(trader.work(), Work::done_some);
    if (block >= 20) allocations += thread_allocation_count - before;
    journal.drain([&](auto some) { records += some.size(); }, [](auto) {});
    line.give_back(*line.next_traded());
  }
  EXPECT_EQ(allocations, 0u);
  EXPECT_GT(records, 10u);
  EXPECT_GT(thread_allocation_count, 0u) << "nobody counts";
}

}  // namespace
}  // namespace hftsim
