#include "replay/recording_reader.h"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <cassert>
#include <cstring>

#include "engine/core/errors.h"
#include "replay/crc32c.h"

namespace hftsim {
namespace {

constexpr std::uint64_t kFirstBlock = sizeof(RecordingFileHeader);
constexpr std::uint64_t kHeaderBytes = sizeof(RecordingBlockHeader);
constexpr std::uint64_t kLetGoBytes = 16u << 20;  // what stays in memory behind the reader

std::uint64_t size_of(const RecordingBlockHeader& header) {
  return kHeaderBytes + padded_size(header.stored_bytes);
}

template <class T>
bool read_into(const File& file, std::uint64_t offset, T& value) {
  return file.read_at(offset, std::as_writable_bytes(std::span(&value, 1))) == sizeof value;
}

std::span<std::byte> bytes_of(std::vector<RecordingLine>& lines, std::size_t size) {
  if (lines.size() * sizeof(RecordingLine) < size) lines.resize(padded_size(size) / sizeof(RecordingLine));
  return std::as_writable_bytes(std::span(lines)).first(size);
}

bool all_zero(std::span<const std::byte> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte byte) { return byte == std::byte{0}; });
}

bool extends(const RecordingHeader& longer, const RecordingHeader& before) {
  return longer.order == before.order && longer.instruments.size() >= before.instruments.size() &&
         std::equal(before.instruments.begin(), before.instruments.end(), longer.instruments.begin(),
                    [](const Instrument& a, const Instrument& b) {
                      return a.symbol == b.symbol && a.price_step == b.price_step &&
                             a.quantity_step == b.quantity_step;
                    });
}

}  // namespace

bool is_recording(const std::filesystem::path& path) {
  try {
    RecordingFileHeader header;
    return read_into(File::open(path), 0, header) && header.magic == kRecordingMagic;
  } catch (const std::runtime_error&) {
    return false;
  }
}

void RecordingReader::FreeContext::operator()(ZSTD_DCtx_s* context) const {
  ZSTD_freeDCtx(context);
}

RecordingReader::RecordingReader(const std::filesystem::path& path, RecordingReaderOptions options)
    : file_(File::open(path)), options_(options), size_(file_.size_bytes()) {
  read_file_header();
  has_index_ = options.use_index && read_index();
  if (has_index_) {
    read_headers();
  } else {
    walk();
  }
  if (options.access == RecordingAccess::mapped) map_ = MappedFile(file_, size_);
}

void RecordingReader::read_file_header() {
  RecordingFileHeader header;
  if (!read_into(file_, 0, header)) {
    throw BadInput(file_.name(), fmt::format("{} bytes", size_),
                   "a recording of market events, which has 64 at least");
  }
  check_recording_file_header(header, file_.name());
}

// False where the recording was not closed, or its end is damaged: then its blocks say what there is.
bool RecordingReader::read_index() {
  RecordingTrailer trailer;
  if (size_ < kFirstBlock + sizeof trailer || !read_into(file_, size_ - sizeof trailer, trailer))
    return false;
  if (!is_whole(trailer)) return false;
  const std::uint64_t offset = trailer.index_offset, room = size_ - sizeof trailer;
  if (offset % kRecordingAlignment != 0 || offset < kFirstBlock || offset > room ||
      room - offset < kHeaderBytes) {
    throw BadInput(file_.name(), fmt::format("an index at byte {}", offset), "one inside the file");
  }
  const RecordingBlockHeader header = header_at(offset);
  if (header.type != RecordingBlockType::index || size_of(header) != room - offset) {
    refuse(RecordingBlockType::index, 0, offset, "it does not end where the recording does");
  }
  check_index(header, offset, trailer);
  event_count_ = trailer.event_count;
  end_offset_ = offset;
  tail_.complete = true;
  return true;
}

void RecordingReader::check_index(const RecordingBlockHeader& header, std::uint64_t offset,
                                  const RecordingTrailer& trailer) {
  const std::string fault = decode(table_at(header, offset), index_);
  if (!fault.empty()) refuse(RecordingBlockType::index, 0, offset, fault);
  RecordingIndexEntry before{0, 0, INT64_MIN, INT64_MIN};
  for (const RecordingIndexEntry& entry : index_.entries) {
    const bool is_first = &entry == index_.entries.data();
    const bool fits = entry.offset > before.offset && entry.offset % kRecordingAlignment == 0 &&
                      entry.offset < offset && entry.first_ns >= before.last_ns &&
                      entry.last_ns >= entry.first_ns &&
                      (is_first ? entry.first_event == 0 : entry.first_event > before.first_event);
    if (!fits) refuse(RecordingBlockType::index, 0, offset, "its entries are in no order");
    before = entry;
  }
  std::uint64_t counted = 0;
  for (const std::uint64_t count : index_.kind_counts) counted += count;
  const bool agrees = index_.entries.size() == trailer.events_blocks && counted == trailer.event_count &&
                      header.first_event == trailer.event_count &&
                      (index_.entries.empty() ? counted == 0 : before.first_event < counted);
  if (!agrees) refuse(RecordingBlockType::index, 0, offset, "it does not say what the recording's end says");
}

