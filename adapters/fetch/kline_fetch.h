// Bars from the exchange into the cache: only those that are missing there, by several connections, saved in order of
// time and piece by piece, so that a fetch that was cut off goes on where it stopped.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "adapters/cache/bar_cache.h"
#include "adapters/fetch/rest_session.h"

namespace hftsim::fetch {

struct KlineFetchOptions {
  CacheKey key;
  TimeRange range;                 // open times, on the interval's grid
  bool refresh = false;            // asks for what is there, too; the newest stays
  std::size_t save_bars = 50'000;  // at most so much, or what came in so long, is lost when killed
  Duration save_every = 5 * kSecond;
};

struct KlineFetchResult {
  std::uint64_t asked = 0;  // bars that were missing
  std::uint64_t received = 0;
  CacheSaved saved;
  std::uint64_t holes = 0;  // bars that the exchange does not have; remembered
  std::uint64_t unsettled =
      0;  // bars at the very end that it did not have yet; asked for again the next time
};

class KlineFetch {
 public:
  // Told how many of the bars asked for are done, and of how many.
  using Progress = std::function<void(std::uint64_t done, std::uint64_t all)>;

  // All outlive this.
  KlineFetch(RestSession& session, BarCache& cache, net::StopSignal& stop, const KlineFetchOptions& options)
      : session_(session), cache_(cache), stop_(stop), options_(options) {}

  // `server_time_ns`: the exchange's; bars that close later are left out. What was received in order is saved even
  // where it throws. result() says how much.
  void run(std::int64_t server_time_ns, const Progress& progress);

  const KlineFetchResult& result() const { return result_; }

 private:
  std::vector<Event> ask(std::size_t connection, TimeRange range, std::size_t rows_max);
  std::vector<Event> ask_to_the_end(std::size_t connection, TimeRange page);
  TimeRanges without_prehistory(const TimeRanges& missing, std::int64_t settled_ns);
  void take(TimeRange page, const std::vector<Event>& bars, std::int64_t settled_ns);
  void save();

  RestSession& session_;
  BarCache& cache_;
  net::StopSignal& stop_;
  KlineFetchOptions options_;
  KlineFetchResult result_;
  std::vector<Event> unsaved_;
  TimeRange unsaved_range_;  // open times that the unsaved answers settle
  std::int64_t saved_at_ns_ = 0;
};

}  // namespace hftsim::fetch
