#include "adapters/fetch/trade_fetch.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/binance/rest_agg_trades.h"
#include "adapters/fetch/ordered_workers.h"

namespace hftsim::fetch {
namespace {

constexpr std::int64_t kNsPerMs = 1'000'000;
constexpr Duration kPublishing = 10 * kSecond;

}  // namespace

void TradeFetch::run(std::int64_t server_time_ns, const Progress& progress) {
  const std::int64_t settled_ns = (server_time_ns - kPublishing.value) / kNsPerMs * kNsPerMs;
  const TimeRange settled{options_.range.from_ns, std::min(options_.range.to_ns, settled_ns)};
  if (settled.is_empty()) return;
  instrument_.symbol = options_.key.symbol;
  const TimeRanges missing = options_.refresh ? TimeRanges({settled}) : cache_.missing(options_.key, settled);
  for (const TimeRange& stretch : missing.ranges()) fetch(stretch, progress);
}

void TradeFetch::fetch(TimeRange stretch, const Progress& progress) {
  const Ids ids = ids_of(stretch);
  const std::size_t rows_max = session_.market().agg_trades.rows_max;
  const std::uint64_t all = ids.to - ids.from;
  const auto page_at = [&](std::size_t job) {
    const std::uint64_t from = ids.from + job * rows_max;
    return Ids{from, std::min(from + rows_max, ids.to)};
  };
  saved_to_ns_ = stretch.from_ns;
  saved_at_ns_ = session_.clock().now_ns();
  try {
    OrderedWorkers<std::vector<Event>>::run(
        (all + rows_max - 1) / rows_max, session_.connections(), stop_,
        [&](std::size_t connection, std::size_t job) { return ask_to_the_end(connection, page_at(job)); },
        [&](std::size_t job, std::vector<Event>&& trades) {
          take(stretch, std::move(trades), page_at(job));
          progress(page_at(job).to - ids.from, all);
        });
  } catch (...) {
    // More trades of the last one's millisecond may follow.
    if (!unsaved_.empty()) save({saved_to_ns_, unsaved_.back().ts_ns});
    throw;
  }
  save({saved_to_ns_, stretch.to_ns});
}

TradeFetch::Ids TradeFetch::ids_of(TimeRange stretch) {
  const std::optional<Event> first = first_at(stretch.from_ns);
  if (!first || first->ts_ns >= stretch.to_ns) return {};
  const std::optional<Event> behind = first_at(stretch.to_ns);
  if (behind) return {first->trade.seq, std::max(behind->trade.seq, first->trade.seq)};
  // No trade since: the most recent one is the stretch's last.
  const std::vector<Event> recent = ask(0, "limit=1", 0, 1);
  const std::uint64_t last = recent.empty() ? first->trade.seq : recent.front().trade.seq;
  return {first->trade.seq, std::max(last, first->trade.seq) + 1};
}

std::optional<Event> TradeFetch::first_at(std::int64_t ns) {
  const std::vector<Event> found = ask(0, fmt::format("startTime={}&limit=1", ns / kNsPerMs), 0, 1);
  return found.empty() ? std::nullopt : std::optional(found.front());
}

std::vector<Event> TradeFetch::ask(std::size_t connection, const std::string& query, std::uint64_t id_min,
                                   std::size_t rows_max) {
  const RestPage& page = session_.market().agg_trades;
  const std::string body = session_.get(connection, page, options_.key.symbol, query);
  return binance::parse_agg_trades(body, instrument_, id_min, rows_max,
                                   session_.url(page, options_.key.symbol, query));
}

// A server may give fewer rows than it was asked for. Only where it has none for the rest are they not there.
std::vector<Event> TradeFetch::ask_to_the_end(std::size_t connection, Ids page) {
  const std::size_t rows_max = session_.market().agg_trades.rows_max;
  std::vector<Event> trades;
  while (trades.empty() || trades.back().trade.seq < page.to - 1) {
    const std::uint64_t from = trades.empty() ? page.from : trades.back().trade.seq + 1;
    const std::vector<Event> more =
        ask(connection, fmt::format("fromId={}&limit={}", from, rows_max), from, rows_max);
    if (more.empty()) break;
    trades.insert(trades.end(), more.begin(), more.end());
  }
  return trades;
}

void TradeFetch::take(TimeRange stretch, std::vector<Event>&& trades, Ids page) {
  // Where ids are missing, a page reaches into the next one.
  std::erase_if(trades, [&](const Event& trade) {
    return trade.trade.seq >= page.to || trade.ts_ns < stretch.from_ns || trade.ts_ns >= stretch.to_ns;
  });
  result_.received += trades.size();
  result_.ids_missing += page.to - page.from - trades.size();
  unsaved_.insert(unsaved_.end(), trades.begin(), trades.end());
  const bool is_due = session_.clock().now_ns() - saved_at_ns_ >= options_.save_every.value;
  if (!unsaved_.empty() && (is_due || unsaved_.size() >= options_.save_trades)) {
    save({saved_to_ns_, unsaved_.back().ts_ns});
  }
}

void TradeFetch::save(TimeRange settled) {
  result_.saved.merge(cache_.save(options_.key, instrument_, unsaved_, settled));
  unsaved_.clear();
  saved_to_ns_ = std::max(saved_to_ns_, settled.to_ns);
  saved_at_ns_ = session_.clock().now_ns();
}

}  // namespace hftsim::fetch
