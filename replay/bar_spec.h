// What a bar made of trades is: how long it lasts, or how many trades, how much volume, how much money it holds
// (López de Prado 2018, Advances in Financial Machine Learning, 2.3). Read from text by adapters/bar_spec_text.h.
#pragma once

#include <cstdint>

#include "engine/core/units.h"

namespace hftsim {

enum class BarMeasure : std::uint8_t { time, trades, volume, dollar };

struct BarSpec {
  BarMeasure measure = BarMeasure::time;
  Duration interval = kMinute;  // time: a bar's length, above 0
  // Others: what a bar has to reach, digits * 10^exponent trades, base units (volume) or quote units (dollar).
  std::int64_t digits = 0;
  int exponent = 0;

  bool is_time() const { return measure == BarMeasure::time; }
  // What Instrument::bar_interval of such bars is.
  Duration bar_interval() const { return is_time() ? interval : Duration(0); }

  friend bool operator==(const BarSpec&, const BarSpec&) = default;
};

}  // namespace hftsim
