// Series made of one bar's prices and volume, kept as history for the windows. Part of kernels_isa.cpp.
#pragma once

// true_range: high, low, close of the bar before -> made[0] (Wilder 1978). On the first bar, where there is
// no close before it, the bar's own range.
template <bool kSingle>
void true_range(const Node& node, const Frame& f) {
  pointwise<kSingle, 3, 1, 0>(node, f, [](auto& v) {
    const auto up = absolute(v.in[0] - v.in[2]);
    const auto down = absolute(v.in[1] - v.in[2]);
    // NaN on the left gives way to the range.
    v.made[0] = larger(larger(up, down), v.in[0] - v.in[1]);
  });
}

// typical_price: high, low, close -> (high + low + close) / 3 in made[0].
template <bool kSingle>
void typical_price(const Node& node, const Frame& f) {
  pointwise<kSingle, 3, 1, 0>(node, f, [](auto& v) { v.made[0] = (v.in[0] + v.in[1] + v.in[2]) / 3.0; });
}

// dollar_volume: close, volume -> close * volume in made[0].
template <bool kSingle>
void dollar_volume(const Node& node, const Frame& f) {
  pointwise<kSingle, 2, 1, 0>(node, f, [](auto& v) { v.made[0] = v.in[0] * v.in[1]; });
}

// buy_pressure: high, low, close -> where in the bar's range it closed, in made[0] and out[0].
template <bool kSingle>
void buy_pressure(const Node& node, const Frame& f) {
  pointwise<kSingle, 3, 1, 1>(node, f,
                              [](auto& v) { v.out[0] = v.made[0] = position_in(v.in[2], v.in[1], v.in[0]); });
}
