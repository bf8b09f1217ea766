// Changes over a number of bars. Part of kernels_isa.cpp.
//
// A relative change is taken as (x - x[W]) * (1 / x[W]), which equals x / x[W] - 1 but for rounding and keeps
// full precision where both are close: their difference is then exact.
#pragma once

// return_1: close, close and reciprocal of the bar before -> made[0], out[0].
template <bool kSingle>
void return_1(const Node& node, const Frame& f) {
  pointwise<kSingle, 3, 1, 1>(node, f, [](auto& v) { v.out[0] = v.made[0] = (v.in[0] - v.in[1]) * v.in[2]; });
}

// price_change: a price, the one it is compared with and that one's reciprocal -> relative change, log change,
// difference, relative change once more; made[0] the square of the log change.
template <bool kSingle>
void price_change(const Node& node, const Frame& f) {
  pointwise<kSingle, 3, 1, 4>(node, f, [](auto& v) {
    const auto change = v.in[0] - v.in[1];
    const auto relative = change * v.in[2];
    const auto log_change = log_ratio(v.in[0], v.in[1], relative + 1.0);
    v.out[0] = relative;
    v.out[1] = log_change;
    v.out[2] = change;
    v.out[3] = relative;
    v.made[0] = log_change * log_change;
  });
}

// volume_change: volume, volume and reciprocal W bars back -> out[0].
template <bool kSingle>
void volume_change(const Node& node, const Frame& f) {
  pointwise<kSingle, 3, 0, 1>(node, f, [](auto& v) { v.out[0] = (v.in[0] - v.in[1]) * v.in[2]; });
}

// roc: close, close and reciprocal W bars back -> rate of change in per cent.
template <bool kSingle>
void roc(const Node& node, const Frame& f) {
  pointwise<kSingle, 3, 0, 1>(node, f, [](auto& v) { v.out[0] = (v.in[0] - v.in[1]) * v.in[2] * 100.0; });
}

// illiquidity: return over one bar, dollar volume -> |return| / dollar volume in made[0] (Amihud 2002).
template <bool kSingle>
void illiquidity(const Node& node, const Frame& f) {
  pointwise<kSingle, 2, 1, 0>(node, f, [](auto& v) { v.made[0] = absolute(v.in[0]) / v.in[1]; });
}
