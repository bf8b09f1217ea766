// The close within the highest high and the lowest low of a window. Part of kernels_isa.cpp.
#pragma once

// price_position: lowest low, highest high, close -> 0..1; 0.5 where the range is 0 or the window is not yet
// full.
template <bool kSingle>
void price_position(const Node& node, const Frame& f) {
  pointwise<kSingle, 3, 0, 1>(node, f, [](auto& v) { v.out[0] = position_in(v.in[2], v.in[0], v.in[1]); });
}

// stochastic: lowest low, highest high, close -> 0..100 in made[0], out[0]; 50 where the range is 0.
template <bool kSingle>
void stochastic(const Node& node, const Frame& f) {
  pointwise<kSingle, 3, 1, 1>(node, f, [](auto& v) {
    const auto range = v.in[1] - v.in[0];
    const auto k = 100.0 * ((v.in[2] - v.in[0]) / range);
    v.out[0] = v.made[0] = select(range != 0.0, k, 50.0);
  });
}

// williams_r: lowest low, highest high, close -> -100..0; 0 where the range is 0, as in TA-Lib.
template <bool kSingle>
void williams_r(const Node& node, const Frame& f) {
  pointwise<kSingle, 3, 0, 1>(node, f, [](auto& v) {
    const auto range = v.in[1] - v.in[0];
    const auto r = -100.0 * ((v.in[1] - v.in[2]) / range);
    v.out[0] = select(range != 0.0, r, 0.0);
  });
}
