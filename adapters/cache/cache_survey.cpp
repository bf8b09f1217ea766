#include "adapters/cache/cache_survey.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "adapters/cache/cache_footer.h"
#include "adapters/cache/trade_file.h"
#include "adapters/duckdb_connection.h"
#include "adapters/parquet_file.h"
#include "engine/core/clock.h"
#include "engine/core/errors.h"

namespace hftsim {
namespace {

namespace fs = std::filesystem;

// The times of the first and the last row, plus what a row lasts. Of a file of another program all rows are read.
std::optional<TimeRange> times_in(const fs::path& file, const CacheKey& key) {
  try {
    DuckDbConnection connection;
    DuckDbResult result = connection.stream(
        "SELECT epoch_ns(min(CAST(timestamp AS TIMESTAMP_NS))), epoch_ns(max(CAST(timestamp AS "
        "TIMESTAMP_NS))) FROM " +
        parquet_table(file));
    if (!result.next() || !is_valid(result.validity(0), 0)) return std::nullopt;
    return TimeRange{static_cast<const std::int64_t*>(result.data(0))[0],
                     static_cast<const std::int64_t*>(result.data(1))[0] + key.interval.value};
  } catch (const DuckDbFailure&) {
    if (key.is_trades()) throw;
    const TimeRanges all = times_of(read_bar_file(file), key.interval);
    if (all.is_empty()) return std::nullopt;
    return TimeRange{all.ranges().front().from_ns, all.ranges().back().to_ns};
  }
}

void add_times(CacheSummary& summary, const fs::path& file, const CacheKey& key) {
  const std::optional<TimeRange> times = times_in(file, key);
  if (!times) return;
  if (!summary.times) summary.times = times;
  summary.times->from_ns = std::min(summary.times->from_ns, times->from_ns);
  summary.times->to_ns = std::max(summary.times->to_ns, times->to_ns);
}

// Rows of one kind that are wrong in the same way, counted.
class Counted {
 public:
  Counted(std::vector<CacheFinding>& findings, const fs::path& file) : findings_(findings), file_(file) {}

  template <class Row>
  void look(const std::vector<Row>& rows, const char* what,
            const std::function<bool(std::size_t)>& is_wrong) {
    std::uint64_t count = 0;
    std::int64_t first_ns = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!is_wrong(i)) continue;
      if (count++ == 0) first_ns = rows[i].time_ns();
    }
    if (count == 0) return;
    findings_.push_back(
        {file_, fmt::format("{} {}, the first at {}", count, what, format_utc(Timestamp(first_ns)))});
  }

 private:
  std::vector<CacheFinding>& findings_;
  fs::path file_;
};

bool is_impossible(const BarRow& row) {
  const bool ordered = row.low > 0 && row.low <= row.open && row.low <= row.close && row.high >= row.open &&
                       row.high >= row.close && row.volume >= 0;  // NaN is in no order
  return !ordered || row.high > 1e300 || row.volume > 1e300 || row.trades < BarRow::kNoTrades;
}

void verify_bars(const CacheFile& file, const CacheKey& key, const CacheFooter& footer,
                 std::vector<CacheFinding>& findings) {
  const std::vector<BarRow> rows = read_bar_file(file.path);
  check_rows(footer, std::as_bytes(std::span(rows)), file.path, key);
  Counted counted(findings, file.path);
  counted.look(rows, "bars not after the one before",
               [&](std::size_t i) { return i > 0 && rows[i].open_ns <= rows[i - 1].open_ns; });
  counted.look(rows, "bars of another period", [&](std::size_t i) {
    return rows[i].open_ns < file.period.from_ns || rows[i].open_ns >= file.period.to_ns;
  });
  const std::int64_t grid_ns = std::min(key.interval, kDay).value;
  counted.look(rows, "bars off the interval's grid",
               [&](std::size_t i) { return rows[i].open_ns % grid_ns != 0; });
  counted.look(rows, "bars that cannot be", [&](std::size_t i) { return is_impossible(rows[i]); });
  if (!footer.covered) return;
  const TimeRanges present = times_of(rows, key.interval);
  for (const TimeRange run : present.ranges()) {
    if (footer.covered->missing(run).is_empty()) continue;
    findings.push_back({file.path, "bars that its footer does not know of"});
    return;
  }
}

