// Captures of exchange messages as a recording: looked at first, so that its instruments and their steps are known before
// anything is written, then parsed, sequenced and put in order.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "adapters/binance/capture_source.h"
#include "replay/recording_writer.h"

namespace hftsim {

// exchange: in the order of the exchange's times. receive: in that of receipt. corrected: in that of receipt, with every
// receive time moved so that no message arrives before it was sent. Both times are kept in any case.
enum class ImportClock : std::uint8_t { exchange, receive, corrected };

struct ImportOptions {
  ImportClock clock = ImportClock::exchange;
  std::string symbol = {};  // of REST bodies that name none; "": the only one there is
  std::int64_t window_ns = binance::kCaptureWindowNs;
  RecordingOptions recording = {};
};

struct ImportedDepth {
  std::string symbol;
  binance::DepthCounts counts;
};

struct ImportSummary {
  std::uint64_t events = 0;
  Market market = Market::spot;
  binance::CaptureLineCounts lines;
  binance::CaptureCounts counts;
  std::vector<ImportedDepth> depth;  // of each instrument
  std::int64_t recv_correction_ns = 0;
};

// Hears how many bytes of how many were read.
using ImportProgress = std::function<void(std::uint64_t bytes, std::uint64_t of)>;

// Throws BadInput with file and line, IoFailure; nothing is left then under the name of `out`.
ImportSummary import_captures(std::span<const std::filesystem::path> paths, const std::filesystem::path& out,
                              const ImportOptions& options, const ImportProgress& on_progress = {});

// For people, line by line.
std::string describe(const ImportSummary& summary);

}  // namespace hftsim
