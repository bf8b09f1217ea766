// hftsim paper: a live session on paper. Orders are simulated; none leaves this program.
#include <fmt/format.h>

#include <memory>
#include <optional>

#include "adapters/bar_time.h"
#include "adapters/cache/cache_root.h"
#include "adapters/fetch/rest_market.h"
#include "adapters/fetch/rest_session.h"
#include "engine/core/errors.h"
#include "tools/commands/cache_command.h"
#include "tools/commands/commands.h"
#include "tools/commands/interrupt.h"
#include "tools/paper/paper_session.h"
#include "tools/paper/paper_summary.h"
#include "tools/paper/session_dashboard.h"
#include "tools/paper/status_line.h"

namespace hftsim {
namespace {

struct Arguments {
  std::string config_file, interval = "1m", market = "spot", url, rest_url, ca_file, cache;
  std::vector<std::string> symbols, settings, models;
  std::optional<std::string> strategy;
  std::string out, record, resume, duration, dashboard;
  net::TlsFiles dashboard_tls;
  std::size_t held = PaperOptions().held_events_most;
  bool depth = false, pin = false, force = false, json = false;
};

constexpr const char* kExamples = R"(Examples:
  hftsim exchange --generated --speed 60 --port 8091 &
  hftsim paper --symbol BTCUSDT --url ws://127.0.0.1:8091       offline, against our own exchange
  hftsim paper --symbol BTCUSDT --url ws://127.0.0.1:8091 --dashboard 127.0.0.1:8080
  hftsim paper --symbol BTCUSDT,ETHUSDT --interval 5m --market usdm --strategy momentum
  hftsim paper my.toml --symbol BTCUSDT --set risk.stop_loss=0.01 --duration 8h --out runs/today
  hftsim paper --resume runs/today                              goes on where it was cut off
  hftsim backtest runs/today/config.toml --data runs/today/session.hfr
                                                                the same decisions once more
No order is ever sent: fills are simulated. More: docs/paper-trading.md)";

std::vector<std::string> symbols_of(const Arguments& arguments) {
  std::vector<std::string> symbols;
  for (const std::string& symbol : arguments.symbols)
    symbols.push_back(fetch::checked_symbol(symbol, "--symbol"));
  if (symbols.empty()) throw BadInput("--symbol", "none", "what to trade: BTCUSDT, or BTCUSDT,ETHUSDT");
  return symbols;
}

// Orders meet the live market as its streams show it, unless told otherwise.
void fill_on_ticks(RunConfig& config, bool has_book) {
  if (!config.places.contains("execution.venue")) {
    set_key(config, "execution.venue", std::string("ticks"), "hftsim paper");
  }
  if (has_book && !config.places.contains("execution.fill_on")) {
    set_key(config, "execution.fill_on", std::string("book"), "hftsim paper");
  }
  if (!has_book && config.execution.venue == "ticks" && config.execution.fill_on == "book") {
    throw with_place(config, BadInput("execution.fill_on", "book", "quotes or trades; or --depth as well"));
  }
}

RunConfig config_of(const Arguments& arguments) {
  RunConfig config;
  if (!arguments.config_file.empty()) read_config_file(config, arguments.config_file);
  for (const std::string& setting : arguments.settings) apply_setting(config, setting);
  if (arguments.strategy) set_key(config, "strategy.name", *arguments.strategy, "--strategy");
  if (!arguments.models.empty()) set_key(config, "model.path", arguments.models, "--model");
  set_key(config, "run.start", std::string(), "hftsim paper");
  set_key(config, "data.order", std::string("recorded"), "hftsim paper");
  fill_on_ticks(config, arguments.depth);
  resolve(config);
  return config;
}

FeedAddress address_of(const Arguments& arguments) {
  FeedAddress address;
  address.market = parse_market(arguments.market, "--market");
  address.url = arguments.url;
  address.rest_url = arguments.rest_url;
  address.ca_file = arguments.ca_file;
  address.depth = arguments.depth;
  address.recording = arguments.record;
  return address;
}

std::filesystem::path folder_of(const Arguments& arguments, const std::vector<std::string>& symbols) {
  if (!arguments.out.empty()) return arguments.out;
  return RunDirectory::next_free("paper", symbols.front() + "-" + arguments.interval);
}

PaperOptions new_session(const Arguments& arguments) {
  PaperOptions options;
  options.symbols = symbols_of(arguments);
  options.address = address_of(arguments);
  options.interval = fetch::checked_kline_interval(arguments.interval, options.address.market, "--interval");
  options.config = config_of(arguments);
  options.folder = folder_of(arguments, options.symbols);
  // Another server's bars are not the exchange's: they go into a cache only where one is named.
  if (arguments.url.empty() || !arguments.cache.empty())
    options.cache_root = cache_root(arguments.cache).path;
  options.force = arguments.force;
  return options;
}

std::unique_ptr<PaperSession> session_of(const Arguments& arguments) {
  const bool resumes = !arguments.resume.empty();
  PaperOptions options = resumes ? PaperOptions() : new_session(arguments);
  if (resumes) {
    options.folder = arguments.resume;
    options.address = address_of(arguments);
  }
  if (!arguments.duration.empty()) options.duration = checked_interval(arguments.duration, "--duration");
  options.pin = arguments.pin;
  options.held_events_most = arguments.held;
  options.is_shown = !arguments.dashboard.empty();
  options.cancel = &interrupt_requested;
  return resumes ? PaperSession::resume(std::move(options)) : PaperSession::begin(std::move(options));
}

void print_begin(const PaperSession& session) {
  fmt::print("paper session in {}: no order leaves this program\n", session.files().path().string());
  std::fflush(stdout);
}

// The token is told here alone.
void print_dashboard(const dashboard::DashboardServer& server, bool on_stdout) {
  std::FILE* const out = on_stdout ? stdout : stderr;
  fmt::print(out, "dashboard at {}/#token={}\n", server.url(), server.token());
  std::fflush(out);
}

// Shows a session as long as it lives.
class Shown {
 public:
  Shown(PaperSession& session, dashboard::DashboardServer& server) : content_(session), server_(server) {
    server_.start(content_);
  }
  ~Shown() { server_.stop(); }
  Shown(const Shown&) = delete;
  Shown& operator=(const Shown&) = delete;

