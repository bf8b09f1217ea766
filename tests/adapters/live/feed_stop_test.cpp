// stop() returns soon from every state of the network. Every patience of the feed is an hour here: a stop that waits for
// the network does not come back.
#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <future>

#include "adapters/net/http_client.h"
#include "tests/adapters/live/feed_bench.h"
#include "tests/adapters/live/websocket_peer.h"
#include "tests/adapters/net/scripted_server.h"

namespace hftsim::test {
namespace {

// What resolves names here: of "hangs.invalid" it says nothing until it is let go, of "fails.invalid" that it is not.
struct Resolver {
  std::mutex mutex;
  std::condition_variable changed;
  bool hangs = false;
  int asked = 0, ended = 0;

  void hang() {
    const std::lock_guard lock(mutex);
    hangs = true;
  }
  void wait() {
    std::unique_lock lock(mutex);
    ++asked;
    changed.notify_all();
    changed.wait(lock, [this] { return !hangs; });
    ++ended;
    changed.notify_all();
  }
  void wait_until_asked() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return asked > ended; });
  }
  void let_go() {
    std::unique_lock lock(mutex);
    hangs = false;
    changed.notify_all();
    changed.wait(lock, [this] { return ended == asked; });
  }
};
Resolver& resolver = *new Resolver;  // a thread may be left that asks it

}  // namespace
}  // namespace hftsim::test

// Stands before the C library's, which it asks for every other name.
extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** found) {
  if (name != nullptr && std::string_view(name) == "fails.invalid") return EAI_NONAME;
  if (name != nullptr && std::string_view(name) == "hangs.invalid") {
    hftsim::test::resolver.wait();
    return EAI_AGAIN;
  }
  using Resolve = int(const char*, const char*, const addrinfo*, addrinfo**);
  static auto* const resolve = reinterpret_cast<Resolve*>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  return resolve(name, service, hints, found);
}

namespace hftsim::test {
namespace {

using ::testing::HasSubstr;

constexpr Duration kHour{3'600'000'000'000};
constexpr std::chrono::seconds kFarTooLong{5};  // half a second is promised

// Takes no connection: what its queue holds is taken up, so that connecting to it goes on and on.
class FullListener {
 public:
  FullListener() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, any, size) != 0 || ::listen(listener_, 0) != 0 ||
        ::getsockname(listener_, any, &size) != 0)
      throw std::runtime_error("cannot listen");
    port_ = ntohs(address.sin_port);
    for (const int waiting : waiting_) ::connect(waiting, any, size);
  }
  ~FullListener() {
    for (const int waiting : waiting_) ::close(waiting);
    ::close(listener_);
  }
  int port() const { return port_; }

 private:
  static int new_socket(int flags) { return ::socket(AF_INET, SOCK_STREAM | flags, 0); }

  int port_ = 0;
  int listener_ = new_socket(0);
  int waiting_[3] = {new_socket(SOCK_NONBLOCK), new_socket(SOCK_NONBLOCK), new_socket(SOCK_NONBLOCK)};
};

void be_patient(live::FeedOptions& options) {
  live::FeedTimes& times = options.times;
  times.connect = times.handshake = times.stall = times.silence = times.lifetime = kHour;
  times.reconnect = {.first = kHour, .most = kHour};
}

// start() returns when the first attempt has ended, or the user interrupts: from then on until the feed is gone.
void expect_soon_stopped(FeedBench& bench, const std::function<void()>& wait_for_state) {
  std::atomic<bool> interrupted = false;
  bench.options.interrupted = &interrupted;
  be_patient(bench.options);
  bench.make();
  std::thread starter([&] { bench.feed->start(); });
  wait_for_state();
  const auto begin = std::chrono::steady_clock::now();
  interrupted = true;
  starter.join();
  bench.feed->stop();
  bench.feed.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, kFarTooLong);
}

// A server that does so, and says when it has come to it.
struct State {
  const char* name;
  std::function<void(WebsocketPeer&, Peer&, const std::function<void()>& reached)> talk;
  bool is_tls = false;
};

void PrintTo(const State& state, std::ostream* out) {
  *out << state.name;
}

class StopsSoon : public ::testing::TestWithParam<State> {};

TEST_P(StopsSoon, InThatState) {
  std::promise<void> reached;
  std::atomic<bool> has_come = false;
  RawServer server([&](Peer& peer, int) {
    WebsocketPeer websocket(peer);
    GetParam().talk(websocket, peer, [&] {
      if (!has_come.exchange(true)) reached.set_value();
    });
  });
  FeedBench bench(server.port());
  if (GetParam().is_tls) bench.options.websocket_url = "wss://localhost:" + std::to_string(server.port());
  bench.options.rest_url = "http://127.0.0.1:" + std::to_string(server.port());
  expect_soon_stopped(bench, [&] { reached.get_future().wait(); });
}

