// Operators that only move or combine values of one bar. Part of kernels_isa.cpp.
#pragma once

// copy: a -> out[0].
template <bool kSingle>
void copy(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict a = e.a + f.pos;
    double* __restrict out = f.at(e.out[0]);
    HFTSIM_INDEPENDENT
    for (int i = 0; i < n; ++i) out[i] = a[i];
  }
}

// difference: a - b -> h, out[0].
template <bool kSingle>
void difference(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict a = e.a + f.pos;
    const double* __restrict b = e.b + f.pos;
    double* __restrict h = e.h + f.pos;
    double* __restrict out = f.at(e.out[0]);
    HFTSIM_INDEPENDENT
    for (int i = 0; i < n; ++i) out[i] = h[i] = a[i] - b[i];
  }
}
