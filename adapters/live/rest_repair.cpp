#include "adapters/live/rest_repair.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/bar_time.h"
#include "adapters/binance/rest_agg_trades.h"
#include "adapters/binance/rest_klines.h"
#include "adapters/net/http_client.h"
#include "engine/core/clock.h"

namespace hftsim::live {
namespace {

constexpr std::int64_t kNsPerMs = 1'000'000;
constexpr int kAttempts = 3;                  // of one request; the feed asks again
constexpr Duration kClosedForSure = kMinute;  // a bar without one behind it, so long after its close
constexpr std::size_t kBarsMax = 50'000;      // of one answer; the rest is asked for again

// How much of a book, and what that weighs.
fetch::RestPage depth_page(Market market) {
  return market == Market::spot ? fetch::RestPage{"/api/v3/depth", 1000, 50}
                                : fetch::RestPage{"/fapi/v1/depth", 1000, 20};
}

std::vector<std::unique_ptr<net::HttpGetter>> one_connection(const net::Url& base, net::TlsContext& tls,
                                                             const net::StopSignal& stop) {
  std::vector<std::unique_ptr<net::HttpGetter>> getters;
  getters.push_back(std::make_unique<net::HttpClient>(base, tls, stop));
  return getters;
}

fetch::RetryOptions retry_options(const FeedTimes& times) {
  fetch::RetryOptions options;
  options.backoff = times.repair;
  options.backoff.attempts_max = kAttempts;
  return options;
}

// The last bar of an answer may be open still: one behind it says that it is not, or the exchange's clock by far.
void leave_out_open(std::vector<Event>& bars, std::int64_t server_ns) {
  if (!bars.empty() && bars.back().ts_ns + kClosedForSure.value > server_ns) bars.pop_back();
}

}  // namespace

RestRepair::RestRepair(const FeedOptions& options, const net::Url& base, net::TlsContext& tls,
                       const net::StopSignal& stop)
    : options_(options),
      clock_(stop),
      session_(fetch::rest_market(options.market), one_connection(base, tls, stop), clock_,
               retry_options(options.times), options.seed) {}

RepairAnswer RestRepair::answer(const RepairRequest& request) {
  RepairAnswer answer{.request = request};
  try {
    switch (request.kind) {
      case RepairKind::time:
        ask_time(answer);
        break;
      case RepairKind::bars:
        ask_time(answer);
        ask_bars(answer);
        break;
      case RepairKind::trades:
        ask_trades(answer);
        break;
      case RepairKind::book:
        ask_book(answer);
    }
  } catch (const net::Interrupted&) {
    throw;
  } catch (const std::exception& error) {
    answer.events.clear();
    answer.trouble = error.what();
  }
  return answer;
}

void RestRepair::ask_time(RepairAnswer& answer) {
  answer.server_ns = session_.server_time_ns();
  answer.heard_ns = monotonic_ns();
}

void RestRepair::ask_bars(RepairAnswer& answer) {
  const Instrument& instrument = options_.instruments[answer.request.instrument];
  const fetch::RestPage& page = session_.market().klines;
  const std::int64_t interval_ns = instrument.bar_interval.value;
  std::int64_t from_ns = answer.request.from_ns;
  for (bool is_full = true; is_full && answer.events.size() < kBarsMax;) {
    const std::string query =
        fmt::format("interval={}&startTime={}&limit={}", format_interval(instrument.bar_interval),
                    from_ns / kNsPerMs, page.rows_max);
    const binance::KlinesQuery expected{.interval_ns = interval_ns,
                                        .phase_ns = fetch::phase_ns(instrument.bar_interval),
                                        .from_ns = from_ns,
                                        .to_ns = kTimeMax,
                                        .rows_max = page.rows_max};
    const std::string body = session_.get(0, page, instrument.symbol, query);
    std::vector<Event> bars =
        binance::parse_klines(body, expected, session_.url(page, instrument.symbol, query));
    is_full = bars.size() == page.rows_max;
    leave_out_open(bars, answer.server_ns);
    if (bars.empty()) return;
    from_ns = bars.back().ts_ns;
    answer.events.insert(answer.events.end(), bars.begin(), bars.end());
  }
}

void RestRepair::ask_trades(RepairAnswer& answer) {
  const Instrument& instrument = options_.instruments[answer.request.instrument];
  const fetch::RestPage& page = session_.market().agg_trades;
  const TradeHole hole = answer.request.hole;
  for (std::uint64_t from = hole.from; from < hole.to;) {
    const std::size_t rows = std::min<std::uint64_t>(page.rows_max, hole.to - from + 1);
    const std::string query = fmt::format("fromId={}&limit={}", from, rows);
    const std::string body = session_.get(0, page, instrument.symbol, query);
    const std::vector<Event> trades =
        binance::parse_agg_trades(body, instrument, from, rows, session_.url(page, instrument.symbol, query));
    if (trades.empty()) return;
    answer.events.insert(answer.events.end(), trades.begin(), trades.end());
    from = trades.back().trade.seq + 1;
  }
}

void RestRepair::ask_book(RepairAnswer& answer) {
  const fetch::RestPage page = depth_page(options_.market);
  answer.body = session_.get(0, page, options_.instruments[answer.request.instrument].symbol,
                             fmt::format("limit={}", page.rows_max));
}

}  // namespace hftsim::live
