// A record file holds records of one fixed-size type in blocks that are each checked by CRC32C. Journal,
// equity marks and spilled data are such files. Layout, byte by byte: docs/recording.md.
//
// A record type is trivially copyable, has no padding (its bytes are the format), begins with its time in
// nanoseconds as int64, and is named by a specialisation of RecordName.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace hftsim {

static_assert(std::endian::native == std::endian::little, "record files are written as they lie in memory");

inline constexpr std::array<char, 8> kRecordFileMagic{'\x89', 'H', 'F', 'T', 'R', 'E', 'C', '\n'};
inline constexpr std::uint32_t kRecordFormatVersion = 1;
inline constexpr std::uint32_t kBlockMagic = 0x4b4c4248;  // "HBLK"
inline constexpr std::uint32_t kBlockBytesDefault = 64 * 1024;
inline constexpr std::uint32_t kBlockBytesMax = 1024 * 1024;  // of records; bounds a reader's memory

struct RecordFileHeader {
  std::array<char, 8> magic;
  std::uint32_t format_version;
  std::uint32_t record_size;     // bytes
  std::uint32_t record_version;  // of the record type's fields
  std::uint32_t block_capacity;  // no block has more records
  std::array<char, 32> record_name;
  std::uint32_t reserved;
  std::uint32_t crc;  // CRC32C of the bytes before it
};
static_assert(sizeof(RecordFileHeader) == 64 && std::is_trivially_copyable_v<RecordFileHeader>);

// count == 0 is the end mark: the file was closed and is whole.
struct RecordBlockHeader {
  std::uint32_t magic;
  std::uint32_t count;         // records that follow
  std::uint64_t number;        // of the block, from 0
  std::uint64_t first_record;  // records before this block
  std::int64_t first_ts_ns;
  std::int64_t last_ts_ns;
  std::uint64_t reserved[2];
  std::uint32_t records_crc;  // CRC32C of the records
  std::uint32_t crc;          // CRC32C of the header's bytes before it
};
static_assert(sizeof(RecordBlockHeader) == 64 && std::is_trivially_copyable_v<RecordBlockHeader>);

// What a file says it holds.
struct RecordType {
  std::string_view name;  // up to 31 bytes
  std::uint32_t version;
  std::uint32_t size_bytes;
};

// Specialise with `static constexpr std::string_view kName` and `static constexpr std::uint32_t kVersion`.
template <class Record>
struct RecordName;

template <class Record>
constexpr RecordType record_type() {
  static_assert(std::is_trivially_copyable_v<Record> && sizeof(Record) % 8 == 0);
  static_assert(RecordName<Record>::kName.size() < sizeof(RecordFileHeader::record_name));
  return {RecordName<Record>::kName, RecordName<Record>::kVersion, sizeof(Record)};
}

// Both with magic, version and CRC filled in.
RecordFileHeader make_file_header(const RecordType& type, std::uint32_t block_capacity);
RecordBlockHeader make_block_header(std::uint64_t number, std::uint64_t first_record,
                                    std::span<const std::byte> records, std::uint32_t record_size);

// Throws BadInput naming `file` unless the header is one of ours for `type`.
void check_file_header(const RecordFileHeader& header, const RecordType& type, const std::string& file);

// What is wrong with a block header, or "" where it is as expected.
std::string block_header_fault(const RecordBlockHeader& header, std::uint64_t number,
                               std::uint64_t first_record, std::uint32_t block_capacity);

}  // namespace hftsim
