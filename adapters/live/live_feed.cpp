#include "adapters/live/live_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

#include "adapters/live/closable_sink.h"
#include "adapters/live/feed_address.h"
#include "adapters/live/market_stream.h"
#include "adapters/live/rest_repair.h"
#include "adapters/live/websocket_connection.h"
#include "engine/core/clock.h"
#include "engine/core/errors.h"

namespace hftsim::live {
namespace {

namespace asio = boost::asio;
using SteadyTimer = asio::steady_timer;

constexpr std::chrono::milliseconds kPollEvery{50};
constexpr std::chrono::milliseconds kStopWithin{400};

FeedOptions checked(FeedOptions options, const FeedStart& start) {
  const auto fits = [&](std::size_t size) {
    return size == 0 || size == options.instruments.size();
  };
  if (!fits(start.last_bar_close.size()) || !fits(start.last_trade_id.size()))
    throw BadInput("feed start", "positions of other instruments", "one per instrument, or none");
  for (const auto& close : start.last_bar_close) {
    if (close && close->value <= 0) throw BadInput("feed start", "a bar before 1970", "a later one");
  }
  return options;
}

}  // namespace

// What the network thread alone has. Its end waits for asio's own thread that resolves names, which may hang.
struct Network {
  asio::io_context io{1};
  SteadyTimer poll_timer{io}, reconnect_timer{io};
  std::shared_ptr<WebsocketConnection> connection;
};

// What both threads need; it lives as long as either does. A thread that hangs in resolving a name, which nothing can
// interrupt, is left to end by itself.
struct LiveFeed::Parts : WebsocketHandler, std::enable_shared_from_this<LiveFeed::Parts> {
  Parts(FeedOptions feed_options, const FeedStart& start, FeedSink& sink, FeedLog feed_log)
      : options(checked(std::move(feed_options), start)),
        address(feed_address(options)),
        log(feed_log ? std::move(feed_log) : [](LogLevel, const std::string&) {}),
        tls(options.ca_file),
        stop_signal(options.interrupted),
        random(options.seed, "feed reconnect"),
        backoff(options.times.reconnect, random),
        sink_to(sink),
        stream(
            options, start, sink_to, [this](const RepairRequest& request) { ask(request); }, log,
            wall_clock_now().value, monotonic_ns()) {}

  // The network thread.
  void run_network();
  void connect();
  void on_open() override;
  void on_message(std::string_view text, std::int64_t read_ns) override { stream.message(text, read_ns); }
  void on_end(const ConnectionEnd& end) override;
  void reconnect_after(Duration pause);
  void poll();
  void look_after_connection(std::int64_t now_ns);
  void publish();
  void end_first_attempt(const std::string& hopeless = {});
  void shut();
  void end_network();

  // On the network thread, soon; not at all once it has ended.
  template <class Work>
  void post(Work work) {
    const std::lock_guard lock(mutex);
    if (network) asio::post(network->io, std::move(work));
  }

  // The repair thread.
  void run_repair();
  void ask(const RepairRequest& request);

  using SteadyTime = std::chrono::steady_clock::time_point;
  void wait_until_ended(std::thread& thread, const bool& has_ended, SteadyTime until);
  void set(bool& flag) {
    const std::lock_guard lock(mutex);
    flag = true;
    changed.notify_all();
  }

  FeedOptions options;
  FeedAddress address;
  FeedLog log;
  net::TlsContext tls;
  net::StopSignal stop_signal;
  std::unique_ptr<Network> network = std::make_unique<Network>();
  RandomStream random;
  fetch::Backoff backoff;
  std::int64_t opened_ns = 0;
  bool is_planned = false, is_silent = false, is_closing = false;
  std::string first_trouble;  // hopeless: start() throws it
  ClosableSink sink_to;
  MarketStream stream;
  FeedHealth counts;