 private:
  SessionContent content_;
  dashboard::DashboardServer& server_;
};

void paper(const Arguments& arguments) {
  catch_interrupts();
  std::optional<dashboard::DashboardServer> server;  // refused before anything is asked for
  if (!arguments.dashboard.empty())
    server.emplace(dashboard_options(arguments.dashboard, arguments.dashboard_tls));
  const std::unique_ptr<PaperSession> session = session_of(arguments);
  if (!arguments.json) print_begin(*session);
  {
    std::optional<Shown> shown;
    if (server) shown.emplace(*session, *server);
    if (server) print_dashboard(*server, !arguments.json);
    StatusLine line;
    session->run([&] { line.update(session->status(), session->health()); });
  }
  const Json summary = session->finish();
  if (arguments.json) {
    fmt::print("{}\n", summary.dump(2));
  } else {
    fmt::print("{}{}", summary_table(summary), paper_table(summary));
  }
  session->throw_failure();
  if (!session->status().recording.is_ok()) throw CommandFailed();
}

void add_market_options(CLI::App& command, Arguments& arguments) {
  command.add_option("--symbol", arguments.symbols, "What to trade: BTCUSDT, or BTCUSDT,ETHUSDT")
      ->delimiter(',');
  command.add_option("--interval", arguments.interval, "Of the bars that are decided on")
      ->capture_default_str();
  command.add_option("--market", arguments.market, "spot, or usdm: futures in dollars")
      ->capture_default_str();
  command.add_option("--url", arguments.url,
                     "Another websocket server that speaks as the exchange does: ws://127.0.0.1:8091");
  command.add_option("--rest-url", arguments.rest_url, "Its REST server [the same host and port]");
  command.add_option("--ca", arguments.ca_file, "Certificates (PEM) to believe besides the system's");
  command.add_flag("--depth", arguments.depth, "Ask for the book's changes, too");
  add_cache_option(command, arguments.cache);
}

void add_dashboard_options(CLI::App& command, Arguments& arguments) {
  command.add_option(
      "--dashboard", arguments.dashboard,
      "Show the session to browsers at that address: 127.0.0.1:8080; port 0: one that is free");
  command.add_option("--dashboard-cert", arguments.dashboard_tls.certificate,
                     "Certificate (PEM) of the dashboard; needed beyond this machine");
  command.add_option("--dashboard-key", arguments.dashboard_tls.key, "Its private key (PEM)");
}

void add_session_options(CLI::App& command, Arguments& arguments) {
  command.add_option("--out", arguments.out, "Folder of the session [a new one below runs/]");
  command.add_option("--record", arguments.record, "Where the recording goes [session.hfr in the folder]");
  command.add_option("--resume", arguments.resume, "Go on with the session of that folder");
  command.add_option("--held", arguments.held, "Events that wait in memory while the disk is full")
      ->capture_default_str()
      ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 28));
  command.add_option("--duration", arguments.duration, "End after that time: 90s, 8h [when told to]");
  command.add_flag("--pin", arguments.pin, "The trading thread has a core of its own and spins there");
  command.add_flag("--force", arguments.force, "Replace the session that is in --out");
  command.add_flag("--json", arguments.json, "Print the summary alone, as JSON");
}

}  // namespace

void add_paper_command(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("paper", "Trade a live market on paper; recorded, so that it replays");
  command->add_option("config", arguments->config_file, "TOML file; keys as in hftsim backtest --keys");
  command->add_option("--strategy", arguments->strategy, "Name of the strategy: hftsim strategies");
  command->add_option("--model", arguments->models, "Model bundles; several: their weighted mean");
  command->add_option("--set", arguments->settings, "section.key=value, over the file; repeatable")
      ->allow_extra_args(false);
  add_market_options(*command, *arguments);
  add_session_options(*command, *arguments);
  add_dashboard_options(*command, *arguments);
  command->footer(kExamples);
  command->callback([arguments] { paper(*arguments); });
}

}  // namespace hftsim
