// Which of Binance's markets data are of: they differ in their rules, their messages and their addresses.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hftsim {

// usdm: perpetual futures settled in dollars.
enum class Market : std::uint8_t { spot, usdm };
std::string_view name_of(Market market);
// Throws BadInput(place, ...) with the known names.
Market parse_market(std::string_view name, const std::string& place);

}  // namespace hftsim
