// The FlatBuffers in a recording's blocks (recording.fbs), to and from what the program works with. Reading checks
// everything: whatever the bytes, what comes back is valid or it is said what is wrong.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/core/instrument.h"
#include "replay/event_check.h"
#include "replay/recording_file.h"

namespace hftsim {

// What a recording says of itself.
struct RecordingHeader {
  std::vector<Instrument> instruments = {};
  EventOrder order = EventOrder::exchange;
  std::int64_t recv_correction_ns = 0;  // what was added to every receive time
  std::string source = {};              // what the events come from, for people
  std::string created_by = "hftsim";    // program and version
};

struct RecordingIndexEntry {
  std::uint64_t offset;  // of the block in the file
  std::uint64_t first_event;
  std::int64_t first_ns, last_ns;
};
static_assert(sizeof(RecordingIndexEntry) == 32);

struct RecordingIndex {
  std::vector<RecordingIndexEntry> entries = {};
  std::vector<std::uint64_t> header_offsets = {};
  std::array<std::uint64_t, kEventKindCount> kind_counts = {};
};

// Bytes that begin on a cache line, as the blocks of a file do.
struct alignas(kRecordingAlignment) RecordingLine {
  std::byte bytes[kRecordingAlignment];
};

// Throws BadInput(place, ...) for instruments that no reader would take: no or a second name, a step of 0, more
// than 65535 of them.
void check_instruments(std::span<const Instrument> instruments, const std::string& place);

std::vector<std::byte> encode(const RecordingHeader& header);
std::vector<std::byte> encode(const RecordingIndex& index);

// What is wrong with the payload, or "" and `header` is what it says.
std::string decode(std::span<const std::byte> payload, RecordingHeader& header);
std::string decode(std::span<const std::byte> payload, RecordingIndex& index);

// The 64 bytes that make the `count` events behind them a FlatBuffer.
void write_events_prologue(std::span<std::byte, kEventsPrologueBytes> prologue, std::uint32_t count);

// The events where they lie in the payload, which begins on a 64-byte boundary. What is wrong with it, or "".
std::string events_in(std::span<const std::byte> payload, std::uint32_t count,
                      std::span<const Event>& events);

}  // namespace hftsim
