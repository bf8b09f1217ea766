// What can be done to a recording's bytes, and what has to hold then.
#pragma once

#include "engine/core/errors.h"
#include "replay/crc32c.h"
#include "tests/replay/recording_bench.h"

namespace hftsim::test {

// One of: flipped bits, a range cut out, doubled, zeroed or made of ones, a number made extreme, the end cut off.
inline Bytes mutated(Bytes bytes, RandomStream& random) {
  const std::size_t from = random.below(4) == 0 ? 0 : sizeof(RecordingFileHeader);
  const auto place = [&] {
    return from + random.below(bytes.size() - from);
  };
  for (std::uint64_t n = 1 + random.below(3); n > 0 && bytes.size() > from + 1; --n) {
    const std::size_t at = place();
    const std::size_t length = std::min<std::size_t>(bytes.size() - at, 1 + random.below(100));
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    switch (random.below(7)) {
      case 0:
        bytes[at] = static_cast<char>(random.below(256));
        break;
      case 1:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8)));
        break;
      case 2:
        bytes.erase(begin, begin + static_cast<std::ptrdiff_t>(length));
        break;
      case 3: {
        const Bytes copy(begin, begin + static_cast<std::ptrdiff_t>(length));
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(place()), copy.begin(), copy.end());
        break;
      }
      case 4:
        std::fill_n(begin, length, random.below(2) == 0 ? '\xff' : '\0');
        break;
      case 5: {
        const std::uint64_t extremes[] = {
            0, 1, 63, 0x7fffffff, 0xffffffff, 0x7fffffffffffffff, 0xffffffffffffffff};
        const std::uint64_t number = extremes[random.below(std::size(extremes))];
        const std::size_t aligned = at / 4 * 4, size = random.below(2) == 0 ? 4 : 8;
        if (aligned + size <= bytes.size()) std::memcpy(bytes.data() + aligned, &number, size);
        break;
      }
      default:
        bytes.resize(at);
    }
  }
  return bytes;
}

template <class Header>
void seal_again(Bytes& bytes, std::size_t at) {
  const auto header = std::as_bytes(std::span(bytes)).subspan(at, sizeof(Header));
  const std::uint32_t crc = crc32c(header.first(sizeof(Header) - 4));
  std::memcpy(bytes.data() + at + sizeof(Header) - 4, &crc, 4);
}

// Gives whatever still looks like a block the checksums that its bytes have now.
inline void make_checksums_right(Bytes& bytes) {
  if (bytes.size() < 64) return;
  seal_again<RecordingFileHeader>(bytes, 0);
  for (std::size_t at = 64; at + 64 <= bytes.size(); at += 64) {
    if (std::memcmp(bytes.data() + at, kRecordingEndMagic.data(), 8) == 0)
      seal_again<RecordingTrailer>(bytes, at);
    RecordingBlockHeader header;
    std::memcpy(&header, bytes.data() + at, sizeof header);
    if (header.magic != kRecordingBlockMagic) continue;
    if (header.stored_bytes <= bytes.size() - at - 64) {
      header.payload_crc = crc32c(std::as_bytes(std::span(bytes)).subspan(at + 64, header.stored_bytes));
      std::memcpy(bytes.data() + at, &header, sizeof header);
    }
    seal_again<RecordingBlockHeader>(bytes, at);
  }
}

// What comes are the first of `events`, however many, then perhaps a BadInput; any other exception fails the test.
inline void expect_prefix_or_refusal(const std::filesystem::path& path, std::span<const Event> events) {
  std::vector<Event> read;
  bool refused = false;
  try {
    RecordingReader reader(path);
    read_all(reader, read);
  } catch (const BadInput&) {
    refused = true;
  }
  ASSERT_LE(read.size(), events.size());
  ASSERT_TRUE(same_bytes(read, events.first(read.size())));
  if (!refused && read.size() < events.size()) {
    ASSERT_FALSE(RecordingReader(path).tail().complete);
  }
}

// How many events came before the end or a refusal; each of them valid, through every way there is to ask.
inline int expect_valid_or_refusal(const std::filesystem::path& path) {
  int count = 0;
  for (const RecordingReaderOptions& options :
       {RecordingReaderOptions{}, RecordingReaderOptions{.use_index = false}}) {
    try {
      RecordingReader reader(path, options);
      const RecordingHeader header = reader.header();
      std::int64_t before_ns = INT64_MIN;
      for (auto events = reader.next(7); !events.empty(); events = reader.next(7)) {
        for (const Event& event : events) {
          EXPECT_LT(event.instrument, header.instruments.size());
          EXPECT_LE(event.kind, EventKind::session_mark);
          EXPECT_GE(ordering_ns(event, header.order), before_ns);
          before_ns = ordering_ns(event, header.order);
          ++count;
        }
      }
      const std::uint64_t there = reader.lower_bound(kStartNs + 50'000'000);
      EXPECT_LE(there, reader.event_count());
      reader.seek_event(there);
      reader.next();
    } catch (const BadInput&) {
    }
  }
  return count;
}

}  // namespace hftsim::test