void RecordingReader::read_headers() {
  const std::vector<std::uint64_t> offsets = index_.header_offsets;
  if (offsets.empty() || offsets.front() != kFirstBlock) {
    refuse(RecordingBlockType::index, 0, end_offset_, "it names no first header");
  }
  index_.header_offsets.clear();
  for (const std::uint64_t offset : offsets) {
    if (offset % kRecordingAlignment != 0 || offset > end_offset_ - kHeaderBytes) {
      refuse(RecordingBlockType::index, 0, end_offset_, "it names a header outside the file");
    }
    const RecordingBlockHeader header = header_at(offset);
    const std::string fault = fault_of(header);
    if (!fault.empty()) refuse(RecordingBlockType::header, index_.header_offsets.size(), offset, fault);
    take_header(header, offset);
  }
}

// From block to block, as where there is no index. Stops before the first that is damaged or not whole.
void RecordingReader::walk() {
  std::uint64_t offset = kFirstBlock;
  while (step(offset)) {
  }
  if (index_.header_offsets.empty()) {
    throw BadInput(file_.name(), damage_.empty() ? "no table of instruments: " + tail_.describe() : damage_,
                   "a recording that begins with one");
  }
}

bool RecordingReader::step(std::uint64_t& offset) {
  end_offset_ = offset;
  if (size_ - offset < kHeaderBytes) {
    end_at(offset, size_ - offset);
    return false;
  }
  const RecordingBlockHeader header = header_at(offset);
  const std::string fault = fault_of_next(header);
  if (!fault.empty()) {
    const bool is_known = header.magic == kRecordingBlockMagic && header.type == RecordingBlockType::index;
    const auto type = is_known ? RecordingBlockType::index : RecordingBlockType::events;
    damage_ = fmt::format("{} block {} at byte {} is damaged: {}", name_of(type), index_.entries.size(),
                          offset, fault);
    return false;
  }
  if (size_ - offset < size_of(header)) {
    end_at(offset, size_ - offset);
    return false;
  }
  if (header.type == RecordingBlockType::index) {
    const std::uint64_t behind = size_ - offset - size_of(header);
    if (behind < sizeof(RecordingTrailer)) {
      end_at(offset, size_ - offset);
    } else if (options_.use_index) {  // a trailer that is whole was read before
      damage_ = fmt::format("the recording's end at byte {} is damaged", offset + size_of(header));
    } else {
      tail_.complete = true;
    }
    return false;
  }
  if (header.type == RecordingBlockType::header) {
    take_header(header, offset);
  } else {
    index_.entries.push_back({offset, header.first_event, header.first_ns, header.last_ns});
    event_count_ += header.event_count;
  }
  offset += size_of(header);
  end_offset_ = offset;
  return true;
}

// What is wrong with the block that follows those found so far.
std::string RecordingReader::fault_of_next(const RecordingBlockHeader& header) const {
  std::string fault = fault_of(header);
  if (!fault.empty()) return fault;
  const bool is_events = header.type == RecordingBlockType::events;
  const bool is_header = header.type == RecordingBlockType::header;
  const std::uint64_t number = is_events   ? index_.entries.size()
                               : is_header ? index_.header_offsets.size()
                                           : 0;
  if (header.number != number)
    return fmt::format("it says it is {} block {}", name_of(header.type), header.number);
  if (header.first_event != event_count_)
    return fmt::format("it says {} events come before it", header.first_event);
  if (!is_events) return "";
  if (index_.header_offsets.empty()) return "events before the table of instruments";
  const std::int64_t before_ns = index_.entries.empty() ? INT64_MIN : index_.entries.back().last_ns;
  return header.first_ns < before_ns || header.last_ns < header.first_ns ? "its times go back" : "";
}

void RecordingReader::end_at(std::uint64_t offset, std::uint64_t lost_bytes) {
  end_offset_ = offset;
  tail_ = {.complete = false, .lost_bytes = lost_bytes};
}

