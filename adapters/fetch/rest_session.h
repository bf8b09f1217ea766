// The exchange as a fetch sees it: a few connections through one gate.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "adapters/fetch/rest_market.h"
#include "adapters/fetch/retrying_client.h"
#include "adapters/net/stop_signal.h"

namespace hftsim::fetch {

class RestSession {
 public:
  // One getter per connection. `clock` outlives this.
  RestSession(const RestMarket& market, std::vector<std::unique_ptr<net::HttpGetter>> getters,
              FetchClock& clock, const RetryOptions& retry, std::uint64_t seed);

  std::size_t connections() const { return clients_.size(); }
  const RestMarket& market() const { return market_; }

  // The body of such a page: path, "?" and `query`, "symbol=BTCUSDT&limit=5". By one thread per connection. Throws
  // as RetryingClient::get does; for an unknown symbol BadInput with the nearest that the exchange has.
  std::string get(std::size_t connection, const RestPage& page, const std::string& symbol,
                  const std::string& query);

  // What the exchange has of these symbols; there may be more in the answer. Throws as get() does.
  std::string exchange_info(std::span<const std::string> symbols);

  // The first thing to ask: where nobody answers, it gives up soon.
  std::int64_t server_time_ns();
  std::string url(const RestPage& page, const std::string& symbol, const std::string& query) const;
  FetchCounts counts() const { return gate_.counts(); }
  int weight_most() const { return gate_.weight_most(); }
  FetchClock& clock() { return clock_; }

 private:
  [[noreturn]] void refuse_symbol(std::size_t connection, std::span<const std::string> asked,
                                  const Refused& refused);

  const RestMarket& market_;
  FetchClock& clock_;
  RequestGate gate_;
  std::vector<std::unique_ptr<net::HttpGetter>> getters_;
  std::vector<std::unique_ptr<RetryingClient>> clients_;
};

// A symbol as the exchange writes it: letters, digits, '_' and '-', made upper case. Throws BadInput(place, ...): what is
// sent in a URL and becomes the name of a folder has nothing else in it.
std::string checked_symbol(const std::string& text, const std::string& place);

}  // namespace hftsim::fetch
