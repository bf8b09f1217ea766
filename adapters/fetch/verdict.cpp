#include "adapters/fetch/verdict.h"

#include <algorithm>
#include <charconv>

namespace hftsim::fetch {
namespace {

std::optional<std::int64_t> whole_number(std::optional<std::string_view> text) {
  std::int64_t number = 0;
  if (!text) return std::nullopt;
  const char* const last = text->data() + text->size();
  const auto [end, error] = std::from_chars(text->data(), last, number);
  if (error != std::errc{} || end != last || number < 0) return std::nullopt;
  return number;
}

}  // namespace

Verdict judge(unsigned status) {
  if (status == 200) return Verdict::good;
  if (status == 429) return Verdict::too_many;
  if (status == 418) return Verdict::banned;
  return status == 408 || (status >= 500 && status <= 599) ? Verdict::failing : Verdict::refused;
}

std::optional<Duration> retry_after(const net::HttpResponse& response) {
  constexpr std::int64_t kSecondsMax = 365 * 86'400;
  const std::optional<std::int64_t> seconds = whole_number(response.field("Retry-After"));
  if (!seconds) return std::nullopt;
  return std::min(*seconds, kSecondsMax) * kSecond;
}

std::optional<int> used_weight(const net::HttpResponse& response) {
  constexpr std::int64_t kWeightMax = 1'000'000'000;
  const std::optional<std::int64_t> used = whole_number(response.field("X-MBX-USED-WEIGHT-1M"));
  if (!used || *used > kWeightMax) return std::nullopt;
  return static_cast<int>(*used);
}

}  // namespace hftsim::fetch
