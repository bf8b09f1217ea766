#include "adapters/fetch/kline_fetch.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/bar_time.h"
#include "adapters/binance/rest_klines.h"
#include "adapters/fetch/ordered_workers.h"
#include "adapters/fetch/pages.h"

namespace hftsim::fetch {
namespace {

constexpr std::int64_t kNsPerMs = 1'000'000;
constexpr Duration kPublishing =
    10 * kMinute;  // a bar that is not there so long after its close will not come

std::string query_of(Duration interval, TimeRange range, std::size_t rows_max) {
  return fmt::format("interval={}&startTime={}&endTime={}&limit={}", format_interval(interval),
                     range.from_ns / kNsPerMs, range.to_ns / kNsPerMs - 1, rows_max);
}

}  // namespace

void KlineFetch::run(std::int64_t server_time_ns, const Progress& progress) {
  const Duration interval = options_.key.interval;
  const TimeRange closed{options_.range.from_ns,
                         std::min(options_.range.to_ns, grid_floor(server_time_ns, interval))};
  if (closed.is_empty()) return;
  const std::int64_t settled_ns = grid_floor(server_time_ns - kPublishing.value, interval);
  const TimeRanges missing = without_prehistory(
      options_.refresh ? TimeRanges({closed}) : cache_.missing(options_.key, closed), settled_ns);
  const std::vector<TimeRange> pages = pages_of(missing, interval, session_.market().klines.rows_max);
  const std::uint64_t all = bars_in(missing, interval);
  result_.asked += all;
  saved_at_ns_ = session_.clock().now_ns();
  std::uint64_t done = 0;
  try {
    OrderedWorkers<std::vector<Event>>::run(
        pages.size(), session_.connections(), stop_,
        [&](std::size_t connection, std::size_t job) { return ask_to_the_end(connection, pages[job]); },
        [&](std::size_t job, const std::vector<Event>& bars) {
          take(pages[job], bars, settled_ns);
          done += static_cast<std::uint64_t>((pages[job].to_ns - pages[job].from_ns) / interval.value);
          progress(done, all);
        });
  } catch (...) {
    save();
    throw;
  }
  save();
}

// Nobody asks page by page for the years before a symbol was listed: one bar says when it was.
TimeRanges KlineFetch::without_prehistory(const TimeRanges& missing, std::int64_t settled_ns) {
  const Duration interval = options_.key.interval;
  const auto rows_max = static_cast<std::int64_t>(session_.market().klines.rows_max);
  if (missing.is_empty()) return missing;
  const TimeRange first = missing.ranges().front();
  if (first.to_ns - first.from_ns <= rows_max * interval.value) return missing;
  const std::vector<Event> earliest = ask(0, first, 1);
  const std::int64_t open_ns = earliest.empty() ? first.to_ns : earliest.front().ts_ns - interval.value;
  const TimeRange before = settled_part({first.from_ns, open_ns}, first.from_ns, settled_ns);
  if (before.is_empty()) return missing;
  const auto bars = bars_in(TimeRanges({before}), interval);
  result_.asked += bars;
  result_.holes += bars;
  cache_.save(options_.key, {}, before);
  return missing.within({before.to_ns, missing.ranges().back().to_ns});
}

std::vector<Event> KlineFetch::ask(std::size_t connection, TimeRange range, std::size_t rows_max) {
  const Duration interval = options_.key.interval;
  const RestPage& klines = session_.market().klines;
  const std::string query = query_of(interval, range, rows_max);
  const binance::KlinesQuery expected{.interval_ns = interval.value,
                                      .phase_ns = phase_ns(interval),
                                      .from_ns = range.from_ns,
                                      .to_ns = range.to_ns,
                                      .rows_max = rows_max};
  const std::string body = session_.get(connection, klines, options_.key.symbol, query);
  return binance::parse_klines(body, expected, session_.url(klines, options_.key.symbol, query));
}

// A server may give fewer rows than it was asked for. Only where it has none for the rest are they not there.
std::vector<Event> KlineFetch::ask_to_the_end(std::size_t connection, TimeRange page) {
  const std::size_t rows_max = session_.market().klines.rows_max;
  std::vector<Event> bars = ask(connection, page, rows_max);
  while (!bars.empty() && bars.back().ts_ns < page.to_ns) {
    const std::vector<Event> more = ask(connection, {bars.back().ts_ns, page.to_ns}, rows_max);
    if (more.empty()) break;
    bars.insert(bars.end(), more.begin(), more.end());
  }
  return bars;
}

void KlineFetch::take(TimeRange page, const std::vector<Event>& bars, std::int64_t settled_ns) {
  const Duration interval = options_.key.interval;
  const TimeRange settled = settled_part(page, bars.empty() ? page.from_ns : bars.back().ts_ns, settled_ns);
  result_.received += bars.size();
  result_.holes += bars_in(TimeRanges({settled}), interval) - bars.size();
  result_.unsettled += bars_in(TimeRanges({{settled.to_ns, page.to_ns}}), interval);
  unsaved_.insert(unsaved_.end(), bars.begin(), bars.end());
  // What lies between two pages is in the cache already.
  if (unsaved_range_.is_empty()) unsaved_range_.from_ns = settled.from_ns;
  unsaved_range_.to_ns = std::max(settled.to_ns, settled.from_ns);
  const bool is_due = session_.clock().now_ns() - saved_at_ns_ >= options_.save_every.value;
  if (is_due || unsaved_.size() >= options_.save_bars) save();
}

void KlineFetch::save() {
  if (unsaved_range_.is_empty()) return;
  result_.saved.merge(cache_.save(options_.key, unsaved_, unsaved_range_));
  unsaved_.clear();
  unsaved_range_ = {};
  saved_at_ns_ = session_.clock().now_ns();
}

}  // namespace hftsim::fetch
