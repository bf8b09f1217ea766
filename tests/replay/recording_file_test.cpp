// What is written is what is read, and what was damaged is refused or said to be lost.
#include <gmock/gmock.h>

#include "engine/core/errors.h"
#include "replay/crc32c.h"
#include "replay/recording_generated.h"
#include "tests/replay/recording_bench.h"
#include "tests/replay/recording_damage.h"

namespace hftsim {
namespace {

using namespace test;
using ::testing::AllOf;
using ::testing::HasSubstr;

using RecordingFile = RecordingTest;

constexpr std::uint32_t kBlock = 5;

TEST_F(RecordingFile, GivesBackEveryKindWhateverTheBlocksBatchesAndCodecs) {
  for (const std::size_t count : {0, 1, 4, 5, 6, 10, 237, 9000}) {
    const auto events = make_events(count, count);
    for (const RecordingOptions& options :
         {RecordingOptions{.block_events = 5}, RecordingOptions{.block_events = 1, .zstd_level = 1},
          RecordingOptions{}, RecordingOptions{.block_events = 4000, .zstd_level = 3}}) {
      if (count > 1000 && options.block_events == 1) continue;
      RecordingWriter writer(path_, recording_header(), options);
      for (std::size_t at = 0, batch = 1; at < count; at += batch, batch = batch * 2 + 1) {
        writer.append(std::span(events).subspan(at, std::min(batch, count - at)));
      }
      EXPECT_EQ(writer.event_count(), count);
      writer.close();
      for (const RecordingAccess access : {RecordingAccess::mapped, RecordingAccess::copied}) {
        for (const bool use_index : {true, false}) {
          RecordingReader reader(path_, {.access = access, .use_index = use_index});
          EXPECT_EQ(reader.event_count(), count);
          EXPECT_TRUE(same_bytes(read_all(reader), events))
              << count << " in blocks of " << options.block_events;
          EXPECT_TRUE(reader.tail().complete);
          reader.seek_event(0);
          EXPECT_TRUE(same_bytes(read_all(reader), events)) << "a second time";
        }
      }
    }
  }
}

TEST_F(RecordingFile, KeepsWhatItSaysOfItself) {
  RecordingHeader header = recording_header(3, EventOrder::receive);
  header.recv_correction_ns = -1'500'000;
  header.source = "usdm \"BTCUSDT\" \xc3\xa9";
  header.created_by = "hftsim 1.2.3";
  header.instruments[1].price_step = {25, 18};
  header.instruments[1].min_notional = 5.5;
  header.instruments[1].lot_size = 0.001;
  header.instruments[1].bar_interval = Duration(0);
  write_recording(path_, {}, header);
  const RecordingReader reader(path_);
  const RecordingHeader& read = reader.header();
  EXPECT_EQ(read.order, EventOrder::receive);
  EXPECT_EQ(read.recv_correction_ns, -1'500'000);
  EXPECT_EQ(read.source, header.source);
  EXPECT_EQ(read.created_by, "hftsim 1.2.3");
  ASSERT_EQ(read.instruments.size(), 3u);
  EXPECT_EQ(read.instruments[2].symbol, "SYM2");
  EXPECT_EQ(read.instruments[1].price_step, (DecimalStep{25, 18}));
  EXPECT_EQ(read.instruments[1].quantity_step, (DecimalStep{5, 3}));
  EXPECT_EQ(read.instruments[1].min_notional, 5.5);
  EXPECT_EQ(read.instruments[1].lot_size, 0.001);
  EXPECT_EQ(read.instruments[1].tick_size, 0.01);
  EXPECT_EQ(read.instruments[1].bar_interval.value, 0);
}

TEST_F(RecordingFile, HoldsFlatBuffersThatOthersReadByTheSchema) {
  const auto events = make_events(3);
  write_recording(path_, events);
  const RecordingReader reader(path_);
  const Bytes bytes = bytes_of(path_);
  const char* payload = bytes.data() + reader.blocks().front().offset + sizeof(RecordingBlockHeader);
  ASSERT_TRUE(flatbuffers::BufferHasIdentifier(payload, "HFRE"));
  const auto* block = flatbuffers::GetRoot<recording::EventBlock>(payload);
  ASSERT_EQ(block->events()->size(), 3u);
  for (std::uint32_t i = 0; i < 3; ++i) {
    const recording::Event& read = *block->events()->Get(i);
    EXPECT_EQ(read.ts_ns(), events[i].ts_ns);
    EXPECT_EQ(read.recv_ns(), events[i].recv_ns);
    EXPECT_EQ(read.detail(), events[i].trades);
    EXPECT_EQ(read.instrument(), events[i].instrument);
    EXPECT_EQ(read.kind(), static_cast<std::uint8_t>(events[i].kind));
    EXPECT_EQ(read.flags(), events[i].flags);
    std::uint64_t words[5];
    std::memcpy(words, &events[i].bar, sizeof words);
    for (std::uint16_t w = 0; w < 5; ++w) EXPECT_EQ(read.body()->Get(w), words[w]);
  }
}

TEST_F(RecordingFile, HasTheSameBytesForTheSameInput) {
  for (const int level : {0, 3}) {
    const auto events = make_events(1000);
    write_recording(path_, events, recording_header(), {.block_events = 64, .zstd_level = level});
    const Bytes once = bytes_of(path_);
    RecordingWriter writer(path_, recording_header(), {.block_events = 64, .zstd_level = level});
    for (const Event& event : events) writer.append({&event, 1});
    writer.close();
    EXPECT_TRUE(once == bytes_of(path_)) << "one by one";
  }
}

TEST_F(RecordingFile, EventsLieOnCacheLinesOfTheMappedFile) {
  write_recording(path_, make_events(20), recording_header(), {.block_events = kBlock});
  RecordingReader reader(path_);
  for (auto events = reader.next(); !events.empty(); events = reader.next()) {
    EXPECT_TRUE(reader.in_place());
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(events.data()) % 64, 0u);
  }
}

TEST_F(RecordingFile, CutAnywhereGivesEveryWholeBlockAndSaysWhatIsLost) {
  const auto events = make_events(12);  // blocks of 5, 5 and 2
  for (const int level : {0, 3}) {
    write_recording(path_, events, recording_header(), {.block_events = kBlock, .zstd_level = level});
    const Bytes whole = bytes_of(path_);
    std::vector<std::uint64_t> ends;
    {
      RecordingReader reader(path_);
      ends.push_back(reader.blocks().front().offset);
      for (std::size_t b = 0; b < 3; ++b) {
        ends.push_back(reader.blocks()[b].offset + 64 + padded_size(reader.block_header(b).stored_bytes));
      }
    }
    for (std::size_t size = 0; size < whole.size(); ++size) {
      write_bytes(path_, std::span(whole).first(size));
      if (size < ends.front()) {
        EXPECT_NE(message_of([&] { RecordingReader{path_}; }), "") << size;
        continue;
      }
      const auto end = std::upper_bound(ends.begin(), ends.end(), size) - 1;
      const auto expected =
          std::min<std::size_t>(static_cast<std::size_t>(end - ends.begin()) * kBlock, events.size());
      RecordingReader reader(path_);
      EXPECT_EQ(reader.event_count(), expected) << size;
      EXPECT_TRUE(same_bytes(read_all(reader), std::span(events).first(expected))) << size;
      EXPECT_FALSE(reader.tail().complete);
      EXPECT_EQ(reader.tail().lost_bytes, size - *end);
    }
  }
}

TEST_F(RecordingFile, RefusesAFlippedBitWhereverItIs) {
  for (const int level : {0, 3}) {
    const auto events = make_events(12);
    {
      RecordingWriter writer(path_, recording_header(1), {.block_events = kBlock, .zstd_level = level});
      auto first = events;
      for (Event& event : first) event.instrument = 0;
      writer.append(std::span(first).first(7));
      const RecordingHeader both = recording_header(2);
      writer.add_instruments(std::span(both.instruments).subspan(1));
      writer.append(std::span(events).subspan(7));
      writer.close();
    }
    const Bytes whole = bytes_of(path_);
    for (std::size_t i = 0; i < whole.size(); ++i) {
      Bytes damaged = whole;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << (i % 8)));
      write_bytes(path_, damaged);
      const std::string message = message_of([&] {
        RecordingReader reader(path_);
        read_all(reader);
      });
      ASSERT_THAT(message, HasSubstr(path_.string())) << "byte " << i;
      if (i >= sizeof(RecordingFileHeader)) {
        ASSERT_THAT(message, HasSubstr("at byte")) << "byte " << i;
      }
    }
  }
}

