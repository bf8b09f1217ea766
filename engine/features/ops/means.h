// Means over windows and what compares with them, from the windows' sums; k = {1 / W, W}. What compares is taken
// from the sums, x * W against the sum, so that it costs one division and does not wait for the mean. Part of
// kernels_isa.cpp.
#pragma once

// mean: sum -> out[0].
template <bool kSingle>
void mean(const Node& node, const Frame& f) {
  pointwise<kSingle, 1, 0, 1>(node, f, [](auto& v) { v.out[0] = v.in[0] * v.k[0]; });
}

// mean_distance: sum, value -> mean, (value - mean) / mean.
template <bool kSingle>
void mean_distance(const Node& node, const Frame& f) {
  pointwise<kSingle, 2, 0, 2>(node, f, [](auto& v) {
    v.out[0] = v.in[0] * v.k[0];
    v.out[1] = (v.in[1] * v.k[1] - v.in[0]) / v.in[0];
  });
}

// mean_ratio: sum, value -> mean, value / mean.
template <bool kSingle>
void mean_ratio(const Node& node, const Frame& f) {
  pointwise<kSingle, 2, 0, 2>(node, f, [](auto& v) {
    v.out[0] = v.in[0] * v.k[0];
    v.out[1] = v.in[1] * v.k[1] / v.in[0];
  });
}

// mean_share: sum, reciprocal of a value -> mean, mean / value.
template <bool kSingle>
void mean_share(const Node& node, const Frame& f) {
  pointwise<kSingle, 2, 0, 2>(node, f, [](auto& v) {
    const auto m = v.in[0] * v.k[0];
    v.out[0] = m;
    v.out[1] = m * v.in[1];
  });
}

// vwap: sum of dollar volume, sum of volume, close -> volume-weighted price, distance from it.
template <bool kSingle>
void vwap(const Node& node, const Frame& f) {
  pointwise<kSingle, 3, 0, 2>(node, f, [](auto& v) {
    v.out[0] = v.in[0] / v.in[1];
    v.out[1] = (v.in[2] * v.in[1] - v.in[0]) / v.in[0];
  });
}
