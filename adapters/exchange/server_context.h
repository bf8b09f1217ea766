// What all connections of the server share: the market and its clock, the endpoints, the faults, the counts. One thread
// touches it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "adapters/exchange/fault_plan.h"
#include "adapters/exchange/market_feed.h"
#include "adapters/exchange/replay_clock.h"
#include "adapters/exchange/rest_api.h"

namespace hftsim::exchange {

struct ConnectionLimits {
  std::size_t queue_messages =
      10'000;  // of one websocket that takes them too slowly; then it is disconnected
  std::size_t backlog_messages =
      256;                      // unpaced: nothing happens while a websocket has more than that to take
  std::size_t streams = 1'024;  // of one websocket
  int messages_per_second = 0;  // from one websocket; 0: the market's own, 5 spot and 10 USD-M
  int ping_s = 20;              // after so long a silence; twice that: disconnected
};

struct ServerCounts {
  std::map<int, std::uint64_t> answers;  // by status
  std::uint64_t connections = 0;
  std::uint64_t websockets = 0;      // ever opened
  std::uint64_t messages_sent = 0;   // over websockets
  std::uint64_t slow_consumers = 0;  // disconnected: took too slowly
  std::uint64_t over_limit = 0;      // disconnected: said too much
  std::uint64_t unknown_streams = 0;
};

// A websocket as the rest of the server sees it.
class WebsocketClient : public StreamClient {
 public:
  virtual std::size_t waiting() const = 0;  // messages not yet sent
  // What waits is still sent, then the connection closes.
  virtual void close_after_queue() = 0;
};

class ServerContext {
 public:
  ServerContext(MarketFeed& feed, ReplayClock clock, RestOptions rest, ConnectionLimits limits,
                std::uint64_t seed);

  std::int64_t now_ns() const;  // of the exchange, without skew
  // Lets happen what has to have happened by now; called before anything is answered.
  void catch_up();
  RestAnswer answer(std::string_view target, const std::string& client);
  std::string stats_json() const;
  // Throws BadInput.
  void set_faults(const std::string& faults);
  void clear_faults();

  void add(WebsocketClient& client);
  void remove(WebsocketClient& client);
  const std::vector<WebsocketClient*>& clients() const { return clients_; }
  bool is_backlogged() const;
  bool has_subscribers() { return feed.publisher().is_heard(); }
  int messages_per_second() const;

  MarketFeed& feed;
  ReplayClock clock;
  RestApi rest;
  FaultPlan faults;
  ConnectionLimits limits;
  ServerCounts counts;
  bool is_at_end = false;           // of the source
  std::function<void()> wake_pump;  // something the pump waits for may have come

 private:
  std::vector<WebsocketClient*> clients_;
};

}  // namespace hftsim::exchange
