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

// Of a single bar: four series at once, and up a ladder without a way through memory.
template <class Combine>
void ladder_runs(const Node& node, const Frame& f, Combine combine) {
  Doubles4 last = 0.0;
  for (const Run* run = node.runs; run != node.runs_past; ++run) {
    const double* const newer = run->in[0] + f.pos;
    const double* const older = run->in[1] + f.pos;
    if (run->goes_on) {
      last = combine(last, Doubles4::load(older));
    } else {
      last = combine(Doubles4::load_apart(newer), Doubles4::load_apart(older));
    }
    if (run->in[2] != nullptr) last = combine(last, Doubles4::load(run->in[2] + f.pos));
    last.store(run->made + f.pos);
  }
}

template <class Combine>
void ladder_of_bar(const Node& node, const Frame& f, Combine combine) {
  const double* made = nullptr;
  double last = 0;
  for (const Entry& e : entries_of(node)) {
    last = combine(e.in[0] == made ? last : e.in[0][f.pos], e.in[1][f.pos]);
    if (e.in[2] != nullptr) last = combine(last, e.in[2][f.pos]);
    made = e.made[0];
    e.made[0][f.pos] = last;
  }
}

template <class Combine>
void ladder_of_block(const Node& node, const Frame& f, Combine combine) {
  for (const Entry& e : entries_of(node)) {
    const double* __restrict newer = e.in[0] + f.pos;
    const double* __restrict older = e.in[1] + f.pos;
    double* __restrict made = e.made[0] + f.pos;
    if (e.in[2] == nullptr) {
      HFTSIM_INDEPENDENT
      for (int i = 0; i < f.n; ++i) made[i] = combine(newer[i], older[i]);
    } else {
      const double* __restrict oldest = e.in[2] + f.pos;
      HFTSIM_INDEPENDENT
      for (int i = 0; i < f.n; ++i) made[i] = combine(combine(newer[i], older[i]), oldest[i]);
    }
  }
}

template <bool kSingle, class Combine>
HFTSIM_INLINE inline void ladder(const Node& node, const Frame& f, Combine combine) {
  if (!kSingle) {
    ladder_of_block(node, f, combine);
  } else if (node.runs == node.runs_past) {
    ladder_of_bar(node, f, combine);
  } else {
    ladder_runs(node, f, combine);
  }
}

template <bool kSingle>
void sum_ladder(const Node& node, const Frame& f) {
  ladder<kSingle>(node, f, [](auto a, auto b) { return a + b; });
}

// The older value comes second: it is NaN until the window is full, and a comparison with NaN keeps it.
template <bool kSingle>
void min_ladder(const Node& node, const Frame& f) {
  ladder<kSingle>(node, f, [](auto a, auto b) { return smaller(a, b); });
}

template <bool kSingle>
void max_ladder(const Node& node, const Frame& f) {
  ladder<kSingle>(node, f, [](auto a, auto b) { return larger(a, b); });
}

// Sum and sum of squared deviations M2 of two adjoining windows merge into those of both (Chan, Golub,
// LeVeque 1979). Inputs: the half's sum and M2, then the oldest value, for an odd window; the older half is `window`
// / 2 bars back. Made: sum, M2. k = {1 / half, half / 2, weight of the oldest}. A half of one bar has M2 = 0; its
// column is then null.
struct Moments {
  double sum, m2;
};
struct Weights {
  double per_half, half_weight, oldest_weight;
};

HFTSIM_INLINE inline Moments merged(Moments newer, Moments older, const Weights& k) {
  const double d = (newer.sum - older.sum) * k.per_half;
  return {newer.sum + older.sum, (newer.m2 + older.m2) + k.half_weight * (d * d)};
}
HFTSIM_INLINE inline Moments with_oldest(Moments both, double oldest, const Weights& k) {
  const double d = both.sum * (0.5 * k.per_half) - oldest;
  return {both.sum + oldest, both.m2 + k.oldest_weight * (d * d)};
}

template <bool kHasM2, bool kIsOdd>
HFTSIM_INLINE inline void moment_rung(const Entry& e, const Frame& f) {
  const std::size_t half = e.window / 2;
  const double* __restrict sum = e.in[0] + f.pos;
  const double* __restrict sum_before = sum - half;
  const double* __restrict m2 = kHasM2 ? e.in[1] + f.pos : sum;
  const double* __restrict m2_before = m2 - half;
  const double* __restrict oldest = kIsOdd ? e.in[2] + f.pos : sum;
  double* __restrict made_sum = e.made[0] + f.pos;
  double* __restrict made_m2 = e.made[1] + f.pos;
  const Weights k{e.k[0], e.k[1], e.k[2]};
  HFTSIM_INDEPENDENT
  for (int i = 0; i < f.n; ++i) {
    const Moments newer{sum[i], kHasM2 ? m2[i] : 0.0}, older{sum_before[i], kHasM2 ? m2_before[i] : 0.0};
    Moments both = merged(newer, older, k);
    if (kIsOdd) both = with_oldest(both, oldest[i], k);
    made_sum[i] = both.sum;
    made_m2[i] = both.m2;
  }
}

inline void moments_of_block(const Node& node, const Frame& f) {
  for (const Entry& e : entries_of(node)) {
    if (e.in[1] == nullptr) {
      e.in[2] == nullptr ? moment_rung<false, false>(e, f) : moment_rung<false, true>(e, f);
    } else {
      e.in[2] == nullptr ? moment_rung<true, false>(e, f) : moment_rung<true, true>(e, f);
    }
  }
}

// Up a ladder without a way through memory.
inline void moments_of_bar(const Node& node, const Frame& f) {
  const double* made = nullptr;
  Moments last{0, 0};
  for (const Entry& e : entries_of(node)) {
    const std::ptrdiff_t before = f.now() - static_cast<std::ptrdiff_t>(e.window / 2) * f.bar();
    const bool of_one_bar = e.in[1] == nullptr;
    const Weights k{e.k[0], e.k[1], e.k[2]};
    if (e.in[0] != made) last = {e.in[0][f.pos], of_one_bar ? 0.0 : e.in[1][f.pos]};
    last = merged(last, {e.in[0][before], of_one_bar ? 0.0 : e.in[1][before]}, k);
    if (e.in[2] != nullptr) last = with_oldest(last, e.in[2][f.pos], k);
    made = e.made[0];
    e.made[0][f.pos] = last.sum;
    e.made[1][f.pos] = last.m2;
  }
}

template <bool kSingle>
void moment_ladder(const Node& node, const Frame& f) {
  kSingle ? moments_of_bar(node, f) : moments_of_block(node, f);
}
