// A recording that a command makes: it appears under its name when it is complete, and not at all where something
// goes wrong. (A live session writes with RecordingWriter itself, so that what it has is kept.)
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "engine/runtime/event_source.h"
#include "replay/recording_writer.h"

namespace hftsim {

// Throws BadInput where the file's name does not end in .hfr, or where it exists and `force` is not given, or is one of
// the files that are read.
void require_free_recording(const std::filesystem::path& path, bool force,
                            std::span<const std::filesystem::path> inputs = {});

// Whether a name says that it is to be a recording.
bool names_recording(const std::filesystem::path& path);

// All events of the source; returns how many. The header's instruments are the source's, its program this one.
// `on_progress` hears the number written so far. Throws BadInput where another process writes that file, and what
// the source, the writer and `on_progress` throw.
std::uint64_t write_recording(const std::filesystem::path& path, EventSource& source, RecordingHeader header,
                              RecordingOptions options,
                              const std::function<void(std::uint64_t events)>& on_progress = {});

}  // namespace hftsim
