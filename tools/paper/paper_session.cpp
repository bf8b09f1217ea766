#include "tools/paper/paper_session.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "adapters/live/feed_address.h"
#include "adapters/live/market_setup.h"
#include "adapters/net/http_client.h"
#include "engine/core/clock.h"
#include "engine/core/errors.h"
#include "strategies/registry.h"
#include "tools/build_info.h"
#include "tools/compute_latency.h"
#include "tools/paper/paper_summary.h"
#include "tools/paper/session_past.h"
#include "tools/run_features.h"

namespace hftsim {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHistorySpare = 8;           // bars; one more or less may have closed meanwhile
constexpr std::size_t kHistoryOfStateful = 2'000;  // bars, for a model that has no window
constexpr std::uint32_t kLiveBlockEvents = 32;
constexpr std::chrono::milliseconds kTick{50};

std::uint64_t jitter_seed() {
  return static_cast<std::uint64_t>(monotonic_ns()) ^ static_cast<std::uint64_t>(::getpid()) << 40;
}

std::size_t history_bars(const RunConfig& config, const RunModel& model) {
  const auto strategy = make_strategy(config.strategy.name, config.strategy.params);
  std::size_t window = 0;
  for (const models::LoadedModel& loaded : model.models()) {
    const models::BundleMetadata& metadata = loaded.bundle().metadata;
    window = std::max<std::size_t>(window, metadata.stateful ? kHistoryOfStateful : metadata.lookback);
  }
  const features::FeatureSet set(features_of(config, model, *strategy));
  return set.warmup_bars() + window + kHistorySpare;
}

std::string absolute_path(const fs::path& path) {
  return fs::absolute(path).lexically_normal().string();
}

}  // namespace

PaperSession::PaperSession(PaperOptions options) : options_(std::move(options)) {}

PaperSession::~PaperSession() {
  if (feed_) feed_->stop();
}

std::unique_ptr<PaperSession> PaperSession::begin(PaperOptions options) {
  std::unique_ptr<PaperSession> session(new PaperSession(std::move(options)));
  session->model_.emplace(session->options_.config);
  session->ask_exchange();
  session->settle_config();
  session->start_new();
  session->connect();
  return session;
}

std::unique_ptr<PaperSession> PaperSession::resume(PaperOptions options) {
  std::unique_ptr<PaperSession> session(new PaperSession(std::move(options)));
  session->start_again();
  session->connect();
  return session;
}

void PaperSession::ask_exchange() {
  net::StopSignal stop(options_.cancel);
  net::TlsContext tls(options_.address.ca_file);
  const Market market = options_.address.market;
  std::vector<std::unique_ptr<net::HttpGetter>> connections;
  connections.push_back(std::make_unique<net::HttpClient>(
      live::base_address(market, options_.address.url, options_.address.rest_url).rest, tls, stop));
  fetch::WallFetchClock clock(stop);
  fetch::RestSession rest(fetch::rest_market(market), std::move(connections), clock, {}, jitter_seed());
  instruments_ = live::discover_instruments(rest, market, options_.symbols, options_.interval);
  const std::size_t bars = history_bars(options_.config, *model_);
  std::vector<std::vector<Event>> histories;
  for (std::size_t i = 0; i < instruments_.size(); ++i) {
    histories.push_back(live::fetch_history(rest, market, instruments_[i], static_cast<InstrumentId>(i), bars,
                                            options_.cache_root, stop));
  }
  history_ = in_one_order(std::move(histories), wall_clock_now().value);
}

// What the session finds is settled in its config, so that its recording replays alike.
void PaperSession::settle_config() {
  RunConfig& config = options_.config;
  set_account_steps(instruments_, config);
  if (const auto first = first_live_close(history_, options_.interval)) config.run.start = iso_utc(*first);
  if (config.execution.compute_latency == kMeasuredLatency) {
    config.execution.compute_latency = measured_compute_latency_ns(config, *model_);
  }
  for (std::string& path : config.model.path) path = absolute_path(path);
  config.run.out.clear();
  if (!options_.address.recording.empty()) {
    options_.address.recording = absolute_path(options_.address.recording);
  }
  resolve(config);
}

void PaperSession::make_wiring() {
  wiring_ = std::make_unique<RunWiring>(options_.config, instruments_, *model_, Feeding::live);
}

