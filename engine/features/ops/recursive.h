// Series that carry a value from bar to bar. Part of kernels_isa.cpp.
#pragma once

// ema: value, close, k = {alpha, 1 - alpha} -> made[0]; out[0] the average, out[1] (close - average) /
// average. Starts at the first value that is known; state = {average, 1 once started}.
inline double ema_step(const Entry& e, std::size_t pos) {
  const double x = e.in[0][pos];
  double y = e.k[1] * e.state[0] + e.k[0] * x;
  if (!(e.state[1] > 0)) {
    y = x;
    e.state[1] = x == x ? 1.0 : 0.0;
  }
  e.state[0] = y;
  e.made[0][pos] = y;
  return y;
}

// Chains are independent, so four of them run side by side: one alone would wait for its own result. Missing
// lanes repeat the first.
inline constexpr std::uint32_t kLanes = 4;

inline void ema_lanes(const Entry* e, std::uint32_t lanes, std::size_t first, std::size_t past) {
  const double* x[kLanes];
  double* made[kLanes];
  double y[kLanes], alpha[kLanes], beta[kLanes];
  for (std::uint32_t j = 0; j < kLanes; ++j) {
    const Entry& lane = e[j < lanes ? j : 0];
    x[j] = lane.in[0];
    made[j] = lane.made[0];
    y[j] = lane.state[0];
    alpha[j] = lane.k[0];
    beta[j] = lane.k[1];
  }
  for (std::size_t i = first; i < past; ++i) {
    for (std::uint32_t j = 0; j < kLanes; ++j) {
      y[j] = beta[j] * y[j] + alpha[j] * x[j][i];
      made[j][i] = y[j];
    }
  }
  for (std::uint32_t j = 0; j < lanes; ++j) e[j].state[0] = y[j];
}

inline bool all_started(const Entry* e, std::uint32_t lanes) {
  for (std::uint32_t j = 0; j < lanes; ++j) {
    if (!(e[j].state[1] > 0)) return false;
  }
  return true;
}

inline void ema_averages(const Node& node, const Frame& f) {
  const std::size_t past = f.pos + static_cast<std::size_t>(f.n);
  std::uint32_t lanes = 0;
  for (const Entry* e = node.first; e != node.past; e += lanes) {
    const auto left = static_cast<std::uint32_t>(node.past - e);
    lanes = left < kLanes ? left : kLanes;
    std::size_t pos = f.pos;
    for (; pos < past && !all_started(e, lanes); ++pos) {
      for (std::uint32_t j = 0; j < lanes; ++j) ema_step(e[j], pos);
    }
    ema_lanes(e, lanes, pos, past);
  }
}

template <bool kSingle>
void ema(const Node& node, const Frame& f) {
  if constexpr (kSingle) {
    for (const Entry& e : entries_of(node)) {
      const double y = ema_step(e, f.pos);
      *f.at(e.out[0]) = y;
      if (e.out[1] != f.no_slot) f.out[e.out[1]] = (e.in[1][f.pos] - y) / y;
    }
  } else {
    ema_averages(node, f);
    for (const Entry& e : entries_of(node)) {
      const double* __restrict y = e.made[0] + f.pos;
      const double* __restrict c = e.in[1] + f.pos;
      double* __restrict average = f.at(e.out[0]);
      double* __restrict distance = f.at(e.out[1]);
      if (e.out[0] != f.no_slot) {
        for (int i = 0; i < f.n; ++i) average[i] = y[i];
      }
      if (e.out[1] != f.no_slot) {
        for (int i = 0; i < f.n; ++i) distance[i] = (c[i] - y[i]) / y[i];
      }
    }
  }
}

// obv: close, close of the bar before, volume -> running sum of signed volume in made[0], out[0]; NaN on the
// first bar. The sum is compensated (Neumaier 1974): state = {sum, compensation}.
template <bool kSingle>
void obv(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  const Entry& e = *node.first;
  const double* __restrict c = e.in[0] + f.pos;
  const double* __restrict before = e.in[1] + f.pos;
  const double* __restrict v = e.in[2] + f.pos;
  double* __restrict made = e.made[0] + f.pos;
  double* __restrict out = f.at(e.out[0]);
  double sum = e.state[0], compensation = e.state[1];
  for (int i = 0; i < n; ++i) {
    const int direction = (c[i] > before[i]) - (c[i] < before[i]);  // a branch would be wrong half the time
    const double x = direction * v[i];
    const double t = sum + x;
    const double part = t - sum;  // two-sum (Knuth 1969): the rounding error of t, exactly
    compensation += (sum - (t - part)) + (x - part);
    sum = t;
    const double known = before[i] == before[i] ? sum + compensation : __builtin_nan("");
    out[i] = made[i] = known;
  }
  e.state[0] = sum;
  e.state[1] = compensation;
}
