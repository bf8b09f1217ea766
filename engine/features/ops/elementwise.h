// Operators that only move or combine values of one bar. Part of kernels_isa.cpp.
#pragma once

// copy: value -> out[0].
template <bool kSingle>
void copy(const Node& node, const Frame& f) {
  pointwise<kSingle, 1, 0, 1>(node, f, [](auto& v) { v.out[0] = v.in[0]; });
}

// difference: two values -> first less second, made[0], out[0].
template <bool kSingle>
void difference(const Node& node, const Frame& f) {
  pointwise<kSingle, 2, 1, 1>(node, f, [](auto& v) { v.out[0] = v.made[0] = v.in[0] - v.in[1]; });
}

// reciprocal: value -> 1 / value, made[0]. One division serves all windows that divide by the value.
template <bool kSingle>
void reciprocal(const Node& node, const Frame& f) {
  pointwise<kSingle, 1, 1, 0>(node, f, [](auto& v) { v.made[0] = 1.0 / v.in[0]; });
}
