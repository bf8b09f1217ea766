// Money flow: typical price times volume, by the direction of the typical price. Part of kernels_isa.cpp.
#pragma once

// money_flow: typical price, the one of the bar before, volume -> rising flow in made[0], falling flow in
// made[1]; NaN on the first bar.
template <bool kSingle>
void money_flow(const Node& node, const Frame& f) {
  pointwise<kSingle, 3, 2, 0>(node, f, [](auto& v) {
    const auto change = v.in[0] - v.in[1];
    const auto flow = v.in[0] * v.in[2];
    const auto unknown = change - change;  // 0, or NaN on the first bar
    v.made[0] = select(change > 0.0, flow, 0.0) + unknown;
    v.made[1] = select(change < 0.0, flow, 0.0) + unknown;
  });
}

// mfi: sum of rising flow, of falling flow -> 0..100; 0 where both together are below 1, as in TA-Lib.
template <bool kSingle>
void mfi(const Node& node, const Frame& f) {
  pointwise<kSingle, 2, 0, 1>(node, f, [](auto& v) {
    const auto both = v.in[0] + v.in[1];
    v.out[0] = select(both >= 1.0, 100.0 * (v.in[0] / both), both - both);
  });
}