TEST_F(RecordingFile, NamesTheDamagedBlockAndItsOffsetAfterGivingThoseBeforeIt) {
  const auto events = make_events(12);
  write_recording(path_, events, recording_header(), {.block_events = kBlock});
  const std::uint64_t offset = RecordingReader(path_).blocks()[1].offset;
  Bytes bytes = bytes_of(path_);
  bytes[offset + 64 + 64 + 9] ^= 1;
  write_bytes(path_, bytes);
  RecordingReader reader(path_);
  EXPECT_TRUE(same_bytes(reader.next(), std::span(events).first(kBlock)));
  const auto damaged = AllOf(HasSubstr(path_.string()), HasSubstr("events block 1"),
                             HasSubstr("byte " + std::to_string(offset)), HasSubstr("CRC32C"));
  EXPECT_THAT(message_of([&] { reader.next(); }), damaged);
  EXPECT_THAT(message_of([&] { reader.next(); }), damaged) << "again, not what follows";
  reader.seek_event(10);
  EXPECT_TRUE(same_bytes(reader.next(), std::span(events).subspan(10))) << "what is whole can be read";
}

TEST_F(RecordingFile, NeverGivesAWrongEventWhateverWasDoneToItsBytes) {
  const auto events = make_events(200);
  for (const int level : {0, 3}) {
    write_recording(path_, events, recording_header(), {.block_events = 16, .zstd_level = level});
    const Bytes whole = bytes_of(path_);
    RandomStream random(3, "damage");
    for (int round = 0; round < 1500; ++round) {
      write_bytes(path_, mutated(whole, random));
      expect_prefix_or_refusal(path_, events);
    }
  }
}

