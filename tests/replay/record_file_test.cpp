#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <fstream>
#include <functional>

#include "engine/core/errors.h"
#include "engine/core/rng.h"
#include "replay/crc32c.h"
#include "replay/equity_file.h"
#include "replay/journal_file.h"
#include "tests/replay/temporary_folder.h"

namespace hftsim {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using Bytes = std::vector<char>;

constexpr std::uint32_t kBlockMarks = 5;
constexpr std::uint32_t kBlockBytes = kBlockMarks * sizeof(EquityMark);

std::vector<EquityMark> make_marks(std::size_t count, std::uint64_t seed = 1) {
  RandomStream random(seed, "marks");
  std::vector<EquityMark> marks(count);
  std::int64_t ts_ns = 1'700'000'000'000'000'000;
  for (EquityMark& mark : marks)
    mark = {ts_ns += 60'000'000'000, random.normal(), random.normal(), random.uniform()};
  return marks;
}

bool same_bytes(std::span<const EquityMark> a, std::span<const EquityMark> b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
}

template <class Record>
std::vector<Record> read_all(RecordReader<Record>& reader) {
  std::vector<Record> all;
  for (auto records = reader.next(); !records.empty(); records = reader.next())
    all.insert(all.end(), records.begin(), records.end());
  return all;
}

Bytes bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_bytes(const std::filesystem::path& path, std::span<const char> bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

class RecordFile : public ::testing::Test {
 protected:
  void write(std::span<const EquityMark> marks, bool close = true) {
    RecordWriter<EquityMark> writer(path_, kBlockBytes);
    writer.append(marks);
    if (close) writer.close();
  }

  // What the file's bytes are refused with; "" where they are read.
  std::string refusal() {
    return message_of([&] {
      RecordReader<EquityMark> reader(path_);
      read_all(reader);
    });
  }

  // Changes the file header, CRC made right again, and returns what it is refused with.
  std::string refusal_of(const std::function<void(RecordFileHeader&)>& change) {
    write(make_marks(3));
    Bytes bytes = bytes_of(path_);
    RecordFileHeader header;
    std::memcpy(&header, bytes.data(), sizeof header);
    change(header);
    header.crc = crc32c(std::as_bytes(std::span(&header, 1)).first(sizeof header - 4));
    std::memcpy(bytes.data(), &header, sizeof header);
    write_bytes(path_, bytes);
    return refusal();
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "equity";
};

TEST(Crc32c, EqualsThePublishedCheckValues) {
  const auto crc_of = [](std::string_view text) {
    return crc32c(std::as_bytes(std::span(text)));
  };
  EXPECT_EQ(crc_of("123456789"), 0xe3069283);
  EXPECT_EQ(crc_of(std::string(32, '\0')), 0x8a9136aa);  // RFC 3720, B.4
  EXPECT_EQ(crc_of(std::string(32, '\xff')), 0x62a8ab43);
  EXPECT_EQ(crc_of(""), 0u);
}

TEST_F(RecordFile, GivesBackWhatWasWrittenWhateverTheBatches) {
  for (const std::size_t count : {0, 1, 4, 5, 6, 10, 237}) {
    const auto marks = make_marks(count);
    for (const std::size_t batch : {1, 3, 5, 100}) {
      RecordWriter<EquityMark> writer(path_, kBlockBytes);
      for (std::size_t i = 0; i < count; i += batch)
        writer.append(std::span(marks).subspan(i, std::min(batch, count - i)));
      EXPECT_EQ(writer.record_count(), count);
      writer.close();
      RecordReader<EquityMark> reader(path_);
      EXPECT_EQ(reader.count(), count);
      EXPECT_TRUE(same_bytes(read_all(reader), marks)) << count << " in batches of " << batch;
      EXPECT_TRUE(reader.tail().complete);
      EXPECT_TRUE(reader.next().empty());
      reader.rewind();
      EXPECT_TRUE(same_bytes(read_all(reader), marks)) << "a second time";
    }
  }
}

TEST_F(RecordFile, HoldsAfterAFlushWhatWasAppendedBeforeIt) {
  const auto marks = make_marks(8);
  RecordWriter<EquityMark> writer(path_, kBlockBytes);
  writer.append(std::span(marks).first(7));
  writer.flush();
  writer.append(marks[7]);
  RecordReader<EquityMark> reader(path_);
  EXPECT_TRUE(same_bytes(read_all(reader), std::span(marks).first(7)));
  EXPECT_FALSE(reader.tail().complete);
  EXPECT_EQ(reader.tail().lost_bytes, 0u);
  EXPECT_THAT(reader.tail().describe(), HasSubstr("did not close"));
}

TEST_F(RecordFile, CutAnywhereGivesEveryWholeBlockAndSaysWhatIsLost) {
  const auto marks = make_marks(12);  // blocks of 5, 5 and 2
  write(marks);
  const Bytes whole = bytes_of(path_);
  constexpr std::size_t kBlock = sizeof(RecordBlockHeader) + kBlockBytes;
  constexpr std::size_t kFirst = sizeof(RecordFileHeader);
  const std::size_t block_ends[] = {kFirst, kFirst + kBlock, kFirst + 2 * kBlock,
                                    kFirst + 2 * kBlock + sizeof(RecordBlockHeader) + 2 * sizeof(EquityMark)};
  ASSERT_EQ(whole.size(), block_ends[3] + sizeof(RecordBlockHeader));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    write_bytes(path_, std::span(whole).first(size));
    if (size < kFirst) {
      EXPECT_THAT(refusal(), HasSubstr(std::to_string(size) + " bytes"));
      continue;
    }
    const auto end = std::upper_bound(std::begin(block_ends), std::end(block_ends), size) - 1;
    const auto expected =
        std::min<std::size_t>(static_cast<std::size_t>(end - block_ends) * kBlockMarks, marks.size());
    RecordReader<EquityMark> reader(path_);
    EXPECT_EQ(reader.count(), expected) << size;
    EXPECT_TRUE(same_bytes(read_all(reader), std::span(marks).first(expected))) << size;
    EXPECT_FALSE(reader.tail().complete);
    EXPECT_EQ(reader.tail().lost_bytes, size - *end);
  }
}

TEST_F(RecordFile, RefusesAFlippedBitWhereverItIs) {
  write(make_marks(12));
  const Bytes whole = bytes_of(path_);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const int bit = static_cast<int>(i % 8);
    Bytes damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
    write_bytes(path_, damaged);
    ASSERT_NE(refusal(), "") << "byte " << i << " bit " << bit;
  }
}

TEST_F(RecordFile, ReadsNothingOutOfBoundsWhateverTheBytes) {
  write(make_marks(12));
  const Bytes whole = bytes_of(path_);
  RandomStream random(3, "damage");
  for (int round = 0; round < 1000; ++round) {
    Bytes damaged = whole;
    const std::size_t from = random.below(2) == 0 ? sizeof(RecordFileHeader) : 0;
    for (std::uint64_t n = 1 + random.below(40); n > 0; --n)
      damaged[from + random.below(damaged.size() - from)] = static_cast<char>(random.below(256));
    damaged.resize(random.below(damaged.size() + 1));
    write_bytes(path_, damaged);
    refusal();  // a sanitizer or a crash would speak
  }
}

TEST_F(RecordFile, NamesTheDamagedBlockAndItsOffsetAfterGivingThoseBeforeIt) {
  const auto marks = make_marks(12);
  write(marks);
  Bytes bytes = bytes_of(path_);
  const std::size_t offset = sizeof(RecordFileHeader) + sizeof(RecordBlockHeader) + kBlockBytes;
  bytes[offset + sizeof(RecordBlockHeader) + 9] ^= 1;
  write_bytes(path_, bytes);
  RecordReader<EquityMark> reader(path_);
  EXPECT_TRUE(same_bytes(reader.next(), std::span(marks).first(kBlockMarks)));
  EXPECT_THAT(message_of([&] { reader.next(); }),
              AllOf(HasSubstr(path_.string()), HasSubstr("block 1"),
                    HasSubstr("byte " + std::to_string(offset)), HasSubstr("CRC32C")));
}

TEST_F(RecordFile, RefusesABlockThatClaimsMoreRecordsThanBlocksHave) {
  write(make_marks(3));
  Bytes bytes = bytes_of(path_);
  RecordBlockHeader header;
  std::memcpy(&header, bytes.data() + sizeof(RecordFileHeader), sizeof header);
  header.count = 0xffffffff;
  header.crc = crc32c(std::as_bytes(std::span(&header, 1)).first(sizeof header - 4));
  std::memcpy(bytes.data() + sizeof(RecordFileHeader), &header, sizeof header);
  write_bytes(path_, bytes);
  EXPECT_THAT(refusal(), HasSubstr("4294967295"));
}

TEST_F(RecordFile, RefusesWhatIsNotOurs) {
  write_bytes(path_, {});
  EXPECT_THAT(refusal(), HasSubstr("0 bytes"));
  write_bytes(path_, Bytes(4096, 'x'));
  EXPECT_THAT(refusal(), HasSubstr("another kind of file"));
  EXPECT_THAT(message_of([&] { RecordReader<EquityMark>{folder_.path()}; }), HasSubstr("a directory"));
  EXPECT_THAT(message_of([&] { RecordReader<EquityMark>{folder_.path() / "none"}; }),
              HasSubstr("No such file"));
  EXPECT_THROW(RecordReader<EquityMark>{"/dev/zero"}, BadInput);
}

TEST_F(RecordFile, RefusesOtherVersionsAndTypes) {
  write(make_marks(3));
  EXPECT_THAT(message_of([&] { JournalFileReader{path_}; }),
              AllOf(HasSubstr("EquityMark"), HasSubstr("JournalRecord")));
  EXPECT_THAT(refusal_of([](auto& header) { header.format_version = 2; }), HasSubstr("format version 2"));
  EXPECT_THAT(refusal_of([](auto& header) { header.record_version = 9; }), HasSubstr("version 9"));
  EXPECT_THAT(refusal_of([](auto& header) { header.record_size = 64; }), HasSubstr("64 bytes"));
  EXPECT_THAT(refusal_of([](auto& header) { header.block_capacity = 0; }), HasSubstr("blocks of 0"));
  EXPECT_THAT(refusal_of([](auto& header) { header.block_capacity = 1 << 30; }), HasSubstr("blocks of"));
  EXPECT_EQ(refusal_of([](auto&) {}), "") << "the change itself is not what is refused";
}

TEST(RecordWriter, SaysThatTheDiskIsFull) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  EXPECT_THAT(message_of([] { RecordWriter<EquityMark>{std::filesystem::path("/dev/full")}; }),
              AllOf(HasSubstr("/dev/full"), HasSubstr("No space left")));
}

TEST_F(RecordFile, StaysReadableWhenTheDiskFillsUp) {
  const auto marks = make_marks(100);
  const rlim_t limit = sizeof(RecordFileHeader) + 7 * (sizeof(RecordBlockHeader) + kBlockBytes) + 100;
  std::string first, second;
  {
    // The limit and the signal are the process's, so a child does the writing.
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      std::signal(SIGXFSZ, SIG_IGN);
      const rlimit file_size{limit, limit};
      ::setrlimit(RLIMIT_FSIZE, &file_size);
      RecordWriter<EquityMark> writer(path_, kBlockBytes);
      first = message_of([&] { writer.append(marks); });
      second = message_of([&] { writer.close(); });
      const bool told = first.find(path_.string()) != std::string::npos &&
                        first.find("File too large") != std::string::npos &&
                        first.find("35 records") != std::string::npos && second == first;
      ::_exit(told ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0) << "the message lacks the path, the reason or how many records can be read";
  }
  RecordReader<EquityMark> reader(path_);
  EXPECT_TRUE(same_bytes(read_all(reader), std::span(marks).first(35)));
  EXPECT_FALSE(reader.tail().complete);
}

TEST_F(RecordFile, ADestroyedWriterKeepsItsRecordsButIsNotComplete) {
  const auto marks = make_marks(8);
  write(marks, false);
  RecordReader<EquityMark> reader(path_);
  EXPECT_TRUE(same_bytes(read_all(reader), marks));
  EXPECT_FALSE(reader.tail().complete);
}

TEST_F(RecordFile, HoldsAJournal) {
  std::vector<JournalRecord> records(3000);
  for (std::size_t i = 0; i < records.size(); ++i) {
    records[i].ts_ns = static_cast<std::int64_t>(i);
    records[i].order_id = i * i;
    records[i].kind = JournalKind::order;
  }
  JournalFile file(path_);
  JournalSink& sink = file;
  sink.write(std::span(records).first(1234));
  sink.write(std::span(records).subspan(1234));
  file.close();
  JournalFileReader reader(path_);
  const auto read = read_all(reader);
  ASSERT_EQ(read.size(), records.size());
  EXPECT_EQ(std::memcmp(read.data(), records.data(), records.size() * sizeof(JournalRecord)), 0);
}

}  // namespace
}  // namespace hftsim
