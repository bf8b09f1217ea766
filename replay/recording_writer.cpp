#include "replay/recording_writer.h"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <system_error>

#include "engine/core/errors.h"

namespace hftsim {
namespace {

constexpr std::size_t kIndexRoom = 16'384;  // entries: half a MiB, which is not touched before it is needed
constexpr std::size_t kHeaderBytes = sizeof(RecordingBlockHeader);

std::size_t lines_for(std::size_t bytes) {
  return padded_size(bytes) / sizeof(RecordingLine);
}

RecordingOptions checked(RecordingOptions options, const std::string& file) {
  if (options.block_events < 1 || options.block_events > kRecordingBlockEventsMax) {
    throw BadInput(file, fmt::format("blocks of {} events", options.block_events),
                   fmt::format("1 to {}", kRecordingBlockEventsMax));
  }
  if (options.zstd_level < 0 || options.zstd_level > 19) {
    throw BadInput(file, fmt::format("zstd level {}", options.zstd_level), "0 (none) to 19");
  }
  return options;
}

// Not made where nothing could be written into it.
File new_file(const std::filesystem::path& path, const RecordingHeader& header,
              const RecordingOptions& options) {
  check_instruments(header.instruments, path.string());
  checked(options, path.string());
  return File::create_new(path);
}

std::span<std::byte> bytes_of(std::vector<RecordingLine>& lines) {
  return std::as_writable_bytes(std::span(lines));
}

}  // namespace

void RecordingWriter::FreeContext::operator()(ZSTD_CCtx_s* context) const {
  ZSTD_freeCCtx(context);
}

RecordingWriter::RecordingWriter(const std::filesystem::path& path, RecordingHeader header,
                                 RecordingOptions options)
    : RecordingWriter(new_file(path, header, options), header, options) {}

RecordingWriter::RecordingWriter(File file, RecordingHeader header, RecordingOptions options)
    : file_((check_instruments(header.instruments, file.name()), checked(options, file.name()),
             std::move(file))),
      header_(std::move(header)),
      options_(options),
      block_(lines_for(kHeaderBytes + kEventsPrologueBytes + options.block_events * sizeof(Event))) {
  if (options.zstd_level > 0) {
    zstd_.reset(ZSTD_createCCtx());
    const std::size_t raw = kEventsPrologueBytes + options.block_events * sizeof(Event);
    packed_.resize(lines_for(kHeaderBytes + ZSTD_compressBound(raw)));
  }
  index_.entries.reserve(kIndexRoom);
  const RecordingFileHeader file_header = make_recording_file_header();
  write(std::as_bytes(std::span(&file_header, 1)));
  write_header();
}

RecordingWriter::~RecordingWriter() {
  if (error_ != 0 || closed_) return;
  try {
    flush();
  } catch (const IoFailure&) {
    // Whoever wants to hear of it calls close().
  }
}

void RecordingWriter::append(std::span<const Event> events) {
  assert(!closed_);
  if (error_ != 0) fail();
  const EventLimits limits{header_.order, last_ns_, header_.instruments.size()};
  if (const std::size_t bad = first_bad_event(events, limits); bad < events.size()) {
    throw BadInput(fmt::format("{}: event {}", file_.name(), event_count() + bad),
                   fault_of_event(events, bad, limits),
                   "events of known kinds and instruments whose time never goes back");
  }
  while (!events.empty()) {
    const std::size_t taken = fitting(events);
    if (taken > 0) {
      std::memcpy(room().data() + open_events_, events.data(), taken * sizeof(Event));
      open_events_ += static_cast<std::uint32_t>(taken);
      last_ns_ = ordering_ns(events[taken - 1], header_.order);
      events = events.subspan(taken);
    }
    if (open_events_ == options_.block_events || !events.empty()) write_events();
  }
}

InstrumentId RecordingWriter::add_instruments(std::span<const Instrument> instruments) {
  assert(!closed_);
  std::vector<Instrument> all = header_.instruments;
  all.insert(all.end(), instruments.begin(), instruments.end());
  check_instruments(all, file_.name());
  flush();
  const auto first = static_cast<InstrumentId>(header_.instruments.size());
  header_.instruments = std::move(all);
  write_header();
  return first;
}

void RecordingWriter::flush() {
  if (error_ != 0) fail();
  if (open_events_ > 0) write_events();
}

void RecordingWriter::close() {
  if (closed_) return;
  flush();
  write_end();
  if (options_.sync != SyncPolicy::none) force_to_disk();
  closed_ = true;
}

std::span<Event> RecordingWriter::room() {
  auto* events = reinterpret_cast<Event*>(bytes_of(block_).data() + kHeaderBytes + kEventsPrologueBytes);
  return {events, options_.block_events};
}

// How many of them go into the open block.
std::size_t RecordingWriter::fitting(std::span<const Event> events) const {
  const std::size_t most = std::min<std::size_t>(events.size(), options_.block_events - open_events_);
  if (options_.block_span.value == 0) return most;
  const auto* open = reinterpret_cast<const Event*>(block_.data() + 2);  // behind header and prologue
  const std::int64_t first_ns = ordering_ns(open_events_ > 0 ? *open : events.front(), header_.order);
  const auto first_late = std::partition_point(
      events.begin(), events.begin() + static_cast<std::ptrdiff_t>(most), [&](const Event& event) {
        const auto since = static_cast<std::uint64_t>(ordering_ns(event, header_.order)) -
                           static_cast<std::uint64_t>(first_ns);
        return since < static_cast<std::uint64_t>(options_.block_span.value);
      });
  return static_cast<std::size_t>(first_late - events.begin());
}

void RecordingWriter::write_header() {
  const std::uint64_t number = index_.header_offsets.size();
  const std::uint64_t offset = good_bytes_;
  write_table(RecordingBlockType::header, number, encode(header_));
  index_.header_offsets.push_back(offset);
}

void RecordingWriter::write_events() {
  const std::span<const Event> events = room().first(open_events_);
  RecordingBlockHeader header{};
  header.type = RecordingBlockType::events;
  header.number = index_.entries.size();
  header.first_event = written_events_;
  header.first_ns = ordering_ns(events.front(), header_.order);
  header.last_ns = ordering_ns(events.back(), header_.order);
  header.event_count = open_events_;
  header.raw_bytes = static_cast<std::uint32_t>(kEventsPrologueBytes + events.size_bytes());
  const RecordingIndexEntry entry{good_bytes_, written_events_, header.first_ns, header.last_ns};
  write(packed(header));
  index_.entries.push_back(entry);
  for (const Event& event : events) ++index_.kind_counts[static_cast<std::size_t>(event.kind)];
  written_events_ += open_events_;
  open_events_ = 0;
  if (options_.sync == SyncPolicy::block) force_to_disk();
}

// The block as it goes into the file. One that zstd makes no smaller stays as it is.
std::span<const std::byte> RecordingWriter::packed(RecordingBlockHeader& header) {
  const std::span<std::byte> block = bytes_of(block_).first(kHeaderBytes + header.raw_bytes);
  const std::span<std::byte> raw = block.subspan(kHeaderBytes);
  write_events_prologue(raw.first<kEventsPrologueBytes>(), header.event_count);
  if (zstd_) {
    const std::span<std::byte> to = bytes_of(packed_).subspan(kHeaderBytes);
    const std::size_t size =
        ZSTD_compressCCtx(zstd_.get(), to.data(), to.size(), raw.data(), raw.size(), options_.zstd_level);
    if (ZSTD_isError(size) == 0 && size < raw.size()) {
      header.codec = RecordingCodec::zstd;
      seal(header, to.first(size));
      std::fill(to.begin() + static_cast<std::ptrdiff_t>(size),
                to.begin() + static_cast<std::ptrdiff_t>(padded_size(size)), std::byte{0});
      std::memcpy(packed_.data(), &header, sizeof header);
      return bytes_of(packed_).first(kHeaderBytes + padded_size(size));
    }
  }
  seal(header, raw);
  std::memcpy(block.data(), &header, sizeof header);
  return block;
}

void RecordingWriter::write_table(RecordingBlockType type, std::uint64_t number,
                                  std::span<const std::byte> payload) {
  RecordingBlockHeader header{};
  header.type = type;
  header.number = number;
  header.first_event = written_events_;
  header.raw_bytes = static_cast<std::uint32_t>(payload.size());
  seal(header, payload);
  std::vector<std::byte> block(kHeaderBytes + padded_size(payload.size()));
  std::memcpy(block.data(), &header, sizeof header);
  std::memcpy(block.data() + kHeaderBytes, payload.data(), payload.size());
  write(block);
}

void RecordingWriter::write_end() {
  RecordingTrailer trailer{};
  trailer.index_offset = good_bytes_;
  trailer.events_blocks = index_.entries.size();
  trailer.event_count = written_events_;
  if (!index_.entries.empty()) {
    trailer.first_ns = index_.entries.front().first_ns;
    trailer.last_ns = index_.entries.back().last_ns;
  }
  seal(trailer);
  write_table(RecordingBlockType::index, 0, encode(index_));
  write(std::as_bytes(std::span(&trailer, 1)));
}

void RecordingWriter::write(std::span<const std::byte> bytes) {
  error_ = file_.write_all(bytes);
  if (error_ != 0) {
    file_.cut_to(good_bytes_);
    fail();
  }
  good_bytes_ += bytes.size();
}

void RecordingWriter::force_to_disk() {
  error_ = file_.sync();
  if (error_ != 0) fail();
}

void RecordingWriter::fail() {
  throw IoFailure(fmt::format("{}: cannot write: {}; the {} events written before ({} bytes) can be read",
                              file_.name(), std::generic_category().message(error_), written_events_,
                              good_bytes_));
}

}  // namespace hftsim
