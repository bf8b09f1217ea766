// Trades (the exchange's aggregates) into the cache, as kline_fetch.h does with bars. The exchange numbers them: the
// first id of a stretch of time and the first behind it say which pages there are.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "adapters/cache/trade_cache.h"
#include "adapters/fetch/rest_session.h"

namespace hftsim::fetch {

struct TradeFetchOptions {
  CacheKey key;
  TimeRange range;
  bool refresh = false;
  std::size_t save_trades = 250'000;  // a save rewrites a day's file
  Duration save_every = 30 * kSecond;
};

struct TradeFetchResult {
  std::uint64_t received = 0;
  CacheSaved saved;
  std::uint64_t ids_missing = 0;  // between those received
};

class TradeFetch {
 public:
  using Progress = std::function<void(std::uint64_t done, std::uint64_t all)>;

  // All outlive this.
  TradeFetch(RestSession& session, TradeCache& cache, net::StopSignal& stop, const TradeFetchOptions& options)
      : session_(session), cache_(cache), stop_(stop), options_(options) {}

  // Trades of the last seconds before `server_time_ns` are left out: more of their time may come. What was received in
  // order is saved even where it throws.
  void run(std::int64_t server_time_ns, const Progress& progress);

  const TradeFetchResult& result() const { return result_; }

 private:
  struct Ids {
    std::uint64_t from = 0, to = 0;  // [from, to)
  };

  void fetch(TimeRange stretch, const Progress& progress);
  Ids ids_of(TimeRange stretch);
  std::vector<Event> ask_to_the_end(std::size_t connection, Ids page);
  std::optional<Event> first_at(std::int64_t ns);
  std::vector<Event> ask(std::size_t connection, const std::string& query, std::uint64_t id_min,
                         std::size_t rows_max);
  void take(TimeRange stretch, std::vector<Event>&& trades, Ids page);
  void save(TimeRange settled);

  RestSession& session_;
  TradeCache& cache_;
  net::StopSignal& stop_;
  TradeFetchOptions options_;
  TradeFetchResult result_;
  Instrument instrument_;  // steps of 1e-8: whatever the exchange writes
  std::vector<Event> unsaved_;
  std::int64_t saved_to_ns_ = 0;
  std::int64_t saved_at_ns_ = 0;
};

}  // namespace hftsim::fetch
