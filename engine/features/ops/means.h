// Means over windows and what compares with them, from the windows' sums. Part of kernels_isa.cpp.
#pragma once

// mean: sum a over `window` -> out[0].
template <bool kSingle>
void mean(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict sum = e.a + f.pos;
    double* __restrict out = f.at(e.out[0]);
    HFTSIM_INDEPENDENT
    for (int i = 0; i < n; ++i) out[i] = sum[i] / e.k[0];
  }
}

// mean_distance: sum a, value b -> mean, (value - mean) / mean.
template <bool kSingle>
void mean_distance(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict sum = e.a + f.pos;
    const double* __restrict x = e.b + f.pos;
    double* __restrict out = f.at(e.out[0]);
    double* __restrict distance = f.at(e.out[1]);
    HFTSIM_INDEPENDENT
    for (int i = 0; i < n; ++i) {
      const double m = sum[i] / e.k[0];
      out[i] = m;
      distance[i] = (x[i] - m) / m;
    }
  }
}

// mean_ratio: sum a, value b -> mean, value / mean.
template <bool kSingle>
void mean_ratio(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict sum = e.a + f.pos;
    const double* __restrict x = e.b + f.pos;
    double* __restrict out = f.at(e.out[0]);
    double* __restrict ratio = f.at(e.out[1]);
    HFTSIM_INDEPENDENT
    for (int i = 0; i < n; ++i) {
      const double m = sum[i] / e.k[0];
      out[i] = m;
      ratio[i] = x[i] / m;
    }
  }
}

// mean_share: sum a, value b -> mean, mean / value.
template <bool kSingle>
void mean_share(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict sum = e.a + f.pos;
    const double* __restrict x = e.b + f.pos;
    double* __restrict out = f.at(e.out[0]);
    double* __restrict share = f.at(e.out[1]);
    HFTSIM_INDEPENDENT
    for (int i = 0; i < n; ++i) {
      const double m = sum[i] / e.k[0];
      out[i] = m;
      share[i] = m / x[i];
    }
  }
}

// vwap: sum of dollar volume a, sum of volume b, close c -> volume-weighted price, distance from it.
template <bool kSingle>
void vwap(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict dollars = e.a + f.pos;
    const double* __restrict volume = e.b + f.pos;
    const double* __restrict c = e.c + f.pos;
    double* __restrict out = f.at(e.out[0]);
    double* __restrict distance = f.at(e.out[1]);
    HFTSIM_INDEPENDENT
    for (int i = 0; i < n; ++i) {
      const double price = dollars[i] / volume[i];
      out[i] = price;
      distance[i] = (c[i] - price) / price;
    }
  }
}
