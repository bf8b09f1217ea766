// What generated bars follow from, and its checks.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/units.h"
#include "replay/bar_model.h"

namespace hftsim {

struct GeneratedSymbol {
  std::string name;
  double initial_price = 88'000;
  double volume_per_minute = 5.5;   // base units, median
  double trades_per_minute = 1900;  // median
};

// `count` symbols SYN1USDT, SYN2USDT, ...: each a third of the price of the one before (not below 100), and as
// much money traded.
std::vector<GeneratedSymbol> generated_symbols(std::size_t count);

struct BarGeneratorOptions {
  std::uint64_t seed = 1;
  std::uint64_t bars = 100'000;  // of each symbol
  std::vector<GeneratedSymbol> symbols = generated_symbols(1);
  Timestamp start{1'704'067'200'000'000'000};  // when the first bar opens; 2024-01-01
  Duration interval = kMinute;
  BarModel model;

  double minutes_per_bar() const {
    return static_cast<double>(interval.value) / static_cast<double>(kMinute.value);
  }

  // How many bars there are before times end: they are int64 nanoseconds, up to the year 2262.
  std::uint64_t bars_max() const;

  // Throws BadInput naming the option that makes no sense.
  void check() const;

  // All of it and the version of the model as text, one value a line: equal text, equal bytes.
  std::string describe() const;
};

}  // namespace hftsim
