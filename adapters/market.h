// Which of Binance's markets: each has its own API, symbols and rules.
#pragma once

#include <cstdint>

namespace hftsim {

// usdm: perpetual futures settled in dollars.
enum class Market : std::uint8_t { spot, usdm };

}  // namespace hftsim
