// Market events written back as a capture of Binance messages, '<receive time, ns> <message>' in the order of receipt:
// the inverse of an import, field by field as the exchange writes them (docs/binance.md says what a recording does not
// keep). Streams are named plainly, depth for depth@0ms; among several symbols a REST body comes with its URL.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "adapters/binance/message_parser.h"
#include "engine/runtime/event_source.h"

namespace hftsim::binance {

struct CaptureWriteOptions {
  Market market = Market::usdm;
  std::int64_t recv_correction_ns = 0;      // was added to the receive times: is taken off again
  std::int64_t window_ns = 60'000'000'000;  // how far an event may have been received before the newest
};

struct CaptureWritten {
  std::uint64_t messages = 0;
  std::uint64_t left_out = 0;  // session marks and timers, which are no messages
};

// One message as JSON, appended to `text`: of all the events of a book message, of one event otherwise. Marks and timers
// have none.
void append_message(std::string& text, std::span<const Event> events, const Instrument& instrument,
                    Market market);

// All events of the source, in the order of either clock. A name that ends in .gz is compressed. The file appears under
// its name when it is complete. `on_progress` hears the number of events read. Throws BadInput for a book message without
// an end, or a receive time beyond the window, IoFailure, and what the source throws.
CaptureWritten write_capture(const std::filesystem::path& path, EventSource& source,
                             const CaptureWriteOptions& options,
                             const std::function<void(std::uint64_t events)>& on_progress = {});

}  // namespace hftsim::binance
