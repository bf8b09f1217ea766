// Bars of one instrument from a Parquet or CSV file (plain or .gz), as events: streamed, validated, known at
// their close.
//
// A file's time column is the bar's OPEN time; the event's ts is open + interval. Names of columns: see
// bar_columns.h; epochs and text times: bar_time.h; what is wrong with the data: bar_validator.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/bar_source.h"
#include "adapters/bar_table.h"
#include "adapters/bar_validator.h"
#include "engine/core/instrument.h"
#include "engine/runtime/event_source.h"

namespace hftsim {

struct BarReaderOptions {
  std::string interval = {};  // "1m"; empty: the most frequent step of the file's first rows
  std::string symbol = {};    // empty: symbol_of(path)
  DataPolicy policy = DataPolicy::reject;
  Timestamp now{INT64_MAX};  // a bar that closes later is still open
  // Bars that open from then on, and before then; of files whose bars are in order of time.
  Timestamp from{INT64_MIN}, to{INT64_MAX};
  // What the user sets these by, for messages (setting.h).
  std::string interval_key = "data.interval", policy_key = "data.policy";
  std::string damage_advice = {};  // behind the message where a file turns out to be damaged: "; ..."
};

// The file's name without its endings, up to the first part behind '-' or '_' that is an interval or a date:
// BTCUSDT-1m-2024-01.csv.gz is BTCUSDT, BTC-USD.parquet is BTC-USD.
std::string symbol_of(const std::filesystem::path& path);

class BarReader final : public BarSource {
 public:
  // Reads the first rows. Throws BadInput where the file is missing, a directory, empty, unreadable or lacks
  // a column, or where its interval cannot be told.
  explicit BarReader(const std::filesystem::path& path, BarReaderOptions options = {});
  // Several files of one instrument's bars as one, in that order; `name` stands for them in messages.
  BarReader(std::vector<std::filesystem::path> paths, const std::string& name, BarReaderOptions options);

  std::span<const Instrument> instruments() const override { return {&instrument_, 1}; }
  // Throws BadInput with the place: a cell that is no number, a bar that the policy rejects.
  std::size_t read(std::span<Event> out) override;
  // The rows of a Parquet file, before validation; 0 for CSV.
  std::uint64_t size_hint() const override { return table_.row_count(); }

  Duration interval() const { return instrument_.bar_interval; }
  const DataFindings& findings() const override { return validator_->findings(); }
  // Open times of the first and the last bar given so far; empty before the first.
  std::optional<Timestamp> first_open() const { return first_open_; }
  std::optional<Timestamp> last_open() const { return last_open_; }

 private:
  void choose_interval(const BarReaderOptions& options);
  std::size_t read_judged(std::span<Event> out);
  std::size_t read_fresh(std::span<Event> out);
  bool has_rows();
  std::span<const std::int64_t> probe() const;
  void next_rows();
  void skip_before(Timestamp from);
  void decode(std::span<Event> out);
  void mark(std::span<const Event> bars);

  std::filesystem::path path_;
  BarTable table_;
  Timestamp to_;
  std::string damage_advice_;
  BarRows rows_;
  std::size_t next_row_ = 0;        // of rows_
  std::uint64_t skipped_rows_ = 0;  // before the first bar that is read
  Instrument instrument_;
  std::optional<BarValidator> validator_;
  std::vector<Event> doubtful_;  // decoded, to be judged one by one
  std::size_t next_doubtful_ = 0;
  std::optional<Timestamp> first_open_;
  std::optional<Timestamp> last_open_;
};

}  // namespace hftsim
