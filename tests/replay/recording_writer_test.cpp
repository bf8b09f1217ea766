// What a writer promises: order, whole blocks whatever happens to it, and nothing lost without a word.
#include "replay/recording_writer.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "engine/core/errors.h"
#include "tests/replay/recording_bench.h"

namespace hftsim {
namespace {

using namespace test;
using ::testing::AllOf;
using ::testing::HasSubstr;

using RecordingWriterTest = RecordingTest;

TEST_F(RecordingWriterTest, RefusesEventsThatGoBackAndKeepsNothingOfThatCall) {
  for (const EventOrder order : {EventOrder::exchange, EventOrder::receive}) {
    auto events = make_events(6, 1, 2, order);
    RecordingWriter writer(path_, recording_header(2, order));
    writer.append(std::span(events).first(3));
    (order == EventOrder::exchange ? events[4].ts_ns : events[4].recv_ns) -= 1'000'000'000;
    EXPECT_THAT(message_of([&] { writer.append(std::span(events).subspan(3)); }),
                AllOf(HasSubstr(path_.string()), HasSubstr("event 4"), HasSubstr("never goes back")));
    writer.append(std::span(events).subspan(3, 1));
    EXPECT_THROW(writer.append(std::span(events).subspan(4, 1)), BadInput) << "over the border of two calls";
    writer.close();
    RecordingReader reader(path_);
    EXPECT_TRUE(same_bytes(read_all(reader), std::span(events).first(4)));
  }
}

TEST_F(RecordingWriterTest, RefusesUnknownKindsAndInstruments) {
  auto events = make_events(2);
  RecordingWriter writer(path_, recording_header());
  events[1].instrument = 2;
  EXPECT_THAT(message_of([&] { writer.append(events); }), HasSubstr("instrument 2 of 2"));
  events[1].instrument = 1;
  events[1].kind = static_cast<EventKind>(9);
  EXPECT_THAT(message_of([&] { writer.append(events); }), HasSubstr("kind 9"));
}

TEST_F(RecordingWriterTest, RefusesHeadersThatNoReaderWouldTakeBeforeItTouchesTheFile) {
  write_bytes(path_, Bytes(3, 'x'));
  RecordingHeader header = recording_header();
  header.instruments[1].symbol = header.instruments[0].symbol;
  EXPECT_THAT(message_of([&] { RecordingWriter(path_, header); }), HasSubstr("SYM0 twice"));
  header.instruments[1].symbol = "";
  EXPECT_THROW(RecordingWriter(path_, header), BadInput);
  header = recording_header();
  header.instruments[0].price_step.units = 0;
  EXPECT_THROW(RecordingWriter(path_, header), BadInput);
  EXPECT_THROW(RecordingWriter(path_, recording_header(), {.block_events = 0}), BadInput);
  EXPECT_THROW(RecordingWriter(path_, recording_header(), {.zstd_level = 99}), BadInput);
  EXPECT_EQ(bytes_of(path_).size(), 3u);
}

TEST_F(RecordingWriterTest, HoldsAfterAFlushWhatWasAppendedBeforeIt) {
  const auto events = make_events(8);
  RecordingWriter writer(path_, recording_header());
  writer.append(std::span(events).first(7));
  writer.flush();
  writer.append(std::span(events).subspan(7));
  RecordingReader reader(path_);
  EXPECT_TRUE(same_bytes(read_all(reader), std::span(events).first(7)));
  EXPECT_FALSE(reader.tail().complete);
  EXPECT_EQ(reader.tail().lost_bytes, 0u);
  EXPECT_THAT(reader.tail().describe(), HasSubstr("did not close"));
}

TEST_F(RecordingWriterTest, ADestroyedWriterKeepsItsEventsButIsNotComplete) {
  const auto events = make_events(8);
  write_recording(path_, events, recording_header(), {}, false);
  RecordingReader reader(path_);
  EXPECT_TRUE(same_bytes(read_all(reader), events));
  EXPECT_FALSE(reader.tail().complete);
}

TEST_F(RecordingWriterTest, ABlockSpansLessTimeThanAsked) {
  const auto events = make_events(2000);
  const RecordingOptions options{.block_events = 50, .block_span = Duration(20'000'000)};
  RecordingWriter writer(path_, recording_header(), options);
  for (std::size_t at = 0; at < events.size(); at += 7) {
    writer.append(std::span(events).subspan(at, std::min<std::size_t>(7, events.size() - at)));
  }
  writer.close();
  RecordingReader reader(path_);
  ASSERT_GT(reader.blocks().size(), 60u);
  for (std::size_t b = 0; b < reader.blocks().size(); ++b) {
    const RecordingIndexEntry& entry = reader.blocks()[b];
    EXPECT_LT(entry.last_ns - entry.first_ns, options.block_span.value);
    EXPECT_LE(reader.events_in_block(b), 50u);
    if (b > 0 && reader.events_in_block(b - 1) < 50) {
      EXPECT_GE(entry.first_ns, reader.blocks()[b - 1].first_ns + options.block_span.value)
          << "closed too early";
    }
  }
  EXPECT_TRUE(same_bytes(read_all(reader), events));
}

TEST_F(RecordingWriterTest, TakesFurtherInstrumentsWhileItWrites) {
  const RecordingHeader all = recording_header(3);
  auto events = make_events(40, 1, 3);
  for (Event& event : std::span(events).first(20)) event.instrument = 0;
  for (const bool close : {true, false}) {
    RecordingWriter writer(path_, recording_header(1), {.block_events = 16});
    writer.append(std::span(events).first(20));
    EXPECT_THROW(writer.append(make_events(1, 2, 1 + 2)), BadInput)
        << "of an instrument that is not there yet";
    EXPECT_EQ(writer.add_instruments(std::span(all.instruments).subspan(1)), 1);
    EXPECT_THROW(writer.add_instruments(std::span(all.instruments).first(1)), BadInput);
    writer.append(std::span(events).subspan(20));
    close ? writer.close() : writer.flush();
    RecordingReader reader(path_);
    ASSERT_EQ(reader.header().instruments.size(), 3u);
    EXPECT_EQ(reader.header().instruments[2].symbol, "SYM2");
    EXPECT_TRUE(same_bytes(read_all(reader), events));
  }
}

TEST_F(RecordingWriterTest, LeavesARecordingThatSomebodyReadsAsItIs) {
  const auto events = make_events(3000), others = make_events(10, 7);
  write_recording(path_, events);
  RecordingReader reader(path_);
  write_recording(path_, others);
  EXPECT_TRUE(same_bytes(read_all(reader), events));
  RecordingReader next(path_);
  EXPECT_TRUE(same_bytes(read_all(next), others));
}

TEST_F(RecordingWriterTest, WritesTheFileBehindALink) {
  const auto link = folder_.path() / "link.hfr";
  std::filesystem::create_symlink("events.hfr", link);
  write_recording(link, make_events(3));
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_EQ(RecordingReader(path_).event_count(), 3u);
}

TEST_F(RecordingWriterTest, SyncPoliciesChangeNoByte) {
  const auto events = make_events(100);
  write_recording(path_, events, recording_header(), {.block_events = 9});
  const Bytes bytes = bytes_of(path_);
  for (const SyncPolicy sync : {SyncPolicy::block, SyncPolicy::close}) {
    write_recording(path_, events, recording_header(), {.block_events = 9, .sync = sync});
    EXPECT_TRUE(bytes == bytes_of(path_));
  }
}

TEST(RecordingWriterOnDevices, SaysThatTheDiskIsFull) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  EXPECT_THAT(message_of([] { RecordingWriter("/dev/full", recording_header()); }),
              AllOf(HasSubstr("/dev/full"), HasSubstr("No space left")));
}

TEST_F(RecordingWriterTest, StaysReadableWhenTheDiskFillsUp) {
  const auto events = make_events(100);
  write_recording(path_, {}, recording_header(), {}, false);
  const auto header_bytes = std::filesystem::file_size(path_);
  const rlim_t limit = header_bytes + 7 * (64 + 64 + 5 * 64) + 100;
  {
    // The limit and the signal are the process's, so a child does the writing.
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      std::signal(SIGXFSZ, SIG_IGN);
      const rlimit file_size{limit, limit};
      ::setrlimit(RLIMIT_FSIZE, &file_size);
      RecordingWriter writer(path_, recording_header(), {.block_events = 5});
      const std::string first = message_of([&] { writer.append(events); });
      const std::string second = message_of([&] { writer.close(); });
      const bool told = first.find(path_.string()) != std::string::npos &&
                        first.find("File too large") != std::string::npos &&
                        first.find("35 events") != std::string::npos && second == first;
      ::_exit(told ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0) << "the message lacks the path, the reason or how many events can be read";
  }
  RecordingReader reader(path_);
  EXPECT_TRUE(same_bytes(read_all(reader), std::span(events).first(35)));
  EXPECT_FALSE(reader.tail().complete);
  EXPECT_EQ(reader.tail().lost_bytes, 0u) << "cut back to the last whole block";
}

TEST_F(RecordingWriterTest, LosesNothingWhereTheDiskHasRoomAgain) {
  const auto events = make_events(100);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    RecordingWriter writer(path_, recording_header(), {.block_events = 5});
    const rlimit full{writer.bytes() + 7 * (64 + 64 + 5 * 64) + 100, RLIM_INFINITY},
        roomy{RLIM_INFINITY, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &full);
    const bool failed = !message_of([&] { writer.append(events); }).empty();
    const std::uint64_t taken = writer.event_count();
    writer.retry();
    const bool again = !message_of([&] { writer.flush(); }).empty() && writer.event_count() == taken;
    ::setrlimit(RLIMIT_FSIZE, &roomy);
    writer.retry();
    writer.append(std::span(events).subspan(taken));
    writer.close();
    ::_exit(failed && again && taken == 40 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  RecordingReader reader(path_);
  EXPECT_TRUE(same_bytes(read_all(reader), events));
  EXPECT_TRUE(reader.tail().complete);
}

// How many events the finished blocks hold; so long that a pipe of one page holds few of them, and the writer is never
// far ahead of whoever kills it.
struct Told {
  std::uint64_t events = 0;
  std::array<std::uint64_t, 63> padding{};
};

// The child tells through a pipe how many events its finished blocks hold; everything it told of is there.
TEST_F(RecordingWriterTest, KilledAtAnyInstantItLosesAtMostTheOpenBlock) {
  constexpr std::size_t kEvents = 20'000, kBlock = 32;
  const auto events = make_events(kEvents);
  RandomStream random(5, "kills");
  std::size_t torn = 0, cut_short = 0;
  for (int kill = 0; kill < 100; ++kill) {
    int told[2];
    ASSERT_EQ(::pipe(told), 0);
    ASSERT_GE(::fcntl(told[1], F_SETPIPE_SZ, 4096), 4096);
    const std::uint64_t kill_after = random.below(kEvents / kBlock);  // blocks
    const auto wait_us = static_cast<useconds_t>(random.below(100));
    const int level = kill % 2 == 0 ? 0 : 1;
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      RecordingWriter writer(path_, recording_header(), {.block_events = kBlock, .zstd_level = level});
      for (std::size_t at = 0; at < kEvents; at += kBlock) {
        writer.append(std::span(events).subspan(at, kBlock));
        const Told whole{.events = at + kBlock};
        if (::write(told[1], &whole, sizeof whole) != sizeof whole) ::_exit(1);
      }
      ::pause();
    }
    ::close(told[1]);
    std::uint64_t whole = 0;
    Told last;
    for (std::uint64_t block = 0; block <= kill_after; ++block) {
      ASSERT_EQ(::read(told[0], &last, sizeof last), static_cast<ssize_t>(sizeof last));
      whole = last.events;
    }
    ::usleep(wait_us);  // into the middle of a block
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    while (::read(told[0], &last, sizeof last) == static_cast<ssize_t>(sizeof last)) whole = last.events;
    ::close(told[0]);

    RecordingReader reader(path_);
    const std::vector<Event> read = read_all(reader);
    ASSERT_GE(read.size(), whole);
    ASSERT_TRUE(same_bytes(read, std::span(events).first(read.size())));
    EXPECT_FALSE(reader.tail().complete);
    torn += reader.tail().lost_bytes > 0 ? 1 : 0;
    cut_short += read.size() < kEvents ? 1 : 0;
  }
  EXPECT_GT(cut_short, 50u) << "most children have to be in the middle of writing when they are killed";
  std::printf("of 100 kills %zu came while it wrote, %zu left a torn block\n", cut_short, torn);
}

}  // namespace
}  // namespace hftsim
