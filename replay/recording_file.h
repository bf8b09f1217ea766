// How a recording of market events (.hfr) lies in its file. Blocks of events are FlatBuffers whose structs are
// hftsim::Event byte by byte, 64 bytes on 64-byte boundaries, so that a mapped file is read where it lies.
// Layout for other programs: docs/recording.md; the tables in the blocks: recording.fbs.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "engine/core/event.h"

namespace hftsim {

static_assert(std::endian::native == std::endian::little, "recordings are written as they lie in memory");

inline constexpr std::array<char, 8> kRecordingMagic{'\x89', 'H', 'F', 'R', '\r', '\n', '\x1a', '\n'};
inline constexpr std::array<char, 8> kRecordingEndMagic{'H', 'F', 'R', '-', 'E', 'N', 'D', '\n'};
inline constexpr std::uint32_t kRecordingVersion = 1;
inline constexpr std::uint32_t kRecordingBlockMagic = 0x4b4c4252;  // "RBLK"
inline constexpr std::size_t kRecordingAlignment = 64;
inline constexpr std::uint32_t kRecordingBlockEventsDefault =
    4096;  // 256 KiB: checked, then used, from the cache
inline constexpr std::uint32_t kRecordingBlockEventsMax = 65'536;   // bounds a reader's memory
inline constexpr std::uint64_t kRecordingTableBytesMax = 1u << 30;  // of a header or an index

struct RecordingFileHeader {
  std::array<char, 8> magic;
  std::uint32_t version;
  std::uint32_t event_size;  // 64
  std::uint32_t reserved[11];
  std::uint32_t crc;  // CRC32C of the bytes before it
};
static_assert(sizeof(RecordingFileHeader) == 64 && std::is_trivially_copyable_v<RecordingFileHeader>);

enum class RecordingBlockType : std::uint8_t { header, events, index };
enum class RecordingCodec : std::uint8_t { none, zstd };

// Before the payload, which is followed by zeros up to the next 64-byte boundary.
struct RecordingBlockHeader {
  std::uint32_t magic;
  RecordingBlockType type;
  RecordingCodec codec;  // of the payload of an events block
  std::uint16_t reserved;
  std::uint32_t stored_bytes;  // of the payload, as it lies in the file
  std::uint32_t raw_bytes;     // of the FlatBuffer
  std::uint64_t number;        // among the blocks of its type, from 0
  std::uint64_t first_event;   // events before this block
  std::int64_t first_ns;       // events: time of the first and the last by the recording's order; others: 0
  std::int64_t last_ns;
  std::uint32_t event_count;
  std::uint32_t reserved2;
  std::uint32_t payload_crc;  // CRC32C of the payload as stored
  std::uint32_t crc;          // CRC32C of the header's bytes before it
};
static_assert(sizeof(RecordingBlockHeader) == 64 && std::is_trivially_copyable_v<RecordingBlockHeader>);

// The last 64 bytes of a recording that was closed.
struct RecordingTrailer {
  std::array<char, 8> magic;
  std::uint64_t index_offset;   // of the index block
  std::uint64_t events_blocks;  // how many there are
  std::uint64_t event_count;
  std::int64_t first_ns, last_ns;  // of all events; 0 where there is none
  std::uint32_t reserved[3];
  std::uint32_t crc;
};
static_assert(sizeof(RecordingTrailer) == 64 && std::is_trivially_copyable_v<RecordingTrailer>);

// The FlatBuffer before its events: root, vtable, table and the vector's length.
inline constexpr std::size_t kEventsPrologueBytes = 64;

constexpr std::uint64_t padded_size(std::uint64_t bytes) {
  return (bytes + kRecordingAlignment - 1) / kRecordingAlignment * kRecordingAlignment;
}

// Of a block with its header.
constexpr std::uint64_t size_in_file(const RecordingBlockHeader& header) {
  return sizeof header + padded_size(header.stored_bytes);
}

bool is_padding(std::span<const std::byte> bytes);  // all zero

std::string_view name_of(RecordingBlockType type);

// Fill in magics, versions and CRC.
RecordingFileHeader make_recording_file_header();
void seal(RecordingBlockHeader& header, std::span<const std::byte> payload);
void seal(RecordingTrailer& trailer);

// Throws BadInput naming `file` unless the header is one of ours.
void check_recording_file_header(const RecordingFileHeader& header, const std::string& file);

// What is wrong with a header in itself, or "": magic, CRC, an unknown type or codec, sizes beyond what blocks have.
std::string fault_of(const RecordingBlockHeader& header);
bool is_whole(const RecordingTrailer& trailer);

}  // namespace hftsim
