#include "replay/recording_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/core/errors.h"
#include "replay/crc32c.h"

namespace hftsim {
namespace {

template <class Header>
std::uint32_t crc_of(const Header& header) {
  return crc32c(std::as_bytes(std::span(&header, 1)).first(sizeof header - sizeof header.crc));
}

std::string fault_of_sizes(const RecordingBlockHeader& header) {
  if (header.type != RecordingBlockType::events) {
    if (header.codec != RecordingCodec::none || header.stored_bytes != header.raw_bytes ||
        header.raw_bytes > kRecordingTableBytesMax || header.event_count != 0) {
      return fmt::format("a table of {} bytes, {} stored", header.raw_bytes, header.stored_bytes);
    }
    return "";
  }
  const std::uint64_t raw = kEventsPrologueBytes + std::uint64_t{header.event_count} * sizeof(Event);
  if (header.event_count == 0 || header.event_count > kRecordingBlockEventsMax || header.raw_bytes != raw) {
    return fmt::format("{} events in {} bytes", header.event_count, header.raw_bytes);
  }
  const bool fits =
      header.codec == RecordingCodec::none ? header.stored_bytes == raw : header.stored_bytes < raw;
  return fits ? "" : fmt::format("{} bytes stored for {}", header.stored_bytes, header.raw_bytes);
}

}  // namespace

bool is_padding(std::span<const std::byte> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte byte) { return byte == std::byte{0}; });
}

std::string_view name_of(RecordingBlockType type) {
  constexpr std::array<std::string_view, 3> kNames{"header", "events", "index"};
  return kNames[static_cast<std::size_t>(type)];
}

RecordingFileHeader make_recording_file_header() {
  RecordingFileHeader header{};
  header.magic = kRecordingMagic;
  header.version = kRecordingVersion;
  header.event_size = sizeof(Event);
  header.crc = crc_of(header);
  return header;
}

void seal(RecordingBlockHeader& header, std::span<const std::byte> payload) {
  header.magic = kRecordingBlockMagic;
  header.stored_bytes = static_cast<std::uint32_t>(payload.size());
  header.payload_crc = crc32c(payload);
  header.crc = crc_of(header);
}

void seal(RecordingTrailer& trailer) {
  trailer.magic = kRecordingEndMagic;
  trailer.crc = crc_of(trailer);
}

void check_recording_file_header(const RecordingFileHeader& header, const std::string& file) {
  if (header.magic != kRecordingMagic)
    throw BadInput(file, "another kind of file", "a recording of market events");
  if (header.crc != crc_of(header))
    throw BadInput(file, "a damaged file header (its CRC32C is wrong)", "a whole one");
  if (header.version != kRecordingVersion || header.event_size != sizeof(Event)) {
    throw BadInput(
        file, fmt::format("format version {} with events of {} bytes", header.version, header.event_size),
        fmt::format("version {} with {}", kRecordingVersion, sizeof(Event)));
  }
}

std::string fault_of(const RecordingBlockHeader& header) {
  if (header.magic != kRecordingBlockMagic) return "no block begins there";
  if (header.crc != crc_of(header)) return "the CRC32C of its header is wrong";
  if (header.type > RecordingBlockType::index || header.codec > RecordingCodec::zstd) {
    return fmt::format("a block of type {} and codec {}", static_cast<int>(header.type),
                       static_cast<int>(header.codec));
  }
  return fault_of_sizes(header);
}

bool is_whole(const RecordingTrailer& trailer) {
  return trailer.magic == kRecordingEndMagic && trailer.crc == crc_of(trailer);
}

}  // namespace hftsim
