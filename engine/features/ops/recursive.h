// Series that carry a value from bar to bar. Part of kernels_isa.cpp.
#pragma once

// ema: value a, k = {alpha, 1 - alpha} -> h; out[0] the average, out[1] (close b - average) / average where
// b is given. Starts at the first value that is known; state[0] carries the average. Chains are independent,
// so four of them run side by side: one alone would wait for its own result.
inline constexpr std::uint32_t kEmaLanes = 4;

template <bool kSingle>
void ema_lanes(const Entry* e, std::uint32_t lanes, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  const double* __restrict x[kEmaLanes];
  double* __restrict h[kEmaLanes];
  double y[kEmaLanes], alpha[kEmaLanes], beta[kEmaLanes];
  for (std::uint32_t j = 0; j < kEmaLanes; ++j) {
    const Entry& lane = e[j < lanes ? j : 0];
    x[j] = lane.a + f.pos;
    h[j] = j < lanes ? lane.h + f.pos : f.scratch;
    y[j] = lane.state[0];
    alpha[j] = lane.k[0];
    beta[j] = lane.k[1];
  }
  for (int i = 0; i < n; ++i) {
    for (std::uint32_t j = 0; j < kEmaLanes; ++j) {
      const double next = beta[j] * y[j] + alpha[j] * x[j][i];
      y[j] = y[j] != y[j] ? x[j][i] : next;
      h[j][i] = y[j];
    }
  }
  for (std::uint32_t j = 0; j < lanes; ++j) e[j].state[0] = y[j];
}

template <bool kSingle>
void ema(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (std::uint32_t first = 0; first < node.entry_count; first += kEmaLanes) {
    const std::uint32_t left = node.entry_count - first;
    ema_lanes<kSingle>(node.entries + first, left < kEmaLanes ? left : kEmaLanes, f);
  }
  for (const Entry& e : entries_of(node)) {
    const double* __restrict y = e.h + f.pos;
    double* __restrict out = f.at(e.out[0]);
    double* __restrict distance = f.at(e.out[1]);
    const double* __restrict c = e.b + f.pos;
    HFTSIM_INDEPENDENT
    for (int i = 0; i < n; ++i) {
      out[i] = y[i];
      distance[i] = (c[i] - y[i]) / y[i];
    }
  }
}

// obv: close a, volume b -> running sum of signed volume in h, out[0]; NaN on the first bar. The sum is
// compensated (Neumaier 1974): state = {sum, compensation}.
template <bool kSingle>
void obv(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  const Entry& e = node.entries[0];
  const double* __restrict c = e.a + f.pos;
  const double* __restrict v = e.b + f.pos;
  double* __restrict h = e.h + f.pos;
  double* __restrict out = f.at(e.out[0]);
  double sum = e.state[0], compensation = e.state[1];
  for (int i = 0; i < n; ++i) {
    const double up = c[i] > c[i - 1] ? v[i] : 0.0;
    const double x = c[i] < c[i - 1] ? -v[i] : up;
    const double t = sum + x;
    const double part = t - sum;  // two-sum (Knuth 1969): the rounding error of t, exactly
    compensation += (sum - (t - part)) + (x - part);
    sum = t;
    const double known = c[i - 1] == c[i - 1] ? sum + compensation : __builtin_nan("");
    out[i] = h[i] = known;
  }
  e.state[0] = sum;
  e.state[1] = compensation;
}
