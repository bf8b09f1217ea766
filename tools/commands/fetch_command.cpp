// hftsim fetch: bars or trades from Binance into the cache.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "adapters/bar_time.h"
#include "adapters/cache/bar_cache.h"
#include "adapters/cache/cache_lock.h"
#include "adapters/cache/cache_root.h"
#include "adapters/cache/trade_cache.h"
#include "adapters/fetch/kline_fetch.h"
#include "adapters/fetch/rest_session.h"
#include "adapters/fetch/trade_fetch.h"
#include "adapters/net/http_client.h"
#include "engine/core/clock.h"
#include "engine/core/errors.h"
#include "tools/commands/cache_command.h"
#include "tools/commands/commands.h"
#include "tools/commands/interrupt.h"
#include "tools/progress_bar.h"

namespace hftsim {
namespace {

constexpr int kDaysDefault = 30;

struct Arguments {
  std::string symbol, interval, market = "spot", from, to, base_url, ca_file, cache;
  int days = 0, parallel = 4;
  bool refresh = false, trades = false;
};

constexpr const char* kExamples = R"(Examples:
  hftsim fetch BTCUSDT 1m --days 30
  hftsim fetch BTCUSDT 5m --from 2024-01-01 --to 2024-07-01 --market usdm
  hftsim fetch BTCUSDT --trades --from 2024-08-08T12:00 --to 2024-08-08T13:00
  hftsim fetch BTCUSDT 1m --base-url http://127.0.0.1:8080      from hftsim exchange
Then: hftsim backtest --data cache:BTCUSDT/1m. What is in the cache already is not asked for again; a fetch
that was cut off goes on where it stopped.)";

CacheKey key_of(const Arguments& arguments) {
  const Market market = parse_market(arguments.market, "--market");
  const std::string symbol = fetch::checked_symbol(arguments.symbol, "SYMBOL");
  if (arguments.trades) {
    if (!arguments.interval.empty()) {
      throw BadInput("INTERVAL", "'" + arguments.interval + "'",
                     "none with --trades: trades have no interval");
    }
    return cache_key(market, symbol, kTrades, "SYMBOL");
  }
  if (arguments.interval.empty()) {
    throw BadInput("INTERVAL", "none", "the interval of the bars: 1m, 1h, 1d; or --trades");
  }
  return cache_key(market, symbol, fetch::checked_kline_interval(arguments.interval, market, "INTERVAL"),
                   "SYMBOL");
}

// No exchange takes a time before 1970.
std::int64_t checked_exchange_time(const std::string& text, const std::string& place) {
  const std::int64_t ns = checked_time(text, place);
  if (ns < 0 || ns > kTimeMax) throw BadInput(place, "'" + text + "'", "a time from 1970 to 2115");
  return ns;
}

// What the user said of the time; whole bars of it are fetched.
class AskedTime {
 public:
  explicit AskedTime(const Arguments& arguments) : days_(arguments.days) {
    if (!arguments.from.empty()) from_ns_ = checked_exchange_time(arguments.from, "--from");
    if (!arguments.to.empty()) to_ns_ = checked_exchange_time(arguments.to, "--to");
    if (from_ns_ && days_ > 0) throw BadInput("--days", std::to_string(days_), "either --days or --from");
    if (from_ns_ && to_ns_ && *to_ns_ <= *from_ns_) {
      throw BadInput("--to", "'" + arguments.to + "'", "a time after --from");
    }
    if (days_ == 0) days_ = kDaysDefault;
  }

  bool is_fixed() const { return to_ns_.has_value(); }

  // `now_ns`: where it ends when the user did not say. `step`: what its ends are multiples of. Throws BadInput where no
  // whole step is left.
  TimeRange range(std::int64_t now_ns, Duration step) const {
    const std::int64_t to_ns = fetch::grid_floor(to_ns_.value_or(now_ns), step);
    const std::int64_t days_ago_ns = std::max(to_ns - days_ * kDay.value, std::int64_t{0});
    const TimeRange range{fetch::grid_ceil(from_ns_.value_or(days_ago_ns), step), to_ns};
    if (range.is_empty()) throw BadInput("--from", "no whole bar up to --to, or to now", "an earlier time");
    return range;
  }