void hold(WebsocketPeer&, Peer& peer, const std::function<void()>& reached) {
  reached();
  peer.hold();
}

INSTANTIATE_TEST_SUITE_P(
    All, StopsSoon,
    ::testing::Values(State{"BeforeTheTlsHandshake", hold, true}, State{"BeforeTheUpgrade", hold},
                      State{"InTheUpgradesAnswer",
                            [](WebsocketPeer& websocket, Peer& peer, const auto& reached) {
                              const std::string answer = websocket.hear_request().value_or("");
                              peer.send(answer.substr(0, 30));
                              hold(websocket, peer, reached);
                            }},
                      State{"OpenWhereTheServerIsMute",
                            [](WebsocketPeer& websocket, Peer& peer, const auto& reached) {
                              websocket.accept();
                              hold(websocket, peer, reached);
                            }},
                      State{"UnderAFloodOfMessages",
                            [](WebsocketPeer& websocket, Peer& peer, const auto& reached) {
                              websocket.accept();
                              for (std::uint64_t id = 1;
                                   !peer.server_ends() && websocket.send_text(trade_text(id)); ++id) {
                                if (id == 1000) reached();
                              }
                            }},
                      State{"WhileItWaitsToConnectAgain",
                            [](WebsocketPeer& websocket, Peer& peer, const auto& reached) {
                              websocket.hear_request();
                              peer.send(http_reply(500, "").bytes);
                              websocket.hear_request();  // the client has gone
                              reached();
                            }},
                      State{"WhileRestSaysNothing",
                            [](WebsocketPeer& websocket, Peer& peer, const auto& reached) {
                              const auto answer = websocket.hear_request();
                              if (!websocket.target().starts_with("/stream"))
                                return hold(websocket, peer, reached);
                              peer.send(*answer);
                              websocket.attend();
                            }}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST(StopsSoonToo, BeforeItHasStarted) {
  FeedBench bench(1);
  bench.make();
  bench.feed->stop();
  bench.feed->stop();
}

TEST(StopsSoonToo, WhileItConnects) {
  const FullListener nobody;
  FeedBench bench(nobody.port());
  expect_soon_stopped(bench, [] { std::this_thread::sleep_for(std::chrono::milliseconds(50)); });
}

TEST(StopsSoonToo, WhileRestIsToldToWait) {
  std::atomic<int> asked = 0;
  RawServer server([](Peer& peer, int) {
    WebsocketPeer websocket(peer);
    if (websocket.accept()) websocket.attend();
  });
  FeedBench bench(server.port(), [&](const std::string&) {
    ++asked;
    return http_reply(429, "{}", "Retry-After: 500\r\n");
  });
  expect_soon_stopped(bench, [&] {
    while (asked == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  });
}

// Nothing interrupts a resolver: its thread is left behind, and takes what it needs with it when it ends.
class HangingName : public ::testing::Test {
 protected:
  HangingName() { resolver.hang(); }
  ~HangingName() override { resolver.let_go(); }

  std::atomic<bool> interrupted_ = false;
  net::StopSignal stop_{&interrupted_};
  net::TlsContext tls_;
};

TEST_F(HangingName, HoldsUpNoStop) {
  FeedBench bench(443);
  bench.options.websocket_url = "wss://hangs.invalid";
  bench.options.rest_url = "https://hangs.invalid";
  expect_soon_stopped(bench, [] { resolver.wait_until_asked(); });
}

TEST_F(HangingName, HoldsUpNoRequest) {
  const net::Url url = net::parse_url("https://hangs.invalid", "test");
  net::HttpClient impatient(url, tls_, stop_, {.connect = std::chrono::milliseconds(50)});
  EXPECT_THROW(impatient.get("/"), net::ConnectionBroken);
  net::HttpClient patient(url, tls_, stop_, {.connect = std::chrono::hours(1)});
  std::thread user([&] {
    resolver.wait_until_asked();
    interrupted_ = true;
  });
  EXPECT_THROW(patient.get("/"), net::Interrupted);
  user.join();
}

TEST(Names, ThatAreNotThereAreAskedForAgain) {
  FeedBench bench(443);
  bench.options.websocket_url = "wss://fails.invalid";
  bench.run();
  EXPECT_TRUE(bench.comes_to([](const live::FeedHealth& health) { return health.failed_attempts >= 3; }));
  EXPECT_THAT(bench.log(), HasSubstr("wss://fails.invalid: resolving fails.invalid: Host not found"));
  EXPECT_THAT(bench.log(), HasSubstr("; again in "));
}

}  // namespace
}  // namespace hftsim::test