void RecordingReader::take_header(const RecordingBlockHeader& header, std::uint64_t offset) {
  const std::uint64_t number = index_.header_offsets.size();
  if (header.type != RecordingBlockType::header || header.number != number) {
    refuse(RecordingBlockType::header, number, offset, "another block is there");
  }
  RecordingHeader found;
  const std::string fault = decode(table_at(header, offset), found);
  if (!fault.empty()) refuse(RecordingBlockType::header, number, offset, fault);
  if (number > 0 && !extends(found, header_)) {
    refuse(RecordingBlockType::header, number, offset, "it is not the table before it and more");
  }
  header_ = std::move(found);
  index_.header_offsets.push_back(offset);
}

// The payload of a header or an index, with its checksum checked. Copied, so that a file that is cut does no harm.
std::vector<std::byte> RecordingReader::table_at(const RecordingBlockHeader& header,
                                                 std::uint64_t offset) const {
  std::string fault = fault_of(header);
  if (fault.empty() && size_ - offset - kHeaderBytes < padded_size(header.stored_bytes))
    fault = "it ends outside the file";
  if (!fault.empty()) refuse(header.type, header.number, offset, fault);
  std::vector<std::byte> payload(padded_size(header.stored_bytes));
  if (file_.read_at(offset + kHeaderBytes, payload) != payload.size()) require_whole(size_);
  const auto padding = std::span(payload).subspan(header.stored_bytes);
  if (!all_zero(padding)) refuse(header.type, header.number, offset, "what fills it up is not zero");
  payload.resize(header.stored_bytes);
  if (crc32c(payload) != header.payload_crc)
    refuse(header.type, header.number, offset, "its CRC32C is wrong");
  return payload;
}

RecordingBlockHeader RecordingReader::header_at(std::uint64_t offset) const {
  RecordingBlockHeader header{};
  if (!read_into(file_, offset, header)) require_whole(size_);
  return header;
}

std::uint32_t RecordingReader::events_in_block(std::size_t block) const {
  const auto& entries = index_.entries;
  const std::uint64_t end = block + 1 < entries.size() ? entries[block + 1].first_event : event_count_;
  return static_cast<std::uint32_t>(end - entries[block].first_event);
}

std::optional<std::array<std::uint64_t, kEventKindCount>> RecordingReader::kind_counts() const {
  if (!has_index_) return std::nullopt;
  return index_.kind_counts;
}

std::span<const Event> RecordingReader::next(std::size_t most) {
  if (position_ == event_count_) {
    if (!damage_.empty()) throw BadInput(file_.name() + ": " + damage_);
    return {};
  }
  if (loaded_ == kNoBlock || position_ < index_.entries[loaded_].first_event ||
      position_ - index_.entries[loaded_].first_event >= events_.size()) {
    load(block_of(position_));
  }
  const std::uint64_t at = position_ - index_.entries[loaded_].first_event;
  const std::span<const Event> rest = events_.subspan(at);
  const std::span<const Event> given = rest.first(std::min(most, rest.size()));
  position_ += given.size();
  return given;
}

std::uint64_t RecordingReader::lower_bound(std::int64_t ns) {
  const auto& entries = index_.entries;
  const auto entry = std::partition_point(entries.begin(), entries.end(),
                                          [ns](const RecordingIndexEntry& e) { return e.last_ns < ns; });
  if (entry == entries.end()) return event_count_;
  if (entry->first_ns >= ns) return entry->first_event;
  const auto block = static_cast<std::size_t>(entry - entries.begin());
  if (loaded_ != block) load(block);
  const auto event = std::partition_point(events_.begin(), events_.end(),
                                          [&](const Event& e) { return ordering_ns(e, header_.order) < ns; });
  return entry->first_event + static_cast<std::uint64_t>(event - events_.begin());
}

void RecordingReader::seek_event(std::uint64_t number) {
  assert(number <= event_count_);
  position_ = number;
}

// The next block in nearly every case.
std::size_t RecordingReader::block_of(std::uint64_t event) const {
  const auto& entries = index_.entries;
  const std::size_t follows = loaded_ == kNoBlock ? 0 : loaded_ + 1;
  if (follows < entries.size() && entries[follows].first_event == event) return follows;
  const auto behind =
      std::partition_point(entries.begin(), entries.end(),
                           [event](const RecordingIndexEntry& e) { return e.first_event <= event; });
  return static_cast<std::size_t>(behind - entries.begin()) - 1;
}

