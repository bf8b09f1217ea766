#include "replay/recording_reader.h"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <cassert>

#include "engine/core/errors.h"
#include "replay/crc32c.h"

namespace hftsim {
namespace {

constexpr std::uint64_t kHeaderBytes = sizeof(RecordingBlockHeader);
constexpr std::uint64_t kLetGoBytes = 16u << 20;  // what stays in memory behind the reader

std::span<std::byte> bytes_of(std::vector<RecordingLine>& lines, std::size_t size) {
  if (lines.size() * sizeof(RecordingLine) < size) lines.resize(padded_size(size) / sizeof(RecordingLine));
  return std::as_writable_bytes(std::span(lines)).first(size);
}

}  // namespace

void RecordingReader::FreeContext::operator()(ZSTD_DCtx_s* context) const {
  ZSTD_freeDCtx(context);
}

RecordingReader::RecordingReader(const std::filesystem::path& path, RecordingReaderOptions options)
    : blocks_(File::open(path), options.use_index), options_(options) {
  if (options.access == RecordingAccess::mapped) map_ = MappedFile(blocks_.file(), blocks_.file_bytes());
}

std::span<const Event> RecordingReader::next(std::size_t most) {
  if (position_ == event_count()) {
    if (!blocks_.damage().empty()) throw BadInput(name() + ": " + blocks_.damage());
    return {};
  }
  if (loaded_ == kNoBlock || position_ < blocks()[loaded_].first_event ||
      position_ - blocks()[loaded_].first_event >= events_.size()) {
    load(block_of(position_));
  }
  const std::uint64_t at = position_ - blocks()[loaded_].first_event;
  const std::span<const Event> rest = events_.subspan(at);
  const std::span<const Event> given = rest.first(std::min(most, rest.size()));
  position_ += given.size();
  return given;
}

std::uint64_t RecordingReader::lower_bound(std::int64_t ns) {
  const auto entry = std::partition_point(blocks().begin(), blocks().end(),
                                          [ns](const RecordingIndexEntry& e) { return e.last_ns < ns; });
  if (entry == blocks().end()) return event_count();
  if (entry->first_ns >= ns) return entry->first_event;
  const auto block = static_cast<std::size_t>(entry - blocks().begin());
  if (loaded_ != block) load(block);
  const auto event = std::partition_point(events_.begin(), events_.end(),
                                          [&](const Event& e) { return ordering_ns(e, order()) < ns; });
  return entry->first_event + static_cast<std::uint64_t>(event - events_.begin());
}

void RecordingReader::seek_event(std::uint64_t number) {
  assert(number <= event_count());
  position_ = number;
}

// The next block in nearly every case.
std::size_t RecordingReader::block_of(std::uint64_t event) const {
  const std::size_t follows = loaded_ == kNoBlock ? 0 : loaded_ + 1;
  if (follows < blocks().size() && blocks()[follows].first_event == event) return follows;
  const auto behind =
      std::partition_point(blocks().begin(), blocks().end(),
                           [event](const RecordingIndexEntry& e) { return e.first_event <= event; });
  return static_cast<std::size_t>(behind - blocks().begin()) - 1;
}

void RecordingReader::load(std::size_t block) {
  loaded_ = kNoBlock;
  const RecordingBlockHeader header = blocks_.header_of(block);
  blocks_.require_whole(blocks()[block].offset + size_in_file(header));
  const std::string fault = events_in(payload_of(header, block), header.event_count, events_);
  if (!fault.empty()) blocks_.refuse_block(block, fault);
  check_events(block);
  loaded_ = block;
  let_go_behind(block);
}

// What a checksum cannot say.
void RecordingReader::check_events(std::size_t block) const {
  const RecordingIndexEntry& entry = blocks()[block];
  const EventLimits limits{order(), entry.first_ns, header().instruments.size()};
  const std::size_t bad = first_bad_event(events_, limits);
  if (bad < events_.size()) {
    blocks_.refuse_block(
        block, fmt::format("event {}: {}", entry.first_event + bad, fault_of_event(events_, bad, limits)));
  }
  if (ordering_ns(events_.front(), order()) != entry.first_ns ||
      ordering_ns(events_.back(), order()) != entry.last_ns) {
    blocks_.refuse_block(block, "its times are not those of its header");
  }
}

std::span<const std::byte> RecordingReader::payload_of(const RecordingBlockHeader& header,
                                                       std::size_t block) {
  const std::span<const std::byte> stored = stored_of(header, block);
  if (options_.check_crc && crc32c(stored) != header.payload_crc)
    blocks_.refuse_block(block, "its CRC32C is wrong");
  in_place_ = options_.access == RecordingAccess::mapped && header.codec == RecordingCodec::none;
  if (header.codec == RecordingCodec::none) return stored;
  if (!zstd_) zstd_.reset(ZSTD_createDCtx());
  const std::span<std::byte> raw = bytes_of(raw_, header.raw_bytes);  // at most 4 MiB, whatever zstd claims
  const std::size_t size =
      ZSTD_decompressDCtx(zstd_.get(), raw.data(), raw.size(), stored.data(), stored.size());
  if (ZSTD_isError(size) != 0 || size != raw.size()) blocks_.refuse_block(block, "zstd cannot unpack it");
  return raw;
}

std::span<const std::byte> RecordingReader::stored_of(const RecordingBlockHeader& header, std::size_t block) {
  const std::uint64_t offset = blocks()[block].offset + kHeaderBytes;
  const std::size_t padded = padded_size(header.stored_bytes);
  std::span<const std::byte> all;
  if (options_.access == RecordingAccess::mapped) {
    all = map_.bytes().subspan(offset, padded);
  } else {
    const std::span<std::byte> room = bytes_of(stored_, padded);
    if (blocks_.file().read_at(offset, room) != padded) blocks_.require_whole(file_bytes());
    all = room;
  }
  if (!is_padding(all.subspan(header.stored_bytes)))
    blocks_.refuse_block(block, "what fills it up is not zero");
  return all.first(header.stored_bytes);
}

// A reader from front to back keeps a window of the file in memory, however long the file is.
void RecordingReader::let_go_behind(std::size_t block) {
  if (options_.access != RecordingAccess::mapped) return;
  const std::uint64_t here = blocks()[block].offset;
  let_go_until_ = std::min(let_go_until_, here);
  if (here - let_go_until_ < 2 * kLetGoBytes) return;
  map_.let_go(let_go_until_, here - kLetGoBytes);
  let_go_until_ = here - kLetGoBytes;
}

}  // namespace hftsim
