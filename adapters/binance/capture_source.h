// Captures of Binance messages as a source of events: parsed, their depth messages sequenced, in one order, both clocks
// kept. Memory is bounded by the window within which messages may come out of order.
//
// Nothing of a message that has events is left out: depth messages from before the snapshot are given too, since in the
// order of the exchange's times they stand before it. A snapshot without a time (spot) stands right before the first
// depth message that goes beyond it. In the order of receipt it stands where it was received, behind messages that belong
// on top of it: what follows a book there has to keep them until it comes (BookSequencer).
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "adapters/binance/capture_file.h"
#include "adapters/binance/capture_survey.h"
#include "adapters/binance/depth_tracker.h"
#include "adapters/binance/message_parser.h"
#include "engine/runtime/event_source.h"
#include "replay/reorder_buffer.h"

namespace hftsim::binance {

inline constexpr std::int64_t kCaptureWindowNs = 10'000'000'000;

struct CaptureOptions {
  EventOrder order = EventOrder::exchange;
  std::int64_t recv_correction_ns = 0;  // added to every receive time
  std::int64_t window_ns =
      kCaptureWindowNs;  // how far a message may run behind the newest, by the order's clock
};

struct CaptureCounts {
  std::array<std::uint64_t, kMessageKindCount> messages{};    // by MessageKind
  std::map<std::string, std::uint64_t, std::less<>> unknown;  // by name; what is beyond 64 names as "others"
  std::uint64_t levels = 0;                                   // of depth messages and snapshots
  std::uint64_t off_book_trades = 0;
  std::uint64_t estimated_times = 0;
  DurationHistogram latency;  // as CaptureSurvey's, before the correction
};

class CaptureSource final : public EventSource {
 public:
  // Throws BadInput where a file cannot be opened. `survey`: of the same files, or their first lines.
  CaptureSource(std::span<const std::filesystem::path> paths, const CaptureSurvey& survey,
                CaptureOptions options = {});

  std::span<const Instrument> instruments() const override { return symbols_.instruments(); }

  // Throws BadInput with file and line; OutsideTable where the survey was too short a look: a symbol or a decimal more.
  std::size_t read(std::span<Event> out) override;

  const CaptureCounts& counts() const { return counts_; }
  CaptureLineCounts line_counts() const { return files_.counts(); }
  DepthCounts depth_counts(InstrumentId id) const { return trackers_[id].counts(); }
  std::uint64_t bytes_read() const { return files_.bytes_read(); }
  std::uint64_t bytes_total() const { return files_.bytes_total(); }

 private:
  bool take_line();
  void take(const ParsedMessage& parsed);
  void take_diff(InstrumentId id);
  void take_snapshot(InstrumentId id);
  void count(const ParsedMessage& parsed);
  void give_waiting_snapshot(InstrumentId id, std::int64_t ts_ns);
  void push(std::span<const Event> message);
  void push_mark(Event& mark);
  void end();

  CaptureFiles files_;
  CaptureOptions options_;
  SymbolTable symbols_;
  MessageParser parser_;
  std::vector<DepthTracker> trackers_;
  std::vector<std::vector<Event>> waiting_snapshots_;  // without a time, newer than every diff so far
  ReorderBuffer buffer_;
  std::vector<Event> message_;
  CaptureCounts counts_;
  bool at_end_ = false;
};

}  // namespace hftsim::binance