void PaperSession::start_new() {
  make_wiring();  // before anything is written
  check_recording();
  files_.emplace(options_.folder, options_.force);
  options_.config.data.path = {absolute_path(recording())};
  make_log();
  make_live_run();
  StreamEnd end(instruments_.size());
  end.follow(history_);
  feed_start_ = end.start();
  live_->sink().take(history_, {});
  live_->wait_until_written();
  files_->begin(to_toml(options_.config), options_.address);
  log_->info(fmt::format("session of {} on {}; {} bars of history", options_.config.strategy.name,
                         options_.address.describe(), history_.size()));
}

// One of the user's that is elsewhere is not written over.
void PaperSession::check_recording() const {
  const std::string& file = options_.address.recording;
  if (file.empty() || options_.force || !fs::exists(file)) return;
  throw BadInput("--record", file + ", which is there already", "a new file, or --force to replace it");
}

void PaperSession::make_log() {
  log_ = std::make_unique<SessionLog>(files_->log(), [this](LogLine level, const std::string& text) {
    if (view_) view_->on_log(wall_clock_now().value / 1'000'000, std::string(name_of(level)), text);
  });
}

void PaperSession::make_view() {
  if (!options_.is_shown) return;
  SessionInfo info;
  info.instruments = instruments_;
  info.features = wiring_->names.names();
  info.strategy = options_.config.strategy.name;
  for (const std::string& path : options_.config.model.path)
    info.model += (info.model.empty() ? "" : ", ") + fs::path(path).filename().string();
  info.market = name_of(options_.address.market);
  info.url = live::base_address(options_.address.market, options_.address.url, "").websocket.authority();
  info.started_ms = wall_clock_now().value / 1'000'000;
  info.initial_capital = options_.config.account.initial_capital;
  view_ = std::make_unique<SessionView>(std::move(info));
}

void PaperSession::make_live_run() {
  make_view();
  equity_ = std::make_unique<EquityMemory>(EquityMemory::kMarksInMemoryDefault, files_->path());
  LiveRunOptions options;
  options.recorder.recording = recording();
  options.recorder.journal = files_->run().journal();
  options.recorder.as_parts = true;
  options.recorder.held_events_most = options_.held_events_most;
  options.recorder.header = {.instruments = instruments_,
                             .order = EventOrder::receive,
                             .source = "paper session, " + options_.address.describe(),
                             .created_by = "hftsim " + version()};
  options.recorder.equity = equity_.get();
  tables_ = std::make_unique<SessionTables>(instruments_);
  options.recorder.watchers = {tables_.get()};
  if (view_) options.recorder.watchers.push_back(view_.get());
  options.feature_count = static_cast<std::uint32_t>(wiring_->names.names().size());
  options.block_events = std::min(kLiveBlockEvents, static_cast<std::uint32_t>(options_.config.run.block));
  options.pin = options_.pin;
  TradingParts parts = parts_of(*wiring_);
  if (options_.pin)
    understudy_ = std::make_unique<Understudy>(options_.config, instruments_.front(), *model_);
  parts.understudy = understudy_.get();
  live_ = std::make_unique<LiveRun>(parts, options);
}

// The recording is written anew, and takes the place of the old one once it is whole: whenever this is killed, one of
// them is there.
void PaperSession::start_again() {
  files_.emplace(SessionFiles::open(options_.folder));
  FeedAddress address = files_->read_address();
  if (!options_.address.url.empty()) address.url = options_.address.url, address.rest_url.clear();
  if (!options_.address.rest_url.empty()) address.rest_url = options_.address.rest_url;
  if (!options_.address.ca_file.empty()) address.ca_file = options_.address.ca_file;
  options_.address = address;
  options_.config = RunConfig();
  read_config_file(options_.config, files_->run().config());
  resolve(options_.config);
  model_.emplace(options_.config);

  RecordingReader old(recording());
  instruments_ = old.header().instruments;
  set_account_steps(instruments_, options_.config);
  if (!instruments_.empty()) options_.interval = instruments_.front().bar_interval;
  make_wiring();
  make_log();
  make_live_run();
  feed_start_ = replay_into(live_->sink(), old, net::StopSignal(options_.cancel));
  live_->wait_until_written();
  resumed_events_ = old.event_count();
  log_->info(fmt::format("resumed behind {} recorded events; the recording's end: {}", resumed_events_,
                         old.tail().describe()));
  check_journal();
  files_->go_on(options_.address);
}

