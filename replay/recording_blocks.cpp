#include "replay/recording_blocks.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/core/errors.h"
#include "replay/crc32c.h"

namespace hftsim {
namespace {

constexpr std::uint64_t kFirstBlock = sizeof(RecordingFileHeader);
constexpr std::uint64_t kHeaderBytes = sizeof(RecordingBlockHeader);

template <class T>
bool read_into(const File& file, std::uint64_t offset, T& value) {
  return file.read_at(offset, std::as_writable_bytes(std::span(&value, 1))) == sizeof value;
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

RecordingBlocks::RecordingBlocks(File file, bool use_index)
    : file_(std::move(file)), use_index_(use_index), size_(file_.size_bytes()) {
  read_file_header();
  const std::uint64_t index_offset = use_index ? read_index() : 0;
  has_index_ = index_offset > 0;
  if (has_index_) {
    read_headers(index_offset);
  } else {
    walk();
  }
}

void RecordingBlocks::read_file_header() {
  RecordingFileHeader header;
  if (!read_into(file_, 0, header)) {
    throw BadInput(file_.name(), fmt::format("{} bytes", size_),
                   "a recording of market events, which has 64 at least");
  }
  check_recording_file_header(header, file_.name());
}

// Where the index lies. 0 where the recording was not closed or its end is damaged: then its blocks say what there is.
std::uint64_t RecordingBlocks::read_index() {
  RecordingTrailer trailer;
  if (size_ < kFirstBlock + sizeof trailer || !read_into(file_, size_ - sizeof trailer, trailer)) return 0;
  if (!is_whole(trailer)) return 0;
  const std::uint64_t offset = trailer.index_offset, room = size_ - sizeof trailer;
  if (offset % kRecordingAlignment != 0 || offset < kFirstBlock || offset > room ||
      room - offset < kHeaderBytes) {
    throw BadInput(file_.name(), fmt::format("an index at byte {}", offset), "one inside the file");
  }
  const RecordingBlockHeader header = header_at(offset);
  if (header.type != RecordingBlockType::index || size_in_file(header) != room - offset) {
    refuse(RecordingBlockType::index, 0, offset, "it does not end where the recording does");
  }
  check_index(header, offset, trailer);
  event_count_ = trailer.event_count;
  tail_.complete = true;
  return offset;
}

void RecordingBlocks::check_index(const RecordingBlockHeader& header, std::uint64_t offset,
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

void RecordingBlocks::read_headers(std::uint64_t index_offset) {
  const std::vector<std::uint64_t> offsets = index_.header_offsets;
  if (offsets.empty() || offsets.front() != kFirstBlock) {
    refuse(RecordingBlockType::index, 0, index_offset, "it names no first header");
  }
  index_.header_offsets.clear();
  for (const std::uint64_t offset : offsets) {
    if (offset % kRecordingAlignment != 0 || offset > index_offset - kHeaderBytes) {
      refuse(RecordingBlockType::index, 0, index_offset, "it names a header outside the file");
    }
    const RecordingBlockHeader header = header_at(offset);
    const std::string fault = fault_of(header);
    if (!fault.empty()) refuse(RecordingBlockType::header, index_.header_offsets.size(), offset, fault);
    take_header(header, offset);
  }
}

// From block to block, as where there is no index. Stops before the first that is damaged or not whole.
void RecordingBlocks::walk() {
  std::uint64_t offset = kFirstBlock;
  while (step(offset)) {
  }
  if (index_.header_offsets.empty()) {
    throw BadInput(file_.name(), damage_.empty() ? "no table of instruments: " + tail_.describe() : damage_,
                   "a recording that begins with one");
  }
}

// False where no further whole block follows.
bool RecordingBlocks::step(std::uint64_t& offset) {
  if (size_ - offset < kHeaderBytes) return end_at(offset);
  const RecordingBlockHeader header = header_at(offset);
  const std::string fault = fault_of_next(header);
  if (!fault.empty()) return end_at_damage(header, offset, fault);
  if (size_ - offset < size_in_file(header)) return end_at(offset);
  if (header.type == RecordingBlockType::index) return end_at_index(header, offset);
  if (header.type == RecordingBlockType::header) {
    take_header(header, offset);
  } else {
    index_.entries.push_back({offset, header.first_event, header.first_ns, header.last_ns});
    event_count_ += header.event_count;
  }
  offset += size_in_file(header);
  return true;
}

bool RecordingBlocks::end_at(std::uint64_t offset) {
  tail_ = {.complete = false, .lost_bytes = size_ - offset};
  return false;
}

// A trailer that is whole was read before anything was walked, unless that was not wanted.
bool RecordingBlocks::end_at_index(const RecordingBlockHeader& header, std::uint64_t offset) {
  const std::uint64_t end = offset + size_in_file(header);
  if (size_ - end < sizeof(RecordingTrailer)) return end_at(offset);
  if (use_index_) {
    damage_ = fmt::format("the recording's end at byte {} is damaged", end);
  } else {
    tail_.complete = true;
  }
  return false;
}

bool RecordingBlocks::end_at_damage(const RecordingBlockHeader& header, std::uint64_t offset,
                                    const std::string& fault) {
  const bool is_index = header.magic == kRecordingBlockMagic && header.type == RecordingBlockType::index;
  damage_ = fmt::format("{} block {} at byte {} is damaged: {}", is_index ? "index" : "events",
                        is_index ? 0 : index_.entries.size(), offset, fault);
  return false;
}

// What is wrong with the block that follows those found so far.
std::string RecordingBlocks::fault_of_next(const RecordingBlockHeader& header) const {
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

void RecordingBlocks::take_header(const RecordingBlockHeader& header, std::uint64_t offset) {
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
std::vector<std::byte> RecordingBlocks::table_at(const RecordingBlockHeader& header,
                                                 std::uint64_t offset) const {
  std::string fault = fault_of(header);
  if (fault.empty() && size_ - offset - kHeaderBytes < padded_size(header.stored_bytes))
    fault = "it ends outside the file";
  if (!fault.empty()) refuse(header.type, header.number, offset, fault);
  std::vector<std::byte> payload(padded_size(header.stored_bytes));
  if (file_.read_at(offset + kHeaderBytes, payload) != payload.size()) require_whole(size_);
  const auto padding = std::span(payload).subspan(header.stored_bytes);
  if (!is_padding(padding)) refuse(header.type, header.number, offset, "what fills it up is not zero");
  payload.resize(header.stored_bytes);
  if (crc32c(payload) != header.payload_crc)
    refuse(header.type, header.number, offset, "its CRC32C is wrong");
  return payload;
}

RecordingBlockHeader RecordingBlocks::header_at(std::uint64_t offset) const {
  RecordingBlockHeader header{};
  if (!read_into(file_, offset, header)) require_whole(size_);
  return header;
}

std::uint32_t RecordingBlocks::events_in(std::size_t block) const {
  const auto& entries = index_.entries;
  const std::uint64_t end = block + 1 < entries.size() ? entries[block + 1].first_event : event_count_;
  return static_cast<std::uint32_t>(end - entries[block].first_event);
}

std::optional<std::array<std::uint64_t, kEventKindCount>> RecordingBlocks::kind_counts() const {
  if (!has_index_) return std::nullopt;
  return index_.kind_counts;
}

RecordingBlockHeader RecordingBlocks::header_of(std::size_t block) const {
  const RecordingIndexEntry& entry = index_.entries[block];
  const RecordingBlockHeader header = header_at(entry.offset);
  std::string fault = fault_of(header);
  if (fault.empty() && (header.type != RecordingBlockType::events || header.number != block ||
                        header.first_event != entry.first_event || header.event_count != events_in(block) ||
                        header.first_ns != entry.first_ns || header.last_ns != entry.last_ns)) {
    fault = "it is not the block that the index names";
  }
  if (fault.empty() && size_in_file(header) > size_ - entry.offset) fault = "it ends outside the file";
  if (!fault.empty()) refuse_block(block, fault);
  return header;
}

// Whether the file still reaches there.
void RecordingBlocks::require_whole(std::uint64_t end) const {
  const std::uint64_t now = file_.size_bytes();
  if (now >= end && now >= size_) return;
  throw BadInput(file_.name(), fmt::format("{} bytes", now),
                 fmt::format("the {} that it had when it was opened: it was cut while it was read", size_));
}

void RecordingBlocks::refuse_block(std::size_t block, const std::string& fault) const {
  refuse(RecordingBlockType::events, block, index_.entries[block].offset, fault);
}

void RecordingBlocks::refuse(RecordingBlockType type, std::uint64_t number, std::uint64_t offset,
                             const std::string& fault) const {
  throw BadInput(fmt::format("{}: {} block {} at byte {} is damaged: {}", file_.name(), name_of(type), number,
                             offset, fault));
}

}  // namespace hftsim
