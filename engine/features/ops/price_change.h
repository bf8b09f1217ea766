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

// price_change: close, close and reciprocal W bars back -> return, log return, momentum, momentum in per cent
// of the old close.
template <bool kSingle>
void price_change(const Node& node, const Frame& f) {
  pointwise<kSingle, 3, 0, 4>(node, f, [](auto& v) {
    const double change = v.in[0] - v.in[1];
    const double relative = change * v.in[2];
    v.out[0] = relative;
    v.out[1] = log_ratio(v.in[0], v.in[1], relative + 1.0);
    v.out[2] = change;
    v.out[3] = relative;
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

// log_return_sq: close, close of the bar before -> square of the log return in made[0].
template <bool kSingle>
void log_return_sq(const Node& node, const Frame& f) {
  pointwise<kSingle, 2, 1, 0>(node, f, [](auto& v) {
    const double r = log_ratio(v.in[0], v.in[1], v.in[0] / v.in[1]);
    v.made[0] = r * r;
  });
}

// illiquidity: return over one bar, dollar volume -> |return| / dollar volume in made[0] (Amihud 2002).
template <bool kSingle>
void illiquidity(const Node& node, const Frame& f) {
  pointwise<kSingle, 2, 1, 0>(node, f, [](auto& v) { v.made[0] = absolute(v.in[0]) / v.in[1]; });
}