RecordingBlockHeader RecordingReader::block_header(std::size_t block) const {
  const RecordingIndexEntry& entry = index_.entries[block];
  const RecordingBlockHeader header = header_at(entry.offset);
  std::string fault = fault_of(header);
  if (fault.empty() &&
      (header.type != RecordingBlockType::events || header.number != block ||
       header.first_event != entry.first_event || header.event_count != events_in_block(block) ||
       header.first_ns != entry.first_ns || header.last_ns != entry.last_ns)) {
    fault = "it is not the block that the index names";
  }
  if (fault.empty() && size_of(header) > size_ - entry.offset) fault = "it ends outside the file";
  if (!fault.empty()) refuse(RecordingBlockType::events, block, entry.offset, fault);
  return header;
}

void RecordingReader::load(std::size_t block) {
  loaded_ = kNoBlock;
  const RecordingIndexEntry entry = index_.entries[block];
  const RecordingBlockHeader header = block_header(block);
  require_whole(entry.offset + size_of(header));
  const std::span<const std::byte> payload = payload_of(header, block);
  std::string fault = events_in(payload, header.event_count, events_);
  if (fault.empty()) {
    const EventLimits limits{header_.order, entry.first_ns, header_.instruments.size()};
    const std::size_t bad = first_bad_event(events_, limits);
    if (bad < events_.size()) {
      fault = fmt::format("event {}: {}", entry.first_event + bad, fault_of_event(events_, bad, limits));
    } else if (ordering_ns(events_.front(), header_.order) != entry.first_ns ||
               ordering_ns(events_.back(), header_.order) != entry.last_ns) {
      fault = "its times are not those of its header";
    }
  }
  if (!fault.empty()) refuse(RecordingBlockType::events, block, entry.offset, fault);
  loaded_ = block;
  let_go_behind(block);
}

std::span<const std::byte> RecordingReader::payload_of(const RecordingBlockHeader& header,
                                                       std::size_t block) {
  const std::span<const std::byte> stored = stored_of(header, block);
  const std::uint64_t offset = index_.entries[block].offset;
  if (options_.check_crc && crc32c(stored) != header.payload_crc) {
    refuse(RecordingBlockType::events, block, offset, "its CRC32C is wrong");
  }
  in_place_ = options_.access == RecordingAccess::mapped && header.codec == RecordingCodec::none;
  if (header.codec == RecordingCodec::none) return stored;
  if (!zstd_) zstd_.reset(ZSTD_createDCtx());
  const std::span<std::byte> raw = bytes_of(raw_, header.raw_bytes);  // at most 4 MiB, whatever zstd claims
  const std::size_t size =
      ZSTD_decompressDCtx(zstd_.get(), raw.data(), raw.size(), stored.data(), stored.size());
  if (ZSTD_isError(size) != 0 || size != raw.size()) {
    refuse(RecordingBlockType::events, block, offset, "zstd cannot unpack it");
  }
  return raw;
}

std::span<const std::byte> RecordingReader::stored_of(const RecordingBlockHeader& header, std::size_t block) {
  const std::uint64_t offset = index_.entries[block].offset + kHeaderBytes;
  const std::size_t padded = padded_size(header.stored_bytes);
  std::span<const std::byte> all;
  if (options_.access == RecordingAccess::mapped) {
    all = map_.bytes().subspan(offset, padded);
  } else {
    const std::span<std::byte> room = bytes_of(stored_, padded);
    if (file_.read_at(offset, room) != padded) require_whole(offset + padded);
    all = room;
  }
  if (!all_zero(all.subspan(header.stored_bytes))) {
    refuse(RecordingBlockType::events, block, index_.entries[block].offset, "what fills it up is not zero");
  }
  return all.first(header.stored_bytes);
}

// Whether the file still reaches there.
void RecordingReader::require_whole(std::uint64_t end) const {
  const std::uint64_t now = file_.size_bytes();
  if (now >= end && now >= size_) return;
  throw BadInput(file_.name(), fmt::format("{} bytes", now),
                 fmt::format("the {} that it had when it was opened: it was cut while it was read", size_));
}

// A reader from front to back keeps a window of the file in memory, however long the file is.
void RecordingReader::let_go_behind(std::size_t block) {
  if (options_.access != RecordingAccess::mapped) return;
  const std::uint64_t here = index_.entries[block].offset;
  if (here < let_go_until_) let_go_until_ = here;
  if (here - let_go_until_ < 2 * kLetGoBytes) return;
  map_.let_go(let_go_until_, here - kLetGoBytes);
  let_go_until_ = here - kLetGoBytes;
}

void RecordingReader::refuse(RecordingBlockType type, std::uint64_t number, std::uint64_t offset,
                             const std::string& fault) const {
  throw BadInput(fmt::format("{}: {} block {} at byte {} is damaged: {}", file_.name(), name_of(type), number,
                             offset, fault));
}

}  // namespace hftsim
