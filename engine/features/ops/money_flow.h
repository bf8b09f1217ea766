// Money flow: typical price times volume, by the direction of the typical price. Part of kernels_isa.cpp.
#pragma once

// money_flow: typical price a, volume b -> rising flow in h, falling flow in h2; NaN on the first bar.
template <bool kSingle>
void money_flow(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  const Entry& e = node.entries[0];
  const double* __restrict tp = e.a + f.pos;
  const double* __restrict v = e.b + f.pos;
  double* __restrict rising = e.h + f.pos;
  double* __restrict falling = e.h2 + f.pos;
  HFTSIM_INDEPENDENT
  for (int i = 0; i < n; ++i) {
    const double change = tp[i] - tp[i - 1];
    const double flow = tp[i] * v[i];
    const double unknown = change - change;  // 0, or NaN on the first bar
    rising[i] = (change > 0 ? flow : 0.0) + unknown;
    falling[i] = (change < 0 ? flow : 0.0) + unknown;
  }
}

// mfi: sum of rising flow a, of falling flow b -> 0..100; 0 where both together are below 1, as in TA-Lib.
template <bool kSingle>
void mfi(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict rising = e.a + f.pos;
    const double* __restrict falling = e.b + f.pos;
    double* __restrict out = f.at(e.out[0]);
    HFTSIM_INDEPENDENT
    for (int i = 0; i < n; ++i) {
      const double both = rising[i] + falling[i];
      const double index = 100.0 * (rising[i] / both);
      out[i] = both < 1.0 ? 0.0 : index;
    }
  }
}
