// hftsim exchange: Binance's public API on this machine, over a recording or a generated market.
#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "adapters/bar_time.h"
#include "adapters/cache/cache_key.h"
#include "adapters/exchange/exchange_server.h"
#include "adapters/exchange/generated_market.h"
#include "engine/core/clock.h"
#include "engine/core/errors.h"
#include "replay/recording_source.h"
#include "tools/commands/commands.h"

namespace hftsim {
namespace {

struct Arguments {
  std::string data, market = "spot", speed = "1", start;
  bool generated = false;
  exchange::GeneratedMarketOptions generator;
  std::vector<std::string> faults, tls;
  exchange::ServerOptions server;
  exchange::ConnectionLimits limits;
  exchange::RestOptions rest;
  std::int64_t weight_window_s = 60;
  std::size_t trades_kept = 200'000;
};

// Times as fast as real time; 0: as fast as the clients take it.
double speed_of(const std::string& text) {
  if (text == "max") return 0;
  double speed = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, speed);
  if (error == std::errc{} && end == last && speed >= 0.001 && speed <= 100'000) return speed;
  throw BadInput("--speed", "'" + text + "'", "max, or how many times as fast as real time: 1, 10, 0.5");
}

struct Feed {
  std::unique_ptr<exchange::MarketFeed> feed;
  std::int64_t start_ns = 0;
};

// Opens at the given time: what lies before is history.
Feed open_generated(const Arguments& arguments) {
  exchange::GeneratedMarketOptions options = arguments.generator;
  options.start =
      arguments.start.empty() ? wall_clock_now() : Timestamp(checked_time(arguments.start, "--start"));
  auto feed = std::make_unique<exchange::MarketFeed>(
      exchange::generated_market(options), parse_market(arguments.market, "--market"), arguments.trades_kept);
  feed->advance(options.start.value, SIZE_MAX);
  return {std::move(feed), options.start.value};
}

// The last event's time; everything is history.
std::int64_t go_to_end(exchange::MarketFeed& feed) {
  std::int64_t last_ns = 0;
  while (const std::optional<std::int64_t> next_ns = feed.next_ns()) {
    last_ns = *next_ns;
    feed.advance(last_ns, 1);
  }
  return last_ns;
}

// Opens with the first event, or where --start says.
Feed open_recording(const Arguments& arguments) {
  auto feed = std::make_unique<exchange::MarketFeed>(std::make_unique<RecordingSource>(arguments.data),
                                                     parse_market(arguments.market, "--market"),
                                                     arguments.trades_kept);
  if (arguments.start == "end") {
    const std::int64_t end_ns = go_to_end(*feed);
    return {std::move(feed), end_ns};
  }
  const std::optional<std::int64_t> first_ns = feed->next_ns();
  if (!first_ns)
    throw BadInput(arguments.data, "no event", "a recording of bars, trades, quotes or book changes");
  if (arguments.start.empty()) return {std::move(feed), *first_ns};
  const std::int64_t start_ns = checked_time(arguments.start, "--start");
  feed->advance(start_ns, SIZE_MAX);
  return {std::move(feed), start_ns};
}

void check(Arguments& arguments) {
  if (arguments.generated && !arguments.data.empty()) {
    throw BadInput("--generated", "a recording too", "either --data or --generated");
  }
  if (!arguments.tls.empty()) arguments.server.tls = {arguments.tls.at(0), arguments.tls.at(1)};
  arguments.rest.weight_window_ns = arguments.weight_window_s * kSecond.value;
}

void print_counts(const exchange::ServerContext& context) {
  std::uint64_t answers = 0;
  for (const auto& [status, count] : context.counts.answers) answers += count;
  fmt::print("{} requests answered, {} messages sent over {} websockets, {} disconnected for being slow\n",
             answers, context.counts.messages_sent, context.counts.websockets, context.counts.slow_consumers);
}

void serve(Arguments arguments) {
  check(arguments);
  const double speed = speed_of(arguments.speed);
  exchange::FaultPlan(0).set(
      fmt::format("{}", fmt::join(arguments.faults, ",")));  // refused before anything is read
  const Feed open = arguments.data.empty() ? open_generated(arguments) : open_recording(arguments);
  exchange::ServerContext context(*open.feed, exchange::ReplayClock(open.start_ns, speed), arguments.rest,
                                  arguments.limits, arguments.generator.seed);
  for (const std::string& fault : arguments.faults) context.set_faults(fault);
  exchange::ExchangeServer server(context, arguments.server);
  fmt::print("listening on {}\n", server.url());
  const std::size_t symbols = open.feed->markets().size();
  fmt::print("{} symbol{}, {}, from {} at {}\n", symbols, symbols == 1 ? "" : "s", arguments.market,
             format_utc(Timestamp(open.start_ns)), speed > 0 ? "x" + arguments.speed : "the clients' pace");
  std::fflush(stdout);
  server.run();
  print_counts(context);
}

void add_source_options(CLI::App& command, Arguments& arguments) {
  command.add_option("--data", arguments.data, "A recording (.hfr) to replay");
  command.add_flag("--generated", arguments.generated, "A generated market (the default without --data)");
  command.add_option("--market", arguments.market, "Whose API: spot (/api/v3) or usdm (/fapi/v1)")
      ->capture_default_str()
      ->check(CLI::IsMember({"spot", "usdm"}));
  command
      .add_option("--speed", arguments.speed, "1: real time, 10, 0.5; max: as fast as the clients take it")
      ->capture_default_str();
  command.add_option(
      "--start", arguments.start,
      "The exchange's time when it opens; what lies before is history. Default: now (generated), the "
      "first event (recording, which also takes 'end')");
  command.add_option("--symbols", arguments.generator.symbols, "Generated symbols")
      ->delimiter(',')
      ->capture_default_str();
  command.add_option("--seed", arguments.generator.seed, "Seed of the generated market and of the faults")
      ->capture_default_str();
  command.add_option("--history-days", arguments.generator.history_days, "Generated days before the start")
      ->capture_default_str()
      ->check(CLI::Range(std::int64_t{0}, exchange::kHistoryDaysMax));
  command
      .add_option("--trade-minutes", arguments.generator.trade_minutes,
                  "Of the history, the last ones, that have trades")
      ->capture_default_str()
      ->check(CLI::Range(0, 100'000));
  command.add_flag("--bars-only", arguments.generator.bars_alone, "Generated bars without trades and books");
  command.add_option("--trades-kept", arguments.trades_kept, "Of each symbol, for aggTrades")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000'000));
}

void add_server_options(CLI::App& command, Arguments& arguments) {
  command.add_option("--address", arguments.server.address, "Where to listen")->capture_default_str();
  command.add_option("--port", arguments.server.port, "0: one that is free, which the first line says")
      ->capture_default_str();
  command.add_option("--tls", arguments.tls, "CERT KEY: serve over TLS with this certificate (PEM)")
      ->expected(2);
  command.add_flag("--wait", arguments.server.waits_for_client,
                   "Time stands still before the first subscription");
  command.add_flag("--exit-at-end", arguments.server.ends_with_source, "End when the data do");
  command.add_option(
      "--fault", arguments.faults,
      "[rest.|ws.]NAME=RATE[:DURATION][@STREAM]: disconnect, stall, malformed, slow, 429, 418, 503, gap, "
      "duplicate, reorder; RATE 0.02, 1/50, once, off; skew=+1500ms");
  command
      .add_option("--weight-limit", arguments.rest.weight_limit,
                  "Request weight per window; default 6000 (spot), 2400 (usdm)")
      ->check(CLI::PositiveNumber);
  command.add_option("--weight-window", arguments.weight_window_s, "Seconds")
      ->capture_default_str()
      ->check(CLI::Range(1, 3'600));
  command
      .add_option("--queue", arguments.limits.queue_messages,
                  "Messages that a websocket may be behind before it is disconnected")
      ->capture_default_str()
      ->check(CLI::Range(512, 10'000'000));
  command.add_option("--ping", arguments.limits.ping_s, "Seconds of silence before a websocket is pinged")
      ->capture_default_str()
      ->check(CLI::Range(1, 3'600));
}

}  // namespace

void add_exchange_command(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "exchange", "Serve Binance's public API here, from a recording or generated, with faults");
  add_source_options(*command, *arguments);
  add_server_options(*command, *arguments);
  command->footer(
      "Examples:\n"
      "  hftsim exchange --generated --symbols BTCUSDT,ETHUSDT --port 8080\n"
      "  hftsim exchange --data day.hfr --market usdm --speed max --wait --exit-at-end\n"
      "  hftsim exchange --fault rest.disconnect=0.02 --fault 429=0.05\n"
      "  curl -X POST -d ws.gap=once@depth http://127.0.0.1:8080/hftsim/faults\n"
      "What is served, and the faults: docs/exchange.md");
  command->callback([arguments] { serve(*arguments); });
}

}  // namespace hftsim