 private:
  std::optional<std::int64_t> from_ns_, to_ns_;
  int days_;
};

class Fetch {
 public:
  explicit Fetch(const Arguments& arguments)
      : arguments_(arguments),
        key_(key_of(arguments)),
        time_(arguments),
        root_(cache_root(arguments.cache)),
        market_(fetch::rest_market(key_.market)),
        base_url_(
            net::parse_url(arguments.base_url.empty() ? market_.base_url : arguments.base_url, "--base-url")),
        tls_(arguments.ca_file) {}

  void run() {
    if (has_all_without_asking()) return;
    catch_interrupts();
    fetch::WallFetchClock clock(stop_);
    fetch::RestSession session(market_, connections(), clock, {}, jitter_seed());
    try {
      fetch_with(session);
    } catch (const net::Interrupted&) {
      print_requests(session);
      throw IoFailure(
          "interrupted; what came before is in the cache, and the same command goes on from there");
    }
    print_requests(session);
  }

 private:
  Duration step() const { return key_.is_trades() ? Duration(1'000'000) : key_.interval; }

  bool has_all_without_asking() const {
    if (!time_.is_fixed()) return false;
    const TimeRange range = time_.range(0, step());
    if (arguments_.refresh) return false;
    const TimeRanges missing = key_.is_trades() ? TradeCache(root_.path).missing(key_, range)
                                                : BarCache(root_.path).missing(key_, range);
    if (!missing.is_empty()) return false;
    print_range(range);
    fmt::print("  all of it is in the cache: nothing was asked for\n");
    return true;
  }

  void fetch_with(fetch::RestSession& session) {
    const std::int64_t server_time_ns = session.server_time_ns();
    const TimeRange range = time_.range(server_time_ns, step());
    print_range(range);
    if (key_.is_trades()) {
      fetch_trades(session, range, server_time_ns);
    } else {
      fetch_bars(session, range, server_time_ns);
    }
  }

  void fetch_bars(fetch::RestSession& session, TimeRange range, std::int64_t server_time_ns) {
    BarCache cache(root_.path, print_notice());
    require_writable_cache(cache.missing(key_, range));
    fetch::KlineFetch fetch(session, cache, stop_,
                            {.key = key_, .range = range, .refresh = arguments_.refresh});
    const auto print = [&fetch] {
      const fetch::KlineFetchResult& result = fetch.result();
      fmt::print("  bars      {} missing, {} received, {} added, {} replaced, {} repeated\n", result.asked,
                 result.received, result.saved.added, result.saved.replaced, result.saved.repeated);
      if (result.holes > 0) fmt::print("  holes     {} bars that the exchange does not have\n", result.holes);
      if (result.unsettled > 0)
        fmt::print("  pending   {} bars that it does not have yet\n", result.unsettled);
    };
    run_and_print(fetch, server_time_ns, "bars", print);
  }

  void fetch_trades(fetch::RestSession& session, TimeRange range, std::int64_t server_time_ns) {
    TradeCache cache(root_.path, print_notice());
    require_writable_cache(cache.missing(key_, range));
    fetch::TradeFetch fetch(session, cache, stop_,
                            {.key = key_, .range = range, .refresh = arguments_.refresh});
    const auto print = [&fetch] {
      const fetch::TradeFetchResult& result = fetch.result();
      fmt::print("  trades    {} received, {} added, {} replaced, {} repeated, {} ids missing\n",
                 result.received, result.saved.added, result.saved.replaced, result.saved.repeated,
                 result.ids_missing);
    };
    run_and_print(fetch, server_time_ns, "trades", print);
  }

