#include "replay/record_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cstring>

#include "engine/core/errors.h"
#include "replay/crc32c.h"

namespace hftsim {
namespace {

// Of a header's bytes before its last field, the CRC itself.
template <class Header>
std::uint32_t header_crc(const Header& header) {
  static_assert(offsetof(Header, crc) == sizeof(Header) - sizeof(header.crc));
  return crc32c(std::as_bytes(std::span(&header, 1)).first(offsetof(Header, crc)));
}

std::int64_t time_at(std::span<const std::byte> records, std::size_t offset) {
  std::int64_t ts_ns;
  std::memcpy(&ts_ns, records.data() + offset, sizeof ts_ns);
  return ts_ns;
}

std::string_view name_in(const RecordFileHeader& header) {
  const auto end = std::find(header.record_name.begin(), header.record_name.end(), '\0');
  return {header.record_name.data(), static_cast<std::size_t>(end - header.record_name.begin())};
}

void check_record_type(const RecordFileHeader& header, const RecordType& type, const std::string& file) {
  if (name_in(header) != type.name)
    throw BadInput(file, fmt::format("records of type '{}'", name_in(header)),
                   fmt::format("'{}'", type.name));
  if (header.record_version != type.version)
    throw BadInput(file, fmt::format("{} version {}", type.name, header.record_version),
                   fmt::format("version {}", type.version));
  if (header.record_size != type.size_bytes)
    throw BadInput(file, fmt::format("records of {} bytes", header.record_size),
                   fmt::format("{} bytes", type.size_bytes));
}

}  // namespace

RecordFileHeader make_file_header(const RecordType& type, std::uint32_t block_capacity) {
  RecordFileHeader header{};
  assert(type.name.size() < header.record_name.size());
  header.magic = kRecordFileMagic;
  header.format_version = kRecordFormatVersion;
  header.record_size = type.size_bytes;
  header.record_version = type.version;
  header.block_capacity = block_capacity;
  std::copy(type.name.begin(), type.name.end(), header.record_name.begin());
  header.crc = header_crc(header);
  return header;
}

RecordBlockHeader make_block_header(std::uint64_t number, std::uint64_t first_record,
                                    std::span<const std::byte> records, std::uint32_t record_size) {
  RecordBlockHeader header{};
  header.magic = kBlockMagic;
  header.count = static_cast<std::uint32_t>(records.size() / record_size);
  header.number = number;
  header.first_record = first_record;
  if (header.count > 0) {
    header.first_ts_ns = time_at(records, 0);
    header.last_ts_ns = time_at(records, records.size() - record_size);
  }
  header.records_crc = crc32c(records);
  header.crc = header_crc(header);
  return header;
}

// The version is looked at before the CRC: a later format may keep its CRC elsewhere.
void check_file_header(const RecordFileHeader& header, const RecordType& type, const std::string& file) {
  if (header.magic != kRecordFileMagic) throw BadInput(file, "another kind of file", "a record file");
  if (header.format_version != kRecordFormatVersion)
    throw BadInput(file, fmt::format("record format version {}", header.format_version),
                   fmt::format("version {}", kRecordFormatVersion));
  if (header.crc != header_crc(header)) throw BadInput(file, "a damaged header", "one whose CRC32C is right");
  check_record_type(header, type, file);
  if (header.block_capacity == 0 || header.block_capacity > kBlockBytesMax / header.record_size)
    throw BadInput(file, fmt::format("blocks of {} records", header.block_capacity),
                   fmt::format("1 to {}", kBlockBytesMax / header.record_size));
}

std::string block_header_fault(const RecordBlockHeader& header, std::uint64_t number,
                               std::uint64_t first_record, std::uint32_t block_capacity) {
  if (header.magic != kBlockMagic) return "no block begins here";
  if (header.crc != header_crc(header)) return "the header's CRC32C is wrong";
  if (header.number != number || header.first_record != first_record)
    return fmt::format("it is block {} from record {} on", header.number, header.first_record);
  if (header.count > block_capacity)
    return fmt::format("it says {} records where {} are the most", header.count, block_capacity);
  return "";
}

}  // namespace hftsim
