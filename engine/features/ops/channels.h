// The close within the highest high and the lowest low of a window. Part of kernels_isa.cpp.
#pragma once

// price_position: lowest low a, highest high b, close c -> 0..1; 0.5 where the range is 0 or the window is
// not yet full.
template <bool kSingle>
void price_position(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict lo = e.a + f.pos;
    const double* __restrict hi = e.b + f.pos;
    const double* __restrict c = e.c + f.pos;
    double* __restrict out = f.at(e.out[0]);
    HFTSIM_INDEPENDENT
    for (int i = 0; i < n; ++i) out[i] = position_in(c[i], lo[i], hi[i]);
  }
}

// stochastic: lowest low a, highest high b, close c -> 0..100 in h, out[0]; 50 where the range is 0.
template <bool kSingle>
void stochastic(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict lo = e.a + f.pos;
    const double* __restrict hi = e.b + f.pos;
    const double* __restrict c = e.c + f.pos;
    double* __restrict h = e.h + f.pos;
    double* __restrict out = f.at(e.out[0]);
    HFTSIM_INDEPENDENT
    for (int i = 0; i < n; ++i) {
      const double range = hi[i] - lo[i];
      const double k = 100.0 * ((c[i] - lo[i]) / (range == 0 ? 1.0 : range));
      out[i] = h[i] = range == 0 ? 50.0 : k;
    }
  }
}

// williams_r: lowest low a, highest high b, close c -> -100..0; 0 where the range is 0, as in TA-Lib.
template <bool kSingle>
void williams_r(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict lo = e.a + f.pos;
    const double* __restrict hi = e.b + f.pos;
    const double* __restrict c = e.c + f.pos;
    double* __restrict out = f.at(e.out[0]);
    HFTSIM_INDEPENDENT
    for (int i = 0; i < n; ++i) {
      const double range = hi[i] - lo[i];
      const double r = -100.0 * ((hi[i] - c[i]) / (range == 0 ? 1.0 : range));
      out[i] = range == 0 ? 0.0 : r;
    }
  }
}

// previous: a of the bar before -> out[0].
template <bool kSingle>
void previous(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict a = e.a + f.pos - 1;
    double* __restrict out = f.at(e.out[0]);
    HFTSIM_INDEPENDENT
    for (int i = 0; i < n; ++i) out[i] = a[i];
  }
}
