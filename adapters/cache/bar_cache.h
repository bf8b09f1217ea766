// The cache of bars: Parquet files below one root, which any Parquet tool reads (docs/cache.md).
//
//   ROOT/klines/symbol=BTCUSDT/interval=1m/2024-01.parquet      spot; ROOT/usdm/klines/... for usdm
//
// A file holds one calendar period (calendar_period.h), sorted by open time, each time once, and in its footer which
// times were asked for: where a bar is missing there, the exchange has none. A save replaces each file by renaming a
// complete new one over it, so that whoever reads needs no lock and a kill at any instant leaves files that are old or
// new; savers take turns (CacheLock).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/bar_reader.h"
#include "adapters/cache/bar_file.h"
#include "adapters/cache/cache_files.h"
#include "adapters/cache/cache_key.h"
#include "adapters/cache/cache_lock.h"
#include "adapters/cache/row_merge.h"
#include "adapters/cache/time_ranges.h"
#include "engine/core/event.h"

namespace hftsim {

class BarCache {
 public:
  // Makes nothing: a root that is not there holds no bars. `on_wait` hears it where a save has to wait for another.
  explicit BarCache(std::filesystem::path root, CacheNotice on_wait = {});

  // Merges bars (events of kind bar, in any order; ts is the close, as everywhere) with what is there. `asked`: open
  // times that the source was asked for, so that missing() does not give them again although there is no bar; keep the
  // bar that is still open out of it. Storage: where none is given, a file stays as it is, and a new one becomes as the
  // key's first, else exact. All new files are complete before the first takes its place, so a disk that fills up
  // changes nothing. Throws BadInput where the root cannot be written, IoFailure where the disk is full.
  CacheSaved save(const CacheKey& key, std::span<const Event> bars, TimeRange asked = {},
                  std::optional<CacheStorage> storage = {});

  // Which open times of `whole` have neither a bar nor were asked for.
  TimeRanges missing(const CacheKey& key, TimeRange whole) const;

  // Which of them have a bar. Reads all rows.
  TimeRanges present(const CacheKey& key, TimeRange whole = kAllTimes) const;

  // Bars that open within `whole`, judged by the options' policy; symbol and interval are the key's. Throws BadInput where
  // there are none: names the nearest keys.
  std::unique_ptr<BarReader> open(const CacheKey& key, BarReaderOptions options = {},
                                  TimeRange whole = kAllTimes) const;

  CacheFiles files(const CacheKey& key) const { return CacheFiles(root_, key); }

 private:
  std::filesystem::path root_;
  CacheNotice on_wait_;
};

}  // namespace hftsim
