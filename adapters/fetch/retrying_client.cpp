#include "adapters/fetch/retrying_client.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/fetch/verdict.h"
#include "adapters/net/net_errors.h"
#include "adapters/readable_text.h"

namespace hftsim::fetch {
namespace {

std::uint64_t FetchCounts::*cause_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::too_many:
      return &FetchCounts::too_many;
    case Verdict::banned:
      return &FetchCounts::banned;
    default:
      return &FetchCounts::failing;
  }
}

std::string status_text(const net::HttpResponse& response) {
  constexpr std::size_t kBodyBytesMax = 120;
  const auto refusal = binance::parse_refusal(response.body);
  if (refusal) return fmt::format("status {}, code {}, {}", response.status, refusal->code, refusal->message);
  return fmt::format("status {}, {}", response.status, readable_text(response.body, kBodyBytesMax));
}

}  // namespace

std::string RetryingClient::get(const std::string& target, int weight, int attempts_max) {
  BackoffOptions options = options_.backoff;
  options.attempts_max = attempts_max;
  Backoff backoff(options, random_);
  while (true) {
    std::string trouble;
    const std::optional<net::HttpResponse> response = attempt(target, weight, trouble);
    const Verdict verdict = response ? judge(response->status) : Verdict::failing;
    if (response && verdict == Verdict::good) return response->body;
    if (response && verdict == Verdict::refused) refuse(*response, target);
    if (response) trouble = url(target) + ": " + status_text(*response);
    if (backoff.is_exhausted()) {
      throw IoFailure(fmt::format("gave up after {} attempts; {}", backoff.attempts(), trouble));
    }
    gate_.count_retry(response ? cause_of(verdict) : &FetchCounts::broken);
    const Duration pause = backoff.next();
    if (verdict == Verdict::too_many || verdict == Verdict::banned) {
      wait_as_told(*response, verdict == Verdict::banned, pause, trouble);
    } else {
      gate_.sleep(pause);
    }
  }
}

std::optional<net::HttpResponse> RetryingClient::attempt(const std::string& target, int weight,
                                                         std::string& trouble) {
  gate_.pass(weight);
  try {
    net::HttpResponse response = getter_.get(target);
    if (const std::optional<int> used = used_weight(response)) gate_.heard(*used);
    return response;
  } catch (const net::ConnectionBroken& error) {
    trouble = error.what();
    return std::nullopt;
  }
}

// The gate makes everyone wait, this client at its next attempt.
void RetryingClient::wait_as_told(const net::HttpResponse& response, bool is_ban, Duration backoff,
                                  const std::string& trouble) {
  const Duration otherwise = is_ban ? options_.ban_shortest : backoff;
  const Duration told = std::max(retry_after(response).value_or(otherwise), backoff);
  if (told > options_.wait_max) {
    throw IoFailure(fmt::format("the exchange says to come back in {} s; what was fetched is kept; {}",
                                told.value / kSecond.value, trouble));
  }
  gate_.hold(told);
}

void RetryingClient::refuse(const net::HttpResponse& response, const std::string& target) const {
  const auto refusal = binance::parse_refusal(response.body);
  throw Refused(url(target) + ": got " + status_text(response) + ", expected status 200",
                refusal ? refusal->code : 0);
}

}  // namespace hftsim::fetch