// The journal of before has to be what the replay decides. Where it is not, the session goes on by the replay, and says so.
void PaperSession::check_journal() {
  const fs::path journal = files_->run().journal();
  try {
    const JournalComparison compared = compare_journals(journal, part_of(journal));
    if (!compared.differs) {
      resume_note_ = fmt::format("{} journal records, as they were", compared.records);
      log_->info("the replay decided as before: " + resume_note_);
      return;
    }
    resume_note_ =
        fmt::format("the journal differs from what was decided before, from record {} on", *compared.differs);
  } catch (const BadInput& error) {
    resume_note_ = std::string("the journal of before cannot be read: ") + error.what();
  }
  log_->warning(resume_note_);
}

live::FeedOptions PaperSession::feed_options() const {
  live::FeedOptions feed;
  feed.market = options_.address.market;
  feed.websocket_url = options_.address.url;
  feed.rest_url = options_.address.rest_url;
  feed.ca_file = options_.address.ca_file;
  feed.instruments = instruments_;
  feed.streams.depth = options_.address.depth;
  feed.seed = jitter_seed();
  feed.interrupted = options_.cancel;
  return feed;
}

void PaperSession::connect() {
  const auto log = [this](live::LogLevel level, const std::string& text) {
    log_->write(level, text);
  };
  feed_ = std::make_unique<live::LiveFeed>(feed_options(), feed_start_, live_->sink(), log);
  started_ns_ = monotonic_ns();
  feed_->start();
}

live::FeedHealth PaperSession::health() const {
  return feed_ ? feed_->health() : live::FeedHealth();
}

bool PaperSession::is_over() const {
  if (stop_.load(std::memory_order_relaxed) || live_->has_failed()) return true;
  if (options_.cancel != nullptr && options_.cancel->load(std::memory_order_relaxed)) return true;
  return options_.duration.value > 0 && monotonic_ns() - started_ns_ >= options_.duration.value;
}

bool PaperSession::command(SessionMark command) {
  const bool is_taken = live_->command(command);
  log_->info(
      fmt::format("told to {}{}", command_name(command), is_taken ? "" : "; too many commands wait already"));
  return is_taken;
}

void PaperSession::run(const std::function<void()>& on_tick) {
  while (!is_over()) {
    if (on_tick) on_tick();
    if (view_) view_->on_feed(health(), monotonic_ns());
    watch_recording();
    std::this_thread::sleep_for(kTick);
  }
}

// A disk that fills up, or has room again, is a line in the log.
void PaperSession::watch_recording() {
  const RecordingStatus now = live_->status().recording;
  const std::string trouble = now.trouble.empty() ? now.journal_trouble : now.trouble;
  if (now.dropped > 0 && !has_told_of_drops_)
    log_->error("what waits for the disk has filled its memory: events are dropped");
  has_told_of_drops_ = now.dropped > 0;
  if (trouble.empty() == recording_trouble_.empty()) return;
  recording_trouble_ = trouble;
  log_->warning(trouble.empty()
                    ? fmt::format("there is room on the disk again; {} events are missing in the recording",
                                  now.dropped)
                    : trouble + "; trading goes on, what is to be written waits in memory");
}

Json PaperSession::finish() {
  feed_->stop();
  std::string why;
  try {
    live_->finish();
  } catch (const std::exception& error) {
    failure_ = std::current_exception();
    why = error.what();
    log_->error(why);
  }
  RunResult result;
  wiring_->fill_in(result);
  result.halt = live_->halt();
  result.failure = why;
  result.pipeline.events = live_->status().events;
  result.pipeline.wall_ns = monotonic_ns() - started_ns_;
  const Metrics metrics = metrics_of(options_.config, result, *equity_);
  PaperEnd end{live_->status(),        feed_->health(), recording(),
               files_->run().config(), resumed_events_, resume_note_};
  Json summary = make_paper_summary(options_.config, instruments_, *model_, result, metrics, *equity_, end);
  keep(result.failure.empty(), summary);
  log_->info("the session ended; journal hash " + result.journal_hash);
  return summary;
}

// Of a session that failed in the middle the journal may have no end. The summary comes first: it needs no journal.
void PaperSession::keep(bool with_tables, const Json& summary) {
  try {
    write_text_file(files_->run().summary(), summary.dump(2) + "\n");
    if (with_tables) {
      tables_->write(files_->run(), Money(options_.config.account.initial_capital), *equity_);
    }
  } catch (const std::exception& error) {
    if (failure_) log_->error(error.what());
    if (!failure_) failure_ = std::current_exception();
  }
}

void PaperSession::throw_failure() const {
  if (failure_) std::rethrow_exception(failure_);
}

}  // namespace hftsim