// Checksums made right again: what comes then may be any events, but known kinds, instruments and no step back.
TEST_F(RecordingFile, GivesOnlyValidEventsWhoeverMadeTheFile) {
  const auto events = make_events(200);
  for (const int level : {0, 3}) {
    write_recording(path_, events, recording_header(), {.block_events = 16, .zstd_level = level});
    const Bytes whole = bytes_of(path_);
    RandomStream random(4, "forgery");
    int read = 0;
    for (int round = 0; round < 3000; ++round) {
      Bytes bytes = mutated(whole, random);
      make_checksums_right(bytes);
      write_bytes(path_, bytes);
      read += expect_valid_or_refusal(path_);
    }
    EXPECT_GT(read, 50) << "some forgeries have to come through, or nothing but checksums was tried";
  }
}

TEST_F(RecordingFile, RefusesABlockThatClaimsMoreThanBlocksHave) {
  write_recording(path_, make_events(12), recording_header(), {.block_events = kBlock}, false);
  const Bytes whole = bytes_of(path_);
  const std::uint64_t offset = RecordingReader(path_).blocks()[1].offset;
  const auto refusal_with = [&](auto change) {
    Bytes bytes = whole;
    RecordingBlockHeader header;
    std::memcpy(&header, bytes.data() + offset, sizeof header);
    change(header);
    std::memcpy(bytes.data() + offset, &header, sizeof header);
    make_checksums_right(bytes);
    write_bytes(path_, bytes);
    return message_of([&] {
      RecordingReader reader(path_);
      read_all(reader);
    });
  };
  EXPECT_EQ(refusal_with([](auto&) {}), "");
  EXPECT_THAT(refusal_with([](auto& h) { h.event_count = 0xffffffff; }), HasSubstr("4294967295 events"));
  EXPECT_THAT(refusal_with([](auto& h) { h.raw_bytes = 0xffffffff; }), HasSubstr("4294967295 bytes"));
  EXPECT_THAT(refusal_with([](auto& h) { h.codec = RecordingCodec::zstd; }), HasSubstr("stored"));
  EXPECT_THAT(refusal_with([](auto& h) { h.number = 7; }), HasSubstr("block 7"));
  EXPECT_THAT(refusal_with([](auto& h) { h.first_event = 2; }), HasSubstr("2 events come before"));
  EXPECT_THAT(refusal_with([](auto& h) { h.first_ns = 1; }), HasSubstr("go back"));
}

TEST_F(RecordingFile, RefusesWhatIsNotOurs) {
  write_bytes(path_, {});
  EXPECT_FALSE(is_recording(path_));
  EXPECT_THAT(message_of([&] { RecordingReader{path_}; }), HasSubstr("0 bytes"));
  write_bytes(path_, Bytes(4096, 'x'));
  EXPECT_FALSE(is_recording(path_));
  EXPECT_THAT(message_of([&] { RecordingReader{path_}; }), HasSubstr("another kind of file"));
  EXPECT_THAT(message_of([&] { RecordingReader{folder_.path()}; }), HasSubstr("a directory"));
  EXPECT_THAT(message_of([&] { RecordingReader{folder_.path() / "none"}; }), HasSubstr("No such file"));
  EXPECT_FALSE(is_recording(folder_.path() / "none"));
  write_recording(path_, {});
  EXPECT_TRUE(is_recording(path_));
  Bytes bytes = bytes_of(path_);
  bytes[8] = 2;
  make_checksums_right(bytes);
  write_bytes(path_, bytes);
  EXPECT_THAT(message_of([&] { RecordingReader{path_}; }), HasSubstr("version 2"));
}

TEST_F(RecordingFile, NoticesThatItWasCutWhileItIsRead) {
  for (const RecordingAccess access : {RecordingAccess::mapped, RecordingAccess::copied}) {
    write_recording(path_, make_events(20), recording_header(), {.block_events = kBlock});
    RecordingReader reader(path_, {.access = access});
    EXPECT_EQ(reader.next().size(), kBlock);
    std::filesystem::resize_file(path_, reader.blocks()[2].offset);
    EXPECT_THAT(message_of([&] { read_all(reader); }), HasSubstr("was cut while it was read"));
  }
}

}  // namespace
}  // namespace hftsim
