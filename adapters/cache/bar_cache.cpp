#include "adapters/cache/bar_cache.h"

#include <utility>

#include "adapters/bar_time.h"
#include "adapters/cache/cache_footer.h"
#include "adapters/cache/cache_root.h"
#include "adapters/duckdb_connection.h"
#include "adapters/pinned_file.h"
#include "engine/core/errors.h"

namespace hftsim {
namespace {

struct CachedRows {
  std::vector<BarRow> rows;
  TimeRanges covered;
  bool in_order = true;
};

// Of a file that another program wrote, the rows alone say what is covered. Footer and rows are of one version: a saver
// may replace the file meanwhile.
CachedRows read_cached_version(const PinnedFile& file_version, const CacheFile& file, const CacheKey& key) {
  const CacheFooter footer = read_footer(file_version.path(), key);
  CachedRows cached;
  try {
    cached.rows = read_bar_file(file_version.path());
  } catch (const BadInput& error) {
    throw BadInput(error.what() + damage_advice(key));
  }
  check_rows(footer, std::as_bytes(std::span(cached.rows)), file.path, key);
  cached.in_order = is_in_order(cached.rows);
  if (!cached.in_order) {
    sort_rows(cached.rows);
    CacheSaved ignored;
    cached.rows = merge_rows({}, cached.rows, ignored);
  }
  cached.covered = footer.covered ? *footer.covered : times_of(cached.rows, key.interval);
  return cached;
}

CachedRows read_cached(const CacheFile& file, const CacheKey& key) {
  const PinnedFile pinned(file.path);
  try {
    return read_cached_version(pinned, file, key);
  } catch (const BadInput& error) {
    throw BadInput(pinned.named(error.what()));
  }
}

// A damaged file says nothing, and is in the way only of what belongs into it; one that is not there neither.
std::optional<CacheStorage> storage_of(const CacheFile& file) {
  try {
    if (std::filesystem::exists(file.path)) return storage_of_bar_file(file.path);
  } catch (const DuckDbFailure&) {
  }
  return std::nullopt;
}

CacheStorage storage_of_first(const CacheFiles& files) {
  for (const CacheFile& file : files.present()) {
    if (const auto storage = storage_of(file)) return *storage;
  }
  return CacheStorage::exact;
}

// Merges what belongs into one file, and stages a new one unless that would say the same.
CacheSaved stage_merged(const CacheFile& file, const CacheKey& key, std::vector<BarRow> fresh,
                        TimeRange asked, CacheStorage storage, StagedFiles& staged) {
  const bool exists = std::filesystem::exists(file.path);
  CachedRows cached = exists ? read_cached(file, key) : CachedRows{};
  for (BarRow& row : cached.rows) row = rounded(row, storage);
  for (BarRow& row : fresh) row = rounded(row, storage);
  CacheSaved saved;
  const std::vector<BarRow> merged = merge_rows(cached.rows, fresh, saved);
  TimeRanges covered = times_of(merged, key.interval);
  covered.add(cached.covered);
  covered.add(common(asked, file.period));
  const bool same = exists && !saved.changes() && cached.in_order && covered == cached.covered &&
                    storage == storage_of_bar_file(file.path);
  if (!same) {
    write_bar_file(staged.add(file), merged, storage,
                   cache_footer(covered, std::as_bytes(std::span(merged))));
  }
  return saved;
}

}  // namespace

BarCache::BarCache(std::filesystem::path root, CacheNotice on_wait)
    : root_(std::move(root)), on_wait_(std::move(on_wait)) {}

CacheSaved BarCache::save(const CacheKey& key, std::span<const Event> bars, TimeRange asked,
                          std::optional<CacheStorage> storage) {
  std::vector<BarRow> rows;
  rows.reserve(bars.size());
  for (const Event& bar : bars) rows.push_back(bar_row(bar, key.interval));
  sort_rows(rows);

  CacheSaved saved;
  if (rows.empty() && asked.is_empty()) return saved;
  const CacheLock lock(root_, on_wait_);
  const CacheFiles files(root_, key);
  StagedFiles staged(files);
  const CacheStorage of_new_files = storage ? *storage : storage_of_first(files);
  for (auto& [from_ns, fresh] : rows_by_period(rows, files, asked)) {
    const CacheFile file = files.at(from_ns);
    const CacheStorage stored = storage ? *storage : storage_of(file).value_or(of_new_files);
    saved.merge(stage_merged(file, key, std::move(fresh), asked, stored, staged));
  }
  staged.commit();
  return saved;
}

TimeRanges BarCache::missing(const CacheKey& key, TimeRange whole) const {
  TimeRanges covered;
  for (const CacheFile& file : files(key).present(whole)) {
    const std::optional<TimeRanges> said = read_footer(file.path, key).covered;
    covered.add(said ? *said : read_cached(file, key).covered);
  }
  return covered.missing(whole);
}

TimeRanges BarCache::present(const CacheKey& key, TimeRange whole) const {
  TimeRanges present;
  for (const CacheFile& file : files(key).present(whole)) {
    present.add(times_of(read_cached(file, key).rows, key.interval));
  }
  return present.within(whole);
}

std::unique_ptr<BarReader> BarCache::open(const CacheKey& key, BarReaderOptions options,
                                          TimeRange whole) const {
  require_cached(root_, key, "cache");
  std::vector<std::filesystem::path> paths;
  for (const CacheFile& file : files(key).present(whole)) {
    read_footer(file.path, key);  // a damaged one is refused before the first bar is read
    paths.push_back(file.path);
  }
  const std::string name = "cache:" + name_of(key);
  if (paths.empty()) throw BadInput(name, "no bars of that time", "at least one");
  options.symbol = key.symbol;
  options.interval = format_interval(key.interval);
  options.from = Timestamp(whole.from_ns);
  options.to = Timestamp(whole.to_ns);
  options.damage_advice = damage_advice(key);
  return std::make_unique<BarReader>(std::move(paths), name, std::move(options));
}

}  // namespace hftsim
