// Spreads around a mean, from sums and moments of windows. Part of kernels_isa.cpp.
#pragma once

// parkinson: sum of squared log ranges, k[0] = 1 / (4 W ln 2) -> out[0].
template <bool kSingle>
void parkinson(const Node& node, const Frame& f) {
  pointwise<kSingle, 1, 0, 1>(node, f, [](auto& v) { v.out[0] = root(v.in[0] * v.k[0]); });
}

// root_sum: sum -> its square root.
template <bool kSingle>
void root_sum(const Node& node, const Frame& f) {
  pointwise<kSingle, 1, 0, 1>(node, f, [](auto& v) { v.out[0] = root(v.in[0]); });
}

// deviation: M2, k = {1 / (W - 1), annual factor} -> sample standard deviation, the same annualised.
template <bool kSingle>
void deviation(const Node& node, const Frame& f) {
  pointwise<kSingle, 1, 0, 2>(node, f, [](auto& v) {
    const auto s = root(v.in[0] * v.k[0]);
    v.out[0] = s;
    v.out[1] = s * v.k[1];
  });
}

// flat_run: value, value of the bar before -> for how many bars it has been the same, in made[0]; state[0]
// carries the count. Over a flat window the moments' rounding would leave a deviation of some ulps where there
// is none.
template <bool kSingle>
void flat_run(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict x = e.in[0] + f.pos;
    const double* __restrict before = e.in[1] + f.pos;
    double* __restrict made = e.made[0] + f.pos;
    double run = e.state[0];
    for (int i = 0; i < n; ++i) {
      run = x[i] == before[i] ? run + 1.0 : 0.0;
      made[i] = run;
    }
    e.state[0] = run;
  }
}

// bollinger: sum, M2, close, run of equal closes, k = {W, K} -> mid, upper, lower, width, %b (Bollinger 2001;
// population deviation).
template <bool kSingle>
void bollinger(const Node& node, const Frame& f) {
  pointwise<kSingle, 4, 0, 5>(node, f, [](auto& v) {
    const auto flat = v.in[3] >= v.k[0] - 1.0;
    const auto m = select(flat, v.in[2], v.in[0] / v.k[0]);
    const auto band = select(flat, 0.0, v.k[1] * root(v.in[1] / v.k[0]));
    v.out[0] = m;
    v.out[1] = m + band;
    v.out[2] = m - band;
    v.out[3] = 2.0 * band / m;
    v.out[4] = (v.in[2] - (m - band)) / (2.0 * band);
  });
}

// zscore: sum, M2, close, run of equal closes, k[0] = W -> out[0].
template <bool kSingle>
void zscore(const Node& node, const Frame& f) {
  pointwise<kSingle, 4, 0, 1>(node, f, [](auto& v) {
    const auto flat = v.in[3] >= v.k[0] - 1.0;
    const auto m = select(flat, v.in[2], v.in[0] / v.k[0]);
    v.out[0] = (v.in[2] - m) / root(select(flat, 0.0, v.in[1] / (v.k[0] - 1.0)));
  });
}
