#include "adapters/cache/bar_file.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "adapters/bar_table.h"
#include "adapters/duckdb_connection.h"
#include "adapters/parquet_file.h"
#include "adapters/parquet_writer.h"
#include "engine/core/errors.h"

namespace hftsim {
namespace {

// NaN is the same as NaN.
bool is_same_number(double a, double b) {
  return a == b || std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

double rounded(double value) {
  return static_cast<double>(static_cast<float>(value));
}

std::vector<TableColumn> columns_of(CacheStorage storage) {
  const bool exact = storage == CacheStorage::exact;
  const ColumnType real = exact ? ColumnType::float64 : ColumnType::float32;
  return {{"timestamp", ColumnType::timestamp_ns},
          {"open", real},
          {"high", real},
          {"low", real},
          {"close", real},
          {"volume", real},
          {"trades", exact ? ColumnType::int64 : ColumnType::int32}};
}

constexpr std::size_t kTradesColumn = 6;

void put_exact(RowBatch& batch, std::size_t at, const BarRow& row) {
  batch.float64(1)[at] = row.open;
  batch.float64(2)[at] = row.high;
  batch.float64(3)[at] = row.low;
  batch.float64(4)[at] = row.close;
  batch.float64(5)[at] = row.volume;
  batch.int64(kTradesColumn)[at] = row.trades;
}

void put_compact(RowBatch& batch, std::size_t at, const BarRow& row) {
  batch.float32(1)[at] = static_cast<float>(row.open);
  batch.float32(2)[at] = static_cast<float>(row.high);
  batch.float32(3)[at] = static_cast<float>(row.low);
  batch.float32(4)[at] = static_cast<float>(row.close);
  batch.float32(5)[at] = static_cast<float>(row.volume);
  batch.int32(kTradesColumn)[at] = static_cast<std::int32_t>(row.trades);
}

void require_compact(const std::vector<BarRow>& rows) {
  for (const BarRow& row : rows) {
    if (row.trades <= std::numeric_limits<std::int32_t>::max()) continue;
    throw BadInput("bar of " + std::to_string(row.open_ns), std::to_string(row.trades) + " trades",
                   "fewer than 2^31 where bars are stored as float32 and int32");
  }
}

}  // namespace

bool BarRow::is_same(const BarRow& other) const {
  return open_ns == other.open_ns && is_same_number(open, other.open) && is_same_number(high, other.high) &&
         is_same_number(low, other.low) && is_same_number(close, other.close) &&
         is_same_number(volume, other.volume) && trades == other.trades;
}

BarRow bar_row(const Event& bar, Duration interval) {
  return {bar.ts_ns - interval.value,
          bar.bar.open,
          bar.bar.high,
          bar.bar.low,
          bar.bar.close,
          bar.bar.volume,
          bar.has(kNoTradeCount) ? BarRow::kNoTrades : std::int64_t{bar.trades}};
}

BarRow rounded(BarRow row, CacheStorage storage) {
  if (storage == CacheStorage::exact) return row;
  for (double* value : {&row.open, &row.high, &row.low, &row.close, &row.volume}) *value = rounded(*value);
  return row;
}

std::vector<BarRow> read_bar_file(const std::filesystem::path& file) {
  std::vector<BarRow> rows;
  BarTable table(file);
  for (const BarRows* batch = &table.next(); batch->count > 0; batch = &table.next()) {
    for (std::size_t i = 0; i < batch->count; ++i) {
      const double trades = batch->trades == nullptr ? NAN : batch->trades[i];
      rows.push_back({batch->open_ns[i], batch->open[i], batch->high[i], batch->low[i], batch->close[i],
                      batch->volume[i],
                      std::isnan(trades) ? BarRow::kNoTrades : static_cast<std::int64_t>(trades)});
    }
  }
  return rows;
}

CacheStorage storage_of_bar_file(const std::filesystem::path& file) {
  DuckDbConnection connection;
  const auto columns = connection.describe("SELECT * FROM " + parquet_table(file));
  const bool compact = std::any_of(columns.begin(), columns.end(), [](const DuckDbColumn& column) {
    return column.type == DUCKDB_TYPE_FLOAT;
  });
  return compact ? CacheStorage::compact : CacheStorage::exact;
}

void write_bar_file(const std::filesystem::path& file, const std::vector<BarRow>& rows, CacheStorage storage,
                    const std::map<std::string, std::string>& footer) {
  if (storage == CacheStorage::compact) require_compact(rows);
  const auto put = storage == CacheStorage::exact ? put_exact : put_compact;
  std::size_t next = 0;
  write_parquet(
      file, columns_of(storage),
      [&](RowBatch& batch) {
        const std::size_t count = std::min(batch.capacity(), rows.size() - next);
        for (std::size_t i = 0; i < count; ++i) {
          const BarRow& row = rows[next + i];
          batch.int64(0)[i] = row.open_ns;
          put(batch, i, row);
          if (row.trades == BarRow::kNoTrades) batch.set_null(kTradesColumn, i);
        }
        next += count;
        return count;
      },
      footer);
}

TimeRanges times_of(const std::vector<BarRow>& rows, Duration interval) {
  std::vector<TimeRange> runs;
  for (const BarRow& row : rows) {
    const TimeRange bar{row.open_ns, row.open_ns + interval.value};
    if (runs.empty() || runs.back().to_ns != bar.from_ns) {
      runs.push_back(bar);
    } else {
      runs.back().to_ns = bar.to_ns;
    }
  }
  return TimeRanges(std::move(runs));
}

}  // namespace hftsim
