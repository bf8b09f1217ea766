// The target of an HTTP request, "/api/v3/klines?symbol=BTCUSDT&limit=5", taken apart.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hftsim::exchange {

struct QueryParameter {
  std::string name, value;
};

struct RequestTarget {
  std::string path;
  std::vector<QueryParameter> query;  // in the order of the target

  // Null where it was not sent.
  const std::string* find(std::string_view name) const;
};

inline constexpr std::size_t kTargetBytesMax = 8'192;
inline constexpr std::size_t kQueryParametersMax = 64;

// None where it does not begin with '/', is too long, has too many parameters, an escape that is none ("%g1"), or
// characters that belong in no target.
std::optional<RequestTarget> parse_target(std::string_view text);

// "a%2Fb" as "a/b"; none where an escape is none.
std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace hftsim::exchange
