// The small answers of the REST interface: its clock, its refusals, the symbols it knows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hftsim::binance {

// {"code":-1121,"msg":"Invalid symbol."}
struct RestRefusal {
  std::int64_t code = 0;
  std::string message;  // as a terminal may show it
};
inline constexpr std::int64_t kInvalidSymbol = -1121;

// Empty where the body is none: a proxy's page.
std::optional<RestRefusal> parse_refusal(std::string_view body);

// Of /api/v3/time: {"serverTime":1499827319559}. Throws BadInput.
std::int64_t parse_server_time_ns(std::string_view body, const std::string& url);

// Of /api/v3/exchangeInfo: the symbols in its order. Throws BadInput.
std::vector<std::string> parse_symbols(std::string_view body, const std::string& url);

}  // namespace hftsim::binance
