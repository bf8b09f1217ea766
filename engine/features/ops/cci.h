// Commodity channel index (Lambert 1980), as in TA-Lib. Part of kernels_isa.cpp.
#pragma once

// cci: sum of typical prices, typical price, run of equal ones, k[0] = P -> out[0]; 0 over a flat
// window. The mean absolute deviation is taken around each bar's own mean, so it has no incremental form: P
// steps per bar, across all bars of the frame at once.
template <bool kSingle>
void cci(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  double deviation_sum[kSingle ? 1 : kFrameBars];
  for (const Entry& e : entries_of(node)) {
    const double* __restrict sum = e.in[0] + f.pos;
    const double* __restrict tp = e.in[1] + f.pos;
    const double* __restrict run = e.in[2] + f.pos;
    double* __restrict out = f.at(e.out[0]);
    HFTSIM_INDEPENDENT
    for (int i = 0; i < n; ++i) deviation_sum[i] = 0.0;
    for (std::uint32_t back = 0; back < e.window; ++back) {
      const double* __restrict x = tp - back * f.step;
      HFTSIM_INDEPENDENT
      for (int i = 0; i < n; ++i) deviation_sum[i] += absolute(x[i] - sum[i] / e.k[0]);
    }
    HFTSIM_INDEPENDENT
    for (int i = 0; i < n; ++i) {
      const double above = tp[i] - sum[i] / e.k[0];
      const double mean_deviation = deviation_sum[i] / e.k[0];
      const double index = above / (0.015 * mean_deviation);
      out[i] = above == 0 || run[i] >= e.k[0] - 1.0 ? 0.0 : index;
    }
  }
}
