// What every command that writes a recording is told about it.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "replay/recording_writer.h"

namespace hftsim {

struct RecordingOutputOptions {
  std::string out;
  int zstd_level = 0;
  std::uint32_t block_events = kRecordingBlockEventsDefault;
  bool force = false;

  RecordingOptions options() const { return {.block_events = block_events, .zstd_level = zstd_level}; }
};

inline void add_recording_output(CLI::App& command, RecordingOutputOptions& output) {
  command.add_option("-o,--out", output.out, "FILE.hfr")->required();
  command.add_option("--zstd", output.zstd_level, "Compress blocks; 0: to be read in place")
      ->capture_default_str()
      ->check(CLI::Range(0, 19));
  command.add_option("--block", output.block_events, "Events per block")
      ->capture_default_str()
      ->check(CLI::Range(1u, kRecordingBlockEventsMax));
  command.add_flag("--force", output.force, "Replace the file that --out names");
}

}  // namespace hftsim
