// The events of a run: bars opened from files or the generator, merged where there are several, or a session's
// recording; observed on their way for what the summary and the report say about them.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/bar_reader.h"
#include "adapters/bar_source.h"
#include "engine/core/instrument.h"
#include "engine/runtime/event_source.h"
#include "tools/bar_openings.h"
#include "tools/candle.h"
#include "tools/run_config.h"

namespace hftsim {

class RunData final : public EventSource {
 public:
  // Throws BadInput for files that are missing or no bars.
  explicit RunData(const RunConfig& config);

  // With the account's lot size and minimum notional.
  std::span<const Instrument> instruments() const override { return instruments_; }
  std::size_t read(std::span<Event> out) override;
  // Reads the first bars ahead, for read() to give. Throws BadInput where the data has none or begins badly: before
  // a run is kept or an old one removed.
  void read_first_bars();
  std::uint64_t size_hint() const override { return source_->size_hint(); }

  // Keeps candles of every instrument from here on.
  void sample_candles();
  const std::vector<Candles>& candles() const { return candles_; }

  std::string path() const { return path_; }
  // Of the file; of all files' digests where there are several (as in the cache); of the generator's options where it was used.
  std::string sha256() const;
  std::optional<Timestamp> first_open() const { return first_open_; }
  std::optional<Timestamp> last_close() const { return last_close_; }
  DataFindings findings() const;
  std::uint64_t bars() const { return bars_; }  // read so far
  std::uint64_t bars_without_trade_count() const { return bars_without_trade_count_; }

 private:
  void open_files(const RunConfig& config);
  void open_session(const RunConfig& config);
  void open_generator(const RunConfig& config);
  std::size_t take_first_bars(std::span<Event> out);
  void observe(std::span<const Event> events);
  void observe_bar(const Event& bar);

  std::string path_;
  std::vector<std::string> files_;
  std::string generator_options_;
  std::unique_ptr<EventSource> source_;
  std::vector<const BarSource*> bar_sources_;
  std::vector<Instrument> instruments_;
  std::vector<Event> first_bars_;  // read ahead
  std::size_t next_first_bar_ = 0;
  std::vector<Candles> candles_;
  BarOpenings openings_;
  std::optional<Timestamp> first_open_, last_close_;
  std::uint64_t bars_ = 0, bars_without_trade_count_ = 0;
};

}  // namespace hftsim
