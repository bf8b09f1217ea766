#include "adapters/bar_cells.h"

#include <cmath>

#include "adapters/bar_time.h"
#include "adapters/parquet_file.h"
#include "adapters/readable_text.h"
#include "engine/core/errors.h"

namespace hftsim {
namespace {

// An epoch may have a fraction, which a cast to whole numbers would round.
CellKind epoch_kind(duckdb_type type) {
  if (type == DUCKDB_TYPE_DECIMAL) return CellKind::text;
  return type == DUCKDB_TYPE_FLOAT || type == DUCKDB_TYPE_DOUBLE ? CellKind::epoch_real : CellKind::epoch;
}

std::int64_t scaled(std::int64_t value, std::int64_t unit_ns) {
  std::int64_t ns = 0;
  return __builtin_mul_overflow(value, unit_ns, &ns) ? kNoTime : ns;
}

// A cell's number and whether it has a fraction; kNoTime where it is none.
struct CellNumber {
  std::int64_t whole = kNoTime;
  bool has_fraction = false;
};

CellNumber number_in(CellKind kind, const void* cells, std::size_t row) {
  switch (kind) {
    case CellKind::text:
    case CellKind::date_text: {
      const auto decimal = parse_decimal(text_of(static_cast<const duckdb_string_t*>(cells)[row]));
      return decimal ? CellNumber{decimal->whole, decimal->has_fraction} : CellNumber{};
    }
    case CellKind::epoch:
    case CellKind::date_whole:
      return {static_cast<const std::int64_t*>(cells)[row], false};
    case CellKind::epoch_real:
    case CellKind::date_real: {
      const double number = static_cast<const double*>(cells)[row];
      if (!(std::abs(number) < 1e18)) return {};
      return {static_cast<std::int64_t>(number), number != std::trunc(number)};
    }
    default:
      return {};
  }
}

}  // namespace

bool is_time(BarColumn column) {
  return column == BarColumn::time || column == BarColumn::close_time;
}

bool is_text(CellKind kind) {
  return kind == CellKind::text || kind == CellKind::date_text;
}

CellKind cell_kind(BarColumn column, const DuckDbColumn& found, const std::string& path) {
  if (found.type == DUCKDB_TYPE_VARCHAR) return CellKind::text;
  if (is_number(found.type)) return is_time(column) ? epoch_kind(found.type) : CellKind::number;
  if (is_time(column)) {
    switch (found.type) {
      case DUCKDB_TYPE_TIMESTAMP_S:
        return CellKind::time_s;
      case DUCKDB_TYPE_TIMESTAMP_MS:
        return CellKind::time_ms;
      case DUCKDB_TYPE_TIMESTAMP:
      case DUCKDB_TYPE_TIMESTAMP_TZ:
        return CellKind::time_us;
      case DUCKDB_TYPE_TIMESTAMP_NS:
        return CellKind::time_ns;
      case DUCKDB_TYPE_DATE:
        return CellKind::days;
      default:
        break;
    }
  }
  throw BadInput(path + ": column '" + readable_text(found.name) + "'",
                 "a type that holds no " + std::string(is_time(column) ? "time" : "number"),
                 is_time(column) ? "a timestamp, a date, an epoch or text" : "numbers or text");
}

std::string selected(const DuckDbColumn& column, CellKind kind) {
  const std::string name = quote_identifier(column.name);
  if (kind == CellKind::number || kind == CellKind::epoch_real) return "CAST(" + name + " AS DOUBLE)";
  if (kind == CellKind::text) return "CAST(" + name + " AS VARCHAR)";
  if (kind == CellKind::epoch) return "CAST(" + name + " AS BIGINT)";
  return name;
}

const char* time_expectation(CellKind kind) {
  switch (kind) {
    case CellKind::date_text:
    case CellKind::date_whole:
    case CellKind::date_real:
      return "a date, YYYYMMDD, as in the rows before";
    default:
      return "a time: an epoch or ISO 8601";
  }
}

std::int64_t whole_number(CellKind kind, const void* cells, std::size_t row) {
  const CellNumber number = number_in(kind, cells, row);
  return number.has_fraction ? kNoTime : number.whole;
}

std::int64_t number_before_fraction(CellKind kind, const void* cells, std::size_t row) {
  return number_in(kind, cells, row).whole;
}

CellKind date_kind(CellKind kind) {
  if (kind == CellKind::text) return CellKind::date_text;
  return kind == CellKind::epoch ? CellKind::date_whole : CellKind::date_real;
}

void times_of_cells(CellKind kind, const void* cells, std::size_t count, std::int64_t* out_ns) {
  const auto* values = static_cast<const std::int64_t*>(cells);
  const auto* reals = static_cast<const double*>(cells);
  const auto* days = static_cast<const std::int32_t*>(cells);
  const auto* text = static_cast<const duckdb_string_t*>(cells);
  const auto fill = [count, out_ns](auto&& value) {
    for (std::size_t i = 0; i < count; ++i) out_ns[i] = value(i);
  };
  switch (kind) {
    case CellKind::epoch:
      return fill([=](std::size_t i) { return epoch_to_ns(values[i]); });
    case CellKind::epoch_real:
      return fill([=](std::size_t i) { return real_epoch_to_ns(reals[i]); });
    case CellKind::date_text:
    case CellKind::date_whole:
    case CellKind::date_real:
      return fill([=](std::size_t i) { return calendar_date_to_ns(whole_number(kind, cells, i)); });
    case CellKind::time_s:
      return fill([=](std::size_t i) { return scaled(values[i], 1'000'000'000); });
    case CellKind::time_ms:
      return fill([=](std::size_t i) { return scaled(values[i], 1'000'000); });
    case CellKind::time_us:
      return fill([=](std::size_t i) { return scaled(values[i], 1'000); });
    case CellKind::time_ns:
      return fill([=](std::size_t i) { return values[i]; });
    case CellKind::days:
      return fill([=](std::size_t i) { return scaled(days[i], kDay.value); });
    case CellKind::text:
      return fill([=](std::size_t i) { return parse_time(text_of(text[i])); });
    case CellKind::number:
      return;  // no time column is read as one
  }
}

}  // namespace hftsim
