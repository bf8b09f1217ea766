// An exchange's REST interface over bars and trades in memory, with faults by script.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "adapters/net/http_response.h"
#include "engine/core/event.h"

namespace hftsim::test {

// The value of a query's parameter: "5" of "limit" in "/x?symbol=A&limit=5".
std::optional<std::string> parameter(const std::string& target, const std::string& name);

class FakeExchange {
 public:
  // Instead of the answer to the nth request (from 1): may throw net::ConnectionBroken. Called by one thread at a time.
  using Fault = std::function<std::optional<net::HttpResponse>(const std::string& target, int nth)>;

  FakeExchange(std::string symbol, Duration interval) : symbol_(std::move(symbol)), interval_(interval) {}

  std::int64_t now_ns = 1'704'067'200'000'000'000 + 400 * kDay.value;
  std::size_t klines_max = 1000, trades_max = 1000;  // rows of an answer
  Fault fault;

  // Bars of that many intervals from the open time on, prices and volumes by a seed.
  void add_bars(std::int64_t from_ns, std::size_t count, std::uint64_t seed = 1);
  void remove_bars(std::int64_t from_ns, std::int64_t to_ns);  // by open time
  void add_trades(std::int64_t from_ns, std::size_t count, std::uint64_t first_id);

  std::vector<Event> bars() const;
  const std::vector<Event>& trades() const { return trades_; }
  // Targets asked for so far that have that text in them.
  std::vector<std::string> asked(const std::string& text) const;
  void forget_asked() { asked_.clear(); }

  net::HttpResponse answer(const std::string& target);
  std::unique_ptr<net::HttpGetter> getter();

 private:
  net::HttpResponse truthful(const std::string& target) const;
  std::string klines(const std::string& target) const;
  std::string agg_trades(const std::string& target) const;

  std::string symbol_;
  Duration interval_;
  std::map<std::int64_t, Event> bars_;  // by open time
  std::vector<Event> trades_;
  mutable std::mutex mutex_;
  std::vector<std::string> asked_;
};

}  // namespace hftsim::test
