// Series made of one bar's prices and volume, kept as history for the windows. Part of kernels_isa.cpp.
#pragma once

// true_range: high a, low b, close c -> h (Wilder 1978). On the first bar, where there is no close before it,
// the bar's own range.
template <bool kSingle>
void true_range(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  const Entry& e = node.entries[0];
  const double* __restrict hi = e.a + f.pos;
  const double* __restrict lo = e.b + f.pos;
  const double* __restrict c = e.c + f.pos;
  double* __restrict h = e.h + f.pos;
  HFTSIM_INDEPENDENT
  for (int i = 0; i < n; ++i) {
    const double range = hi[i] - lo[i];
    const double up = absolute(hi[i] - c[i - 1]);
    const double down = absolute(lo[i] - c[i - 1]);
    h[i] = larger(larger(up, down), range);  // NaN on the left gives way to the range
  }
}

// log_range_sq: high a, low b -> ln(high / low)^2 in h (Parkinson 1980).
template <bool kSingle>
void log_range_sq(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  const Entry& e = node.entries[0];
  const double* __restrict hi = e.a + f.pos;
  const double* __restrict lo = e.b + f.pos;
  double* __restrict h = e.h + f.pos;
  HFTSIM_INDEPENDENT
  for (int i = 0; i < n; ++i) {
    const double r = log_ratio(hi[i], lo[i], hi[i] / lo[i]);
    h[i] = r * r;
  }
}

// typical_price: high a, low b, close c -> (high + low + close) / 3 in h.
template <bool kSingle>
void typical_price(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  const Entry& e = node.entries[0];
  const double* __restrict hi = e.a + f.pos;
  const double* __restrict lo = e.b + f.pos;
  const double* __restrict c = e.c + f.pos;
  double* __restrict h = e.h + f.pos;
  HFTSIM_INDEPENDENT
  for (int i = 0; i < n; ++i) h[i] = (hi[i] + lo[i] + c[i]) / 3.0;
}

// dollar_volume: close a, volume b -> close * volume in h.
template <bool kSingle>
void dollar_volume(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  const Entry& e = node.entries[0];
  const double* __restrict c = e.a + f.pos;
  const double* __restrict v = e.b + f.pos;
  double* __restrict h = e.h + f.pos;
  HFTSIM_INDEPENDENT
  for (int i = 0; i < n; ++i) h[i] = c[i] * v[i];
}

// buy_pressure: high a, low b, close c -> where in the bar's range it closed, in h and out[0].
template <bool kSingle>
void buy_pressure(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  const Entry& e = node.entries[0];
  const double* __restrict hi = e.a + f.pos;
  const double* __restrict lo = e.b + f.pos;
  const double* __restrict c = e.c + f.pos;
  double* __restrict h = e.h + f.pos;
  double* __restrict out = f.at(e.out[0]);
  HFTSIM_INDEPENDENT
  for (int i = 0; i < n; ++i) out[i] = h[i] = position_in(c[i], lo[i], hi[i]);
}
