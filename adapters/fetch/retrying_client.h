// Asks until there is an answer: waits for the gate, tries again what may be over the next time, and says what will
// not be.
#pragma once

#include <string>

#include "adapters/binance/rest_answers.h"
#include "adapters/fetch/backoff.h"
#include "adapters/fetch/request_gate.h"
#include "adapters/net/http_response.h"
#include "engine/core/errors.h"
#include "engine/core/rng.h"

namespace hftsim::fetch {

// The exchange will not answer this, however often it is asked.
class Refused : public BadInput {
 public:
  Refused(const std::string& message, std::int64_t code) : BadInput(message), code_(code) {}

  std::int64_t code() const { return code_; }  // the exchange's; 0 where it gave none

 private:
  std::int64_t code_;
};

struct RetryOptions {
  BackoffOptions backoff;
  Duration ban_shortest = 120 * kSecond;  // where a 418 says nothing
  Duration wait_max = 600 * kSecond;      // told to wait longer, it gives up and says until when
};

class RetryingClient {
 public:
  // `getter` and `gate` outlive this. `seed`: of the backoff's jitter; another one for each connection.
  RetryingClient(net::HttpGetter& getter, RequestGate& gate, const RetryOptions& options, std::uint64_t seed)
      : getter_(getter), gate_(gate), options_(options), random_(seed, "fetch backoff") {}

  // The body of a 200. Throws Refused; IoFailure where it gave up; net::Interrupted.
  std::string get(const std::string& target, int weight) {
    return get(target, weight, options_.backoff.attempts_max);
  }
  std::string get(const std::string& target, int weight, int attempts_max);

  std::string url(const std::string& target) const { return getter_.url(target); }

 private:
  // The answer of one attempt; empty where the connection broke, then `trouble` says how.
  std::optional<net::HttpResponse> attempt(const std::string& target, int weight, std::string& trouble);
  void wait_as_told(const net::HttpResponse& response, bool is_ban, Duration backoff,
                    const std::string& trouble);
  [[noreturn]] void refuse(const net::HttpResponse& response, const std::string& target) const;

  net::HttpGetter& getter_;
  RequestGate& gate_;
  RetryOptions options_;
  RandomStream random_;
};

}  // namespace hftsim::fetch
