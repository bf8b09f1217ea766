// Spreads around a mean, from sums and moments of windows. Part of kernels_isa.cpp.
#pragma once

// parkinson: sum of squared log ranges a, k[0] = 1 / (4 W ln 2) -> out[0].
template <bool kSingle>
void parkinson(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict sum = e.a + f.pos;
    double* __restrict out = f.at(e.out[0]);
    HFTSIM_INDEPENDENT
    for (int i = 0; i < n; ++i) out[i] = __builtin_sqrt(sum[i] * e.k[0]);
  }
}

// root_sum: sum a -> its square root.
template <bool kSingle>
void root_sum(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict sum = e.a + f.pos;
    double* __restrict out = f.at(e.out[0]);
    HFTSIM_INDEPENDENT
    for (int i = 0; i < n; ++i) out[i] = __builtin_sqrt(sum[i]);
  }
}

// deviation: M2 a, k = {W - 1, annual factor} -> sample standard deviation, the same annualised.
template <bool kSingle>
void deviation(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict m2 = e.a + f.pos;
    double* __restrict out = f.at(e.out[0]);
    double* __restrict annualized = f.at(e.out[1]);
    HFTSIM_INDEPENDENT
    for (int i = 0; i < n; ++i) {
      const double s = __builtin_sqrt(m2[i] / e.k[0]);
      out[i] = s;
      annualized[i] = s * e.k[1];
    }
  }
}

// flat_run: value a -> how many bars back the value has been the same, in h; state[0] carries the count.
// Over a flat window the moments' rounding would leave a deviation of some ulps where there is none.
template <bool kSingle>
void flat_run(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  const Entry& e = node.entries[0];
  const double* __restrict c = e.a + f.pos;
  double* __restrict h = e.h + f.pos;
  double run = e.state[0];
  for (int i = 0; i < n; ++i) {
    run = c[i] == c[i - 1] ? run + 1.0 : 0.0;
    h[i] = run;
  }
  e.state[0] = run;
}

// bollinger: sum a, M2 b, close c, run of equal closes d, k = {W, K} -> mid, upper, lower, width,
// %b (Bollinger 2001; population deviation).
template <bool kSingle>
void bollinger(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict sum = e.a + f.pos;
    const double* __restrict m2 = e.b + f.pos;
    const double* __restrict c = e.c + f.pos;
    const double* __restrict run = e.d + f.pos;
    double* __restrict mid = f.at(e.out[0]);
    double* __restrict upper = f.at(e.out[1]);
    double* __restrict lower = f.at(e.out[2]);
    double* __restrict width = f.at(e.out[3]);
    double* __restrict pctb = f.at(e.out[4]);
    HFTSIM_INDEPENDENT
    for (int i = 0; i < n; ++i) {
      const bool flat = run[i] >= e.k[0] - 1.0;
      const double m = flat ? c[i] : sum[i] / e.k[0];
      const double band = flat ? 0.0 : e.k[1] * __builtin_sqrt(m2[i] / e.k[0]);
      mid[i] = m;
      upper[i] = m + band;
      lower[i] = m - band;
      width[i] = 2.0 * band / m;
      pctb[i] = (c[i] - (m - band)) / (2.0 * band);
    }
  }
}

// zscore: sum a, M2 b, close c, run of equal closes d, k[0] = W -> out[0].
template <bool kSingle>
void zscore(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict sum = e.a + f.pos;
    const double* __restrict m2 = e.b + f.pos;
    const double* __restrict c = e.c + f.pos;
    const double* __restrict run = e.d + f.pos;
    double* __restrict out = f.at(e.out[0]);
    HFTSIM_INDEPENDENT
    for (int i = 0; i < n; ++i) {
      const bool flat = run[i] >= e.k[0] - 1.0;
      const double m = flat ? c[i] : sum[i] / e.k[0];
      const double s = flat ? 0.0 : __builtin_sqrt(m2[i] / (e.k[0] - 1.0));
      out[i] = (c[i] - m) / s;
    }
  }
}
