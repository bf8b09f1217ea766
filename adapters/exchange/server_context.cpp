#include "adapters/exchange/server_context.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/core/clock.h"

namespace hftsim::exchange {
namespace {

constexpr std::size_t kCatchUpMost = 100'000;

using Json = nlohmann::ordered_json;

Json fault_counts(const FaultPlan& faults, FaultSide side) {
  Json counts = Json::object();
  for (std::size_t i = 0; i < kFaultCount; ++i) {
    const Fault fault = static_cast<Fault>(i);
    if (faults.count(fault, side) > 0) counts[std::string(fault_name(fault))] = faults.count(fault, side);
  }
  return counts;
}

}  // namespace

ServerContext::ServerContext(MarketFeed& market_feed, ReplayClock replay_clock, RestOptions rest_options,
                             ConnectionLimits connection_limits, std::uint64_t seed)
    : feed(market_feed),
      clock(replay_clock),
      rest(market_feed, rest_options),
      faults(seed),
      limits(connection_limits),
      wake_pump([] {}) {}

std::int64_t ServerContext::now_ns() const {
  return clock.now(monotonic_ns());
}

void ServerContext::catch_up() {
  if (clock.is_paced() && clock.is_running()) feed.advance(now_ns(), kCatchUpMost);
}

RestAnswer ServerContext::answer(std::string_view target, const std::string& client) {
  catch_up();
  return rest.answer(target, client, now_ns() + faults.skew().value, wall_clock_now().value);
}

void ServerContext::set_faults(const std::string& text) {
  faults.set(text);
  feed.publisher().set_skew_ns(faults.skew().value);
}

void ServerContext::clear_faults() {
  faults.clear();
  feed.publisher().set_skew_ns(0);
}

void ServerContext::add(WebsocketClient& client) {
  clients_.push_back(&client);
  ++counts.websockets;
}

void ServerContext::remove(WebsocketClient& client) {
  std::erase(clients_, &client);
  feed.publisher().remove(client);
  wake_pump();
}

bool ServerContext::is_backlogged() const {
  return std::ranges::any_of(
      clients_, [&](const WebsocketClient* client) { return client->waiting() > limits.backlog_messages; });
}

int ServerContext::messages_per_second() const {
  if (limits.messages_per_second > 0) return limits.messages_per_second;
  return feed.market() == Market::spot ? 5 : 10;
}

std::string ServerContext::stats_json() const {
  Json stats;
  stats["time_ms"] = to_ms(now_ns());
  stats["at_end"] = is_at_end;
  stats["events"] = feed.events();
  stats["connections"] = counts.connections;
  Json answers = Json::object();
  for (const auto& [status, count] : counts.answers) answers[std::to_string(status)] = count;
  stats["answers"] = answers;
  stats["websockets"] = counts.websockets;
  stats["websockets_open"] = clients_.size();
  stats["messages_sent"] = counts.messages_sent;
  stats["slow_consumers"] = counts.slow_consumers;
  stats["over_limit"] = counts.over_limit;
  stats["unknown_streams"] = counts.unknown_streams;
  stats["faults"] = {{"rest", fault_counts(faults, FaultSide::rest)},
                     {"ws", fault_counts(faults, FaultSide::stream)}};
  return stats.dump();
}

}  // namespace hftsim::exchange
