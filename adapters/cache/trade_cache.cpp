#include "adapters/cache/trade_cache.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "adapters/cache/cache_footer.h"
#include "adapters/cache/cache_root.h"
#include "adapters/cache/trade_file.h"
#include "engine/core/errors.h"

namespace hftsim {
namespace {

// The trades of several files, one after another.
class CachedTrades final : public EventSource {
 public:
  CachedTrades(const CacheKey& key, std::vector<CacheFile> files, TimeRange whole)
      : key_(key), files_(std::move(files)), whole_(whole) {
    instrument_.symbol = key.symbol;
    instrument_.bar_interval = Duration(0);
  }

  std::span<const Instrument> instruments() const override { return {&instrument_, 1}; }

  std::size_t read(std::span<Event> out) override {
    if (rows_.empty() && !out.empty()) refill();
    const std::size_t count = std::min(out.size(), rows_.size());
    std::transform(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(count), out.begin(),
                   trade_event);
    rows_ = rows_.subspan(count);
    return count;
  }

 private:
  // Leaves no rows at the end.
  void refill() {
    try {
      while (rows_.empty()) {
        if (reader_) rows_ = reader_->next();
        if (!rows_.empty() || next_file_ == files_.size()) return;
        reader_.emplace(files_[next_file_++].path, whole_);
      }
    } catch (const BadInput& error) {
      throw BadInput(error.what() + damage_advice(key_));
    }
  }

  CacheKey key_;
  std::vector<CacheFile> files_;
  TimeRange whole_;
  Instrument instrument_;
  std::optional<TradeFileReader> reader_;
  std::size_t next_file_ = 0;
  std::span<const TradeRow> rows_;  // of the reader, not yet given
};

std::vector<TradeRow> read_rows(const CacheFile& file, const CacheFooter& footer, const CacheKey& key) {
  std::vector<TradeRow> rows;
  try {
    rows = read_trade_file(file.path);
  } catch (const BadInput& error) {
    throw BadInput(error.what() + damage_advice(key));
  }
  check_rows(footer, std::as_bytes(std::span(rows)), file.path, key);
  return rows;
}

CacheSaved stage_merged(const CacheFile& file, const CacheKey& key, const std::vector<TradeRow>& fresh,
                        TimeRange asked, StagedFiles& staged) {
  const bool exists = std::filesystem::exists(file.path);
  const CacheFooter footer = exists ? read_footer(file.path, key) : CacheFooter{};
  const TimeRanges before = footer.covered.value_or(TimeRanges());
  std::vector<TradeRow> old = exists ? read_rows(file, footer, key) : std::vector<TradeRow>();
  const bool in_order = is_in_order(old);
  if (!in_order) {
    sort_rows(old);
    CacheSaved ignored;
    old = merge_rows({}, old, ignored);
  }
  CacheSaved saved;
  const std::vector<TradeRow> merged = merge_rows(old, fresh, saved);
  TimeRanges covered = before;
  covered.add(common(asked, file.period));
  const bool same = exists && !saved.changes() && in_order && covered == before;
  if (!same) {
    write_trade_file(staged.add(file), merged, cache_footer(covered, std::as_bytes(std::span(merged))));
  }
  return saved;
}

}  // namespace

TradeCache::TradeCache(std::filesystem::path root, CacheNotice on_wait)
    : root_(std::move(root)), on_wait_(std::move(on_wait)) {}

CacheSaved TradeCache::save(const CacheKey& key, const Instrument& instrument, std::span<const Event> trades,
                            TimeRange asked) {
  std::vector<TradeRow> rows;
  rows.reserve(trades.size());
  for (const Event& trade : trades) rows.push_back(trade_row(trade, instrument));
  sort_rows(rows);

  CacheSaved saved;
  if (rows.empty() && asked.is_empty()) return saved;
  const CacheLock lock(root_, on_wait_);
  const CacheFiles files(root_, key);
  StagedFiles staged(files);
  for (const auto& [from_ns, fresh] : rows_by_period(rows, files, asked)) {
    saved.merge(stage_merged(files.at(from_ns), key, fresh, asked, staged));
  }
  staged.commit();
  return saved;
}

TimeRanges TradeCache::missing(const CacheKey& key, TimeRange whole) const {
  TimeRanges covered;
  for (const CacheFile& file : CacheFiles(root_, key).present(whole)) {
    covered.add(read_footer(file.path, key).covered.value_or(TimeRanges()));
  }
  return covered.missing(whole);
}

std::unique_ptr<EventSource> TradeCache::open(const CacheKey& key, TimeRange whole) const {
  require_cached(root_, key, "cache");
  const std::vector<CacheFile> files = CacheFiles(root_, key).present(whole);
  if (files.empty()) throw BadInput("cache:" + name_of(key), "no trades of that time", "at least one");
  for (const CacheFile& file : files) read_footer(file.path, key);
  return std::make_unique<CachedTrades>(key, files, whole);
}

}  // namespace hftsim