void verify_trades(const CacheFile& file, const CacheKey& key, const CacheFooter& footer,
                   std::vector<CacheFinding>& findings) {
  const std::vector<TradeRow> rows = read_trade_file(file.path);
  check_rows(footer, std::as_bytes(std::span(rows)), file.path, key);
  Counted counted(findings, file.path);
  counted.look(rows, "ids not after the one before",
               [&](std::size_t i) { return i > 0 && rows[i].id <= rows[i - 1].id; });
  counted.look(rows, "times before the one before",
               [&](std::size_t i) { return i > 0 && rows[i].ts_ns < rows[i - 1].ts_ns; });
  counted.look(rows, "trades of another period", [&](std::size_t i) {
    return rows[i].ts_ns < file.period.from_ns || rows[i].ts_ns >= file.period.to_ns;
  });
  counted.look(rows, "trades that cannot be", [&](std::size_t i) {
    return rows[i].price_units <= 0 || rows[i].quantity_units <= 0 || rows[i].id_first > rows[i].id_last;
  });
}

// Folders that are empty now, from the key's up to the root.
void remove_empty(const fs::path& root, fs::path folder) {
  std::error_code error;
  while (folder != root && fs::remove(folder, error) && !error) folder = folder.parent_path();
}

}  // namespace

CacheSummary summary_of(const fs::path& root, const CacheKey& key) {
  CacheSummary summary;
  const auto tried = [&](const auto& action) {
    try {
      action();
    } catch (const std::exception& error) {
      summary.damaged.push_back(error.what());
    }
  };
  std::vector<fs::path> with_rows;
  for (const CacheFile& file : CacheFiles(root, key).present()) {
    std::error_code ignored;
    ++summary.files;
    summary.bytes += fs::file_size(file.path, ignored);
    tried([&] {
      read_footer(file.path, key);
      DuckDbConnection connection;
      const std::uint64_t rows = count_parquet_rows(connection, file.path);
      if (!key.is_trades()) summary.storage = storage_of_bar_file(file.path);
      summary.rows += rows;
      if (rows > 0) with_rows.push_back(file.path);
    });
  }
  if (with_rows.empty()) return summary;
  tried([&] { add_times(summary, with_rows.front(), key); });
  if (with_rows.size() > 1) tried([&] { add_times(summary, with_rows.back(), key); });
  return summary;
}

std::vector<CachedFeatures> features_of(const fs::path& root, const CacheKey& key) {
  constexpr std::string_view kSet = "set=";
  std::vector<CachedFeatures> sets;
  if (key.is_trades()) return sets;
  std::error_code error;
  for (fs::directory_iterator entry(root / features_folder_of(key), error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::error_code absent;
    const std::uint64_t bytes = fs::file_size(entry->path() / "features.parquet", absent);
    if (name.starts_with(kSet) && !absent) sets.push_back({name.substr(kSet.size()), bytes});
  }
  std::sort(sets.begin(), sets.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return sets;
}

std::vector<CacheFinding> verify_cached(const fs::path& root, const CacheKey& key) {
  std::vector<CacheFinding> findings;
  for (const CacheFile& file : CacheFiles(root, key).present()) {
    try {
      const CacheFooter footer = read_footer(file.path, key);
      key.is_trades() ? verify_trades(file, key, footer, findings) : verify_bars(file, key, footer, findings);
    } catch (const BadInput& error) {
      findings.push_back({file.path, error.what()});
    }
  }
  return findings;
}

std::uint64_t clear_cached(const fs::path& root, const CacheKey& key, const CacheNotice& on_wait) {
  const CacheLock lock(root, on_wait);
  const CacheFiles files(root, key);
  { const StagedFiles swept(files); }  // what a killed process left goes too
  std::uint64_t removed = 0;
  for (const CacheFile& file : files.present()) {
    std::error_code error;
    if (!fs::remove(file.path, error))
      throw IoFailure(file.path.string() + ": cannot be removed: " + error.message());
    ++removed;
  }
  remove_empty(root, files.folder());
  if (key.is_trades()) return removed;
  std::error_code ignored;
  fs::remove_all(root / features_folder_of(key), ignored);
  remove_empty(root, (root / features_folder_of(key)).parent_path());
  return removed;
}

}  // namespace hftsim