  // Before anything is asked for that could not be kept.
  void require_writable_cache(const TimeRanges& missing) const {
    if (!missing.is_empty() || arguments_.refresh) require_writable_root(root_.path);
  }

  // What came before it threw is in the cache, and said.
  template <class Running, class Print>
  void run_and_print(Running& fetch, std::int64_t server_time_ns, const char* unit, const Print& print) {
    std::optional<ProgressBar> bar;
    const auto progress = [&](std::uint64_t done, std::uint64_t all) {
      if (!bar) bar.emplace("fetch " + name_of(key_), unit, all);
      bar->update(done);
    };
    try {
      fetch.run(server_time_ns, progress);
    } catch (...) {
      bar.reset();
      if (fetch.result().received > 0) print();
      throw;
    }
    bar.reset();
    print();
  }

  std::vector<std::unique_ptr<net::HttpGetter>> connections() {
    std::vector<std::unique_ptr<net::HttpGetter>> all;
    for (int i = 0; i < arguments_.parallel; ++i) {
      all.push_back(std::make_unique<net::HttpClient>(base_url_, tls_, stop_));
    }
    return all;
  }

  // Two programs that are refused together shall not come back together.
  static std::uint64_t jitter_seed() {
    return static_cast<std::uint64_t>(monotonic_ns()) ^ static_cast<std::uint64_t>(::getpid()) << 40;
  }

  void print_range(TimeRange range) const {
    fmt::print("{} from {}, {} to {}\n", name_of(key_), base_url_.origin(),
               format_utc(Timestamp(range.from_ns)), format_utc(Timestamp(range.to_ns)));
  }

  void print_requests(const fetch::RestSession& session) const {
    const fetch::FetchCounts counts = session.counts();
    fmt::print("  requests  {}; {} of them again: 429 {}, 418 {}, 5xx {}, connection broken {}\n",
               counts.requests, counts.retries, counts.too_many, counts.banned, counts.failing,
               counts.broken);
    fmt::print("  weight    {} in a minute, of {} that are used at most; {} waits for the next\n",
               counts.weight_used_max, session.weight_most(), counts.waits);
    fmt::print("  cache     {}\n", root_.path.string());
  }

  const Arguments& arguments_;
  CacheKey key_;
  AskedTime time_;
  CacheRoot root_;
  const fetch::RestMarket& market_;
  net::Url base_url_;
  net::TlsContext tls_;
  net::StopSignal stop_{&interrupt_requested};
};

}  // namespace

void add_fetch_command(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("fetch", "Bars or trades from Binance into the cache: only what is missing");
  auto arguments = std::make_shared<Arguments>();
  command->add_option("symbol", arguments->symbol, "As the exchange writes it: BTCUSDT")->required();
  command->add_option("interval", arguments->interval, "Of the bars: 1s (spot), 1m ... 12h, 1d, 1w");
  command
      ->add_option("--days", arguments->days,
                   fmt::format("So many days up to --to, or to now [{}]", kDaysDefault))
      ->check(CLI::Range(1, 36'500));
  command->add_option("--from", arguments->from, "First time: 2024-08-08T12:00 or an epoch");
  command->add_option("--to", arguments->to, "Time before which it ends; now, where it is not given");
  command->add_option("--market", arguments->market, "spot, or usdm: futures in dollars")
      ->capture_default_str();
  command->add_flag("--refresh", arguments->refresh, "Ask for what is in the cache, too, and replace it");
  command->add_flag("--trades", arguments->trades, "Trades instead of bars");
  command->add_option("--base-url", arguments->base_url, "Another server that speaks as the exchange does");
  command->add_option("--ca-file", arguments->ca_file, "Certificates (PEM) to believe besides the system's");
  add_cache_option(*command, arguments->cache);
  command->add_option("--parallel", arguments->parallel, "Connections")
      ->capture_default_str()
      ->check(CLI::Range(1, 16));
  command->footer(kExamples);
  command->callback([arguments] { Fetch(*arguments).run(); });
}

}  // namespace hftsim
