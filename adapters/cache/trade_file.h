// One Parquet file of the cache's trades as rows, and back.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "adapters/cache/time_ranges.h"
#include "adapters/duckdb_connection.h"
#include "adapters/pinned_file.h"
#include "engine/core/event.h"
#include "engine/core/instrument.h"

namespace hftsim {

struct TradeRow {
  std::int64_t id;  // of the aggregate
  std::int64_t ts_ns;
  std::int64_t price_units, quantity_units;  // of 1e-8
  std::int64_t id_first, id_last;            // of the trades in it
  std::int64_t buyer_is_maker;               // 0 or 1

  // What the cache sorts by, what it partitions by, and what makes two rows the same.
  std::int64_t order() const { return id; }
  std::int64_t time_ns() const { return ts_ns; }
  bool is_same(const TradeRow& other) const { return *this == other; }
  friend bool operator==(const TradeRow&, const TradeRow&) = default;
};
static_assert(sizeof(TradeRow) == 56);  // no padding: rows are checksummed as they lie

// Throws BadInput for a price or a quantity that is no whole number of 1e-8, or beyond what the columns hold.
TradeRow trade_row(const Event& trade, const Instrument& instrument);
Event trade_event(const TradeRow& row);

// The rows of one file, in its order, a batch at a time.
class TradeFileReader {
 public:
  // Times within `whole` only. Throws BadInput that names the file where it is damaged or has not the columns.
  TradeFileReader(const std::filesystem::path& file, TimeRange whole);

  // The next rows, up to 2048; empty at the end.
  std::span<const TradeRow> next();

 private:
  std::filesystem::path file_;
  PinnedFile pinned_;
  DuckDbConnection connection_;
  DuckDbResult result_;  // goes before the connection
  std::vector<TradeRow> rows_;
};

// All of them. Throws BadInput as the reader does.
std::vector<TradeRow> read_trade_file(const std::filesystem::path& file);

// Throws IoFailure.
void write_trade_file(const std::filesystem::path& file, const std::vector<TradeRow>& rows,
                      const std::map<std::string, std::string>& footer);

}  // namespace hftsim