  mutable std::mutex mutex;
  std::condition_variable changed;
  FeedHealth published;
  std::deque<RepairRequest> requests;
  bool has_tried = false, network_ended = false, repair_ended = false;
  std::thread network_thread, repair_thread;
};

void LiveFeed::Parts::run_network() {
  try {
    const auto work = asio::make_work_guard(network->io);
    connect();
    poll();
    network->io.run();
  } catch (const std::exception& error) {
    counts.has_ended = true;
    counts.last_trouble = error.what();
    log(LogLevel::error, std::string("the feed has ended: ") + error.what());
  }
  if (network->connection) network->connection->cut();
  publish();
  end_first_attempt();
  end_network();
}

// Here, so that nobody else has to wait for it.
void LiveFeed::Parts::end_network() {
  std::unique_lock lock(mutex);
  const std::unique_ptr<Network> ended = std::move(network);
  lock.unlock();
}

void LiveFeed::Parts::connect() {
  if (is_closing) return;
  is_planned = is_silent = false;
  const FeedTimes& times = options.times;
  network->connection = open_websocket(network->io, tls, address.websocket,
                                       {.connect = times.connect,
                                        .handshake = times.handshake,
                                        .stall = times.stall,
                                        .message_bytes_max = options.message_bytes_max},
                                       *this);
}

void LiveFeed::Parts::on_open() {
  opened_ns = monotonic_ns();
  ++counts.connections;
  counts.reconnects = counts.connections - 1;
  log(LogLevel::info, "connected to " + websocket_origin(address.websocket));
  stream.connected(opened_ns);
  publish();
  end_first_attempt();
}

void LiveFeed::Parts::on_end(const ConnectionEnd& end) {
  network->connection.reset();
  const std::int64_t now_ns = monotonic_ns();
  stream.disconnected(now_ns);
  counts.stalls += end.is_stalled || is_silent;
  counts.oversized += end.is_oversized;
  counts.failed_attempts += !end.was_open;
  if (!is_planned && !is_closing) counts.last_trouble = is_silent ? "no message for too long" : end.trouble;
  publish();
  if (is_closing) return network->io.stop();
  if (end.is_hopeless && counts.connections == 0 && !has_tried) {
    end_first_attempt(end.trouble);
    return network->io.stop();
  }
  end_first_attempt();
  if (is_planned) {
    log(LogLevel::info, "connecting anew before the exchange's 24 hours are over");
    return connect();
  }
  if (end.was_open && now_ns - opened_ns >= options.times.steady.value)
    backoff = fetch::Backoff(options.times.reconnect, random);
  const Duration pause = std::max(backoff.next(), end.retry_after);
  log(LogLevel::warning,
      fmt::format("{}; again in {:.1f} s", counts.last_trouble, static_cast<double>(pause.value) / 1e9));
  reconnect_after(pause);
}

void LiveFeed::Parts::reconnect_after(Duration pause) {
  network->reconnect_timer.expires_after(std::chrono::nanoseconds(pause.value));
  network->reconnect_timer.async_wait([this](boost::system::error_code error) {
    if (!error) connect();
  });
}

void LiveFeed::Parts::poll() {
  const std::int64_t now_ns = monotonic_ns();
  stream.poll(now_ns);
  look_after_connection(now_ns);
  publish();
  network->poll_timer.expires_after(kPollEvery);
  network->poll_timer.async_wait([this](boost::system::error_code error) {
    if (!error) poll();
  });
}

void LiveFeed::Parts::look_after_connection(std::int64_t now_ns) {
  if (!network->connection || !stream.is_connected() || is_planned || is_silent || is_closing) return;
  FeedHealth now;
  stream.add_to(now);
  is_planned = now_ns - opened_ns >= options.times.lifetime.value;
  is_silent = !is_planned && now_ns - std::max(opened_ns, now.last_message_ns) >= options.times.silence.value;
  if (is_planned || is_silent) network->connection->close();
}

void LiveFeed::Parts::publish() {
  FeedHealth now = counts;
  stream.add_to(now);
  if (!counts.last_trouble.empty()) now.last_trouble = counts.last_trouble;
  const std::lock_guard lock(mutex);
  published = std::move(now);
}

void LiveFeed::Parts::end_first_attempt(const std::string& hopeless) {
  const std::lock_guard lock(mutex);
  if (!has_tried) first_trouble = hopeless;
  has_tried = true;
  changed.notify_all();
}

// Stops on the network thread: politely where there is a connection.
void LiveFeed::Parts::shut() {
  if (is_closing) return;
  is_closing = true;
  network->reconnect_timer.cancel();
  network->poll_timer.cancel();
  if (network->connection) return network->connection->close();
  network->io.stop();
}

void LiveFeed::Parts::ask(const RepairRequest& request) {
  const std::lock_guard lock(mutex);
  requests.push_back(request);
  changed.notify_all();
}

void LiveFeed::Parts::run_repair() {
  try {
    RestRepair rest(options, address.rest, tls, stop_signal);
    while (true) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [this] { return stop_signal.requested() || !requests.empty(); });
      if (stop_signal.requested()) return;
      const RepairRequest request = requests.front();
      requests.pop_front();
      lock.unlock();
      post([this, answer = rest.answer(request)] {
        if (!is_closing) stream.answer(answer, monotonic_ns());
      });
    }
  } catch (const net::Interrupted&) {
  } catch (const std::exception& error) {
    post([this, trouble = std::string(error.what())] {
      counts.last_trouble = trouble;
      log(LogLevel::error, "nothing is repaired any more: " + trouble);
    });
  }
}

void LiveFeed::Parts::wait_until_ended(std::thread& thread, const bool& has_ended, SteadyTime until) {
  if (!thread.joinable()) return;
  std::unique_lock lock(mutex);
  const bool ended = changed.wait_until(lock, until, [&] { return has_ended; });
  lock.unlock();
  if (ended) {
    thread.join();
  } else {
    thread.detach();  // it keeps what it needs
  }
}

LiveFeed::LiveFeed(FeedOptions options, FeedStart start, FeedSink& sink, FeedLog log)
    : parts_(std::make_shared<Parts>(std::move(options), start, sink, std::move(log))) {}

LiveFeed::~LiveFeed() {
  stop();
}

void LiveFeed::start() {
  Parts& parts = *parts_;
  parts.network_thread = std::thread([kept = parts_] {
    kept->run_network();
    kept->set(kept->network_ended);
  });
  parts.repair_thread = std::thread([kept = parts_] {
    kept->run_repair();
    kept->set(kept->repair_ended);
  });
  std::unique_lock lock(parts.mutex);
  while (!parts.has_tried && !parts.stop_signal.requested()) parts.changed.wait_for(lock, net::kStopPoll);
  const std::string hopeless = parts.first_trouble;
  lock.unlock();
  if (hopeless.empty()) return;
  stop();
  throw BadInput(hopeless);
}

void LiveFeed::stop() {
  Parts& parts = *parts_;
  parts.stop_signal.request();
  {
    const std::lock_guard lock(parts.mutex);
    parts.changed.notify_all();
  }
  if (!parts.network_thread.joinable()) return;
  const auto until = std::chrono::steady_clock::now() + kStopWithin;
  parts.post([&parts] { parts.shut(); });
  parts.sink_to.close();
  parts.wait_until_ended(parts.network_thread, parts.network_ended, until);
  parts.wait_until_ended(parts.repair_thread, parts.repair_ended, until);
}

FeedHealth LiveFeed::health() const {
  const std::lock_guard lock(parts_->mutex);
  return parts_->published;
}

}  // namespace hftsim::live
