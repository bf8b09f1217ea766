// The cache of trades (the exchange's aggregates of trades), as BarCache keeps bars: a file per day of the exchange's
// time, sorted by id, each id once.
//
//   ROOT/trades/symbol=BTCUSDT/2024-01-31.parquet      spot; ROOT/usdm/trades/... for usdm
//
// Columns: id, timestamp, price DECIMAL(18,8), quantity DECIMAL(20,8), first_id, last_id, buyer_is_maker: exactly what
// the exchange said.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include "adapters/cache/bar_cache.h"
#include "engine/core/instrument.h"
#include "engine/runtime/event_source.h"

namespace hftsim {

class TradeCache {
 public:
  explicit TradeCache(std::filesystem::path root, CacheNotice on_wait = {});

  // Merges trades (events of kind trade, in any order; seq is the id) of `instrument`, whose steps their prices and
  // quantities count. The rest as BarCache::save. A save rewrites the file of every day that it touches: save an hour
  // or more at once. Throws BadInput too for a price or a quantity beyond the columns.
  CacheSaved save(const CacheKey& key, const Instrument& instrument, std::span<const Event> trades,
                  TimeRange asked = {});

  // Which times of `whole` were never asked for: a trade says nothing about the time around it.
  TimeRanges missing(const CacheKey& key, TimeRange whole) const;

  // Trades of times within `whole`, in their order; price and quantity count steps of 1e-8, whatever they counted when
  // they were saved. Throws BadInput where there are none.
  std::unique_ptr<EventSource> open(const CacheKey& key, TimeRange whole = kAllTimes) const;

  const std::filesystem::path& root() const { return root_; }

 private:
  std::filesystem::path root_;
  CacheNotice on_wait_;
};

}  // namespace hftsim
