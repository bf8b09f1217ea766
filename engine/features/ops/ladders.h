// Windows without drift: the doubling ladder. The sum over W bars is the sum of two shorter sums,
//
//   even W:  s_W[i] = s_{W/2}[i] + s_{W/2}[i - W/2]
//   odd W:   s_W[i] = s_{W-1}[i] + x[i - (W-1)]
//
// so that nothing is ever subtracted, nothing carries over from bar to bar, and a value depends on its window
// alone: the same bits one bar at a time and in blocks, whatever other windows are asked for. One addition
// per level serves all windows above it. The same ladder carries minima, maxima and moments. Part of
// kernels_isa.cpp. An entry is one level: a[i] with b[i - lag] -> h.
#pragma once

template <bool kSingle, class Combine>
void ladder(const Node& node, const Frame& f, Combine combine) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict a = e.a + f.pos;
    const double* __restrict b = e.b + f.pos - e.lag;
    double* __restrict h = e.h + f.pos;
    HFTSIM_INDEPENDENT
    for (int i = 0; i < n; ++i) h[i] = combine(a[i], b[i]);
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
// LeVeque 1979). Sums a, b -> h; M2 of a in c and of the older window in d -> h2; k = {1 / bars of
// a, na * nb / (na + nb)}. A window of one bar has M2 = 0; its column is then null.
template <bool kSingle>
void moment_ladder(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict a = e.a + f.pos;
    const double* __restrict b = e.b + f.pos - e.lag;
    const double* __restrict qa = e.c == nullptr ? nullptr : e.c + f.pos;
    const double* __restrict qb = e.d == nullptr ? nullptr : e.d + f.pos - e.lag;
    double* __restrict h = e.h + f.pos;
    double* __restrict q = e.h2 + f.pos;
    if (qa == nullptr) {
      HFTSIM_INDEPENDENT
      for (int i = 0; i < n; ++i) {
        const double d = a[i] - b[i];
        h[i] = a[i] + b[i];
        q[i] = 0.5 * d * d;
      }
    } else if (qb == nullptr) {
      HFTSIM_INDEPENDENT
      for (int i = 0; i < n; ++i) {
        const double d = a[i] * e.k[0] - b[i];
        h[i] = a[i] + b[i];
        q[i] = qa[i] + e.k[1] * (d * d);
      }
    } else {
      HFTSIM_INDEPENDENT
      for (int i = 0; i < n; ++i) {
        const double d = (a[i] - b[i]) * e.k[0];  // both halves are equally long
        h[i] = a[i] + b[i];
        q[i] = (qa[i] + qb[i]) + e.k[1] * (d * d);
      }
    }
  }
}
