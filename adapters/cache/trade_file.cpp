#include "adapters/cache/trade_file.h"

#include <algorithm>
#include <limits>

#include "adapters/parquet_file.h"
#include "adapters/parquet_writer.h"
#include "engine/core/errors.h"

namespace hftsim {
namespace {

constexpr int kDecimals = 8;
constexpr std::int64_t kPriceUnitsMax = 999'999'999'999'999'999;  // DECIMAL(18,8)

const std::vector<TableColumn> kColumns = {{"id", ColumnType::int64},
                                           {"timestamp", ColumnType::timestamp_ns},
                                           {"price", ColumnType::decimal18},
                                           {"quantity", ColumnType::decimal20},
                                           {"first_id", ColumnType::int64},
                                           {"last_id", ColumnType::int64},
                                           {"buyer_is_maker", ColumnType::boolean}};

// n steps in units of 1e-8; false where that is no whole number or too large.
bool to_units(std::int64_t n, DecimalStep step, std::int64_t most, std::int64_t& units) {
  if (__builtin_mul_overflow(n, step.units, &units)) return false;
  if (step.decimals <= kDecimals) {
    const std::int64_t factor = kPowersOfTen[static_cast<std::size_t>(kDecimals - step.decimals)];
    if (__builtin_mul_overflow(units, factor, &units)) return false;
  } else {
    const std::int64_t divisor = kPowersOfTen[static_cast<std::size_t>(step.decimals - kDecimals)];
    if (units % divisor != 0) return false;
    units /= divisor;
  }
  return units >= 0 && units <= most;
}

std::int64_t checked_units(std::int64_t n, DecimalStep step, std::int64_t most, const Event& trade,
                           const char* what) {
  std::int64_t units = 0;
  if (to_units(n, step, most, units)) return units;
  throw BadInput("trade " + std::to_string(trade.trade.seq), what + (" " + format_steps(n, step)),
                 "at most 8 decimals and below 1e10 (a quantity: 9e10), which the cache holds");
}

std::string query(const std::filesystem::path& file, TimeRange whole) {
  const std::string range = " WHERE timestamp >= make_timestamp_ns(" + std::to_string(whole.from_ns) +
                            ") AND timestamp < make_timestamp_ns(" + std::to_string(whole.to_ns) + ")";
  return "SELECT CAST(id AS BIGINT), CAST(timestamp AS TIMESTAMP_NS), CAST(CAST(price AS DECIMAL(38, 8)) * "
         "100000000 AS BIGINT), "
         "CAST(CAST(quantity AS DECIMAL(38, 8)) * 100000000 AS BIGINT), CAST(first_id AS BIGINT), "
         "CAST(last_id AS BIGINT), "
         "CAST(buyer_is_maker AS BOOLEAN) FROM " +
         parquet_table(file) + (whole == TimeRange{INT64_MIN, INT64_MAX} ? "" : range);
}

const std::filesystem::path& required(const std::filesystem::path& file) {
  require_file(file, "a Parquet file of trades");
  return file;
}

void require_no_null(const DuckDbResult& result, const std::filesystem::path& file) {
  for (std::size_t column = 0; column < kColumns.size(); ++column) {
    const std::uint64_t* validity = result.validity(column);
    for (std::size_t row = 0; validity != nullptr && row < result.rows(); ++row) {
      if (!is_valid(validity, row))
        throw BadInput(file.string() + ": column '" + kColumns[column].name + "'", "nothing", "a value");
    }
  }
}

void put(RowBatch& batch, std::size_t at, const TradeRow& row) {
  batch.int64(0)[at] = row.id;
  batch.int64(1)[at] = row.ts_ns;
  batch.int64(2)[at] = row.price_units;
  batch.set_decimal20(3, at, row.quantity_units);
  batch.int64(4)[at] = row.id_first;
  batch.int64(5)[at] = row.id_last;
  batch.boolean(6)[at] = row.buyer_is_maker != 0;
}

}  // namespace

TradeRow trade_row(const Event& event, const Instrument& instrument) {
  const TradeBody& trade = event.trade;
  return {static_cast<std::int64_t>(trade.seq),
          event.ts_ns,
          checked_units(trade.price_ticks, instrument.price_step, kPriceUnitsMax, event, "price"),
          checked_units(trade.quantity_lots, instrument.quantity_step, INT64_MAX, event, "quantity"),
          static_cast<std::int64_t>(trade.id_first),
          static_cast<std::int64_t>(trade.id_last),
          event.has(kBuyerIsMaker) ? 1 : 0};
}

Event trade_event(const TradeRow& row) {
  Event event{};
  event.ts_ns = row.ts_ns;
  event.recv_ns = row.ts_ns;
  event.kind = EventKind::trade;
  event.flags = row.buyer_is_maker != 0 ? kBuyerIsMaker : 0;
  event.trade = {row.price_units, row.quantity_units, static_cast<std::uint64_t>(row.id),
                 static_cast<std::uint64_t>(row.id_first), static_cast<std::uint64_t>(row.id_last)};
  return event;
}

TradeFileReader::TradeFileReader(const std::filesystem::path& file, TimeRange whole)
    : file_(file), pinned_(required(file)) {
  require_parquet_magic(file);
  try {
    result_ = connection_.stream(query(pinned_.path(), whole));
  } catch (const DuckDbFailure& failure) {
    throw BadInput(file.string() +
                   ": not a readable Parquet file of trades: " + pinned_.named(failure.what()));
  }
}

std::span<const TradeRow> TradeFileReader::next() {
  try {
    if (!result_.next()) return {};
  } catch (const DuckDbFailure& failure) {
    throw BadInput(file_.string() + ": cannot be read: " + pinned_.named(failure.what()));
  }
  require_no_null(result_, file_);
  const auto column = [this](std::size_t index) {
    return static_cast<const std::int64_t*>(result_.data(index));
  };
  const auto* buyer_is_maker = static_cast<const bool*>(result_.data(6));
  rows_.resize(result_.rows());
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    rows_[i] = {column(0)[i],
                column(1)[i],
                column(2)[i],
                column(3)[i],
                column(4)[i],
                column(5)[i],
                buyer_is_maker[i] ? 1 : 0};
  }
  return rows_;
}

std::vector<TradeRow> read_trade_file(const std::filesystem::path& file) {
  std::vector<TradeRow> rows;
  TradeFileReader reader(file, {INT64_MIN, INT64_MAX});
  for (auto batch = reader.next(); !batch.empty(); batch = reader.next())
    rows.insert(rows.end(), batch.begin(), batch.end());
  return rows;
}

void write_trade_file(const std::filesystem::path& file, const std::vector<TradeRow>& rows,
                      const std::map<std::string, std::string>& footer) {
  std::size_t next = 0;
  write_parquet(
      file, kColumns,
      [&](RowBatch& batch) {
        const std::size_t count = std::min(batch.capacity(), rows.size() - next);
        for (std::size_t i = 0; i < count; ++i) put(batch, i, rows[next + i]);
        next += count;
        return count;
      },
      footer);
}

}  // namespace hftsim
