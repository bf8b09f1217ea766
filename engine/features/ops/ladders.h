// Windows without drift: the doubling ladder. The sum over W bars is put together from that of half as many,
//
//   even W:  s_W[i] = s_{W/2}[i] + s_{W/2}[i - W/2]
//   odd W:   s_W[i] = (s_{(W-1)/2}[i] + s_{(W-1)/2}[i - (W-1)/2]) + x[i - (W-1)]
//
// so that nothing is ever subtracted, nothing carries over from bar to bar, and a value depends on its window
// alone: the same bits one bar at a time and in blocks, whatever other windows are asked for. The same ladder
// carries minima, maxima and moments. Part of kernels_isa.cpp. An entry is one rung: inputs are the half, the
// half moved back, and for an odd window the oldest value.
#pragma once

template <bool kSingle, class Combine>
void ladder(const Node& node, const Frame& f, Combine combine) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict newer = e.in[0] + f.pos;
    const double* __restrict older = e.in[1] + f.pos;
    double* __restrict made = e.made[0] + f.pos;
    if (e.in[2] == nullptr) {
      HFTSIM_INDEPENDENT
      for (int i = 0; i < n; ++i) made[i] = combine(newer[i], older[i]);
    } else {
      const double* __restrict oldest = e.in[2] + f.pos;
      HFTSIM_INDEPENDENT
      for (int i = 0; i < n; ++i) made[i] = combine(combine(newer[i], older[i]), oldest[i]);
    }
  }
}

template <bool kSingle>
void sum_ladder(const Node& node, const Frame& f) {
  ladder<kSingle>(node, f, [](double a, double b) { return a + b; });
}

// The older value comes second: it is NaN until the window is full, and a comparison with NaN keeps it.
template <bool kSingle>
void min_ladder(const Node& node, const Frame& f) {
  ladder<kSingle>(node, f, [](double a, double b) { return smaller(a, b); });
}

template <bool kSingle>
void max_ladder(const Node& node, const Frame& f) {
  ladder<kSingle>(node, f, [](double a, double b) { return larger(a, b); });
}

// Sum and sum of squared deviations M2 of two adjoining windows merge into those of both (Chan, Golub,
// LeVeque 1979). Inputs: sums, then M2, each newer and older; made: sum, M2; k = {1 / bars of the newer,
// na * nb / (na + nb)}. A window of one bar has M2 = 0; its column is then null.
template <bool kSingle>
void moment_ladder(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict a = e.in[0] + f.pos;
    const double* __restrict b = e.in[1] + f.pos;
    double* __restrict sum = e.made[0] + f.pos;
    double* __restrict m2 = e.made[1] + f.pos;
    if (e.in[2] == nullptr) {
      HFTSIM_INDEPENDENT
      for (int i = 0; i < n; ++i) {
        const double d = a[i] - b[i];
        sum[i] = a[i] + b[i];
        m2[i] = 0.5 * d * d;
      }
    } else if (e.in[3] == nullptr) {
      const double* __restrict m2_a = e.in[2] + f.pos;
      HFTSIM_INDEPENDENT
      for (int i = 0; i < n; ++i) {
        const double d = a[i] * e.k[0] - b[i];
        sum[i] = a[i] + b[i];
        m2[i] = m2_a[i] + e.k[1] * (d * d);
      }
    } else {
      const double* __restrict m2_a = e.in[2] + f.pos;
      const double* __restrict m2_b = e.in[3] + f.pos;
      HFTSIM_INDEPENDENT
      for (int i = 0; i < n; ++i) {
        const double d = (a[i] - b[i]) * e.k[0];  // both halves are equally long
        sum[i] = a[i] + b[i];
        m2[i] = (m2_a[i] + m2_b[i]) + e.k[1] * (d * d);
      }
    }
  }
}
