// What the native LSTM multiplies in. fp32 is exact to float's rounding and the default; the others trade a
// bounded difference for speed (validate.h) and have to be asked for.
#pragma once

#include <cstdint>
#include <string_view>

namespace hftsim::models {

enum class Precision : std::uint8_t { fp32, int16, int8 };

constexpr std::string_view name_of(Precision precision) {
  constexpr std::string_view kNames[] = {"fp32", "int16", "int8"};
  return kNames[static_cast<std::size_t>(precision)];
}

}  // namespace hftsim::models
