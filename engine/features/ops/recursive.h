// Series that carry a value from bar to bar. Part of kernels_isa.cpp.
#pragma once

// ema: value, close, k = {alpha, 1 - alpha} -> made[0]; out[0] the average, out[1] (close - average) /
// average. Starts at the first value that is known.
template <class Double>
HFTSIM_INLINE inline Double ema_step(Double before, Double x, Double alpha, Double beta) {
  return select(before == before, beta * before + alpha * x, x);
}

// Chains are independent, so up to eight of them run side by side: one alone would wait for its own result.
inline constexpr std::uint32_t kLanes = 8;

template <std::uint32_t kCount>
void ema_lanes(const Entry* e, std::size_t first, std::size_t past) {
  const double* x[kCount];
  double* made[kCount];
  double y[kCount], alpha[kCount], beta[kCount];
  for (std::uint32_t j = 0; j < kCount; ++j) {
    x[j] = e[j].in[0];
    made[j] = e[j].made[0];
    y[j] = *(made[j] + first - 1);
    alpha[j] = e[j].k[0];
    beta[j] = e[j].k[1];
  }
  for (std::size_t i = first; i < past; ++i) {
    for (std::uint32_t j = 0; j < kCount; ++j) {
      y[j] = beta[j] * y[j] + alpha[j] * x[j][i];
      made[j][i] = y[j];
    }
  }
}

using EmaLanes = void (*)(const Entry*, std::size_t, std::size_t);
inline constexpr EmaLanes kEmaLanes[kLanes] = {ema_lanes<1>, ema_lanes<2>, ema_lanes<3>, ema_lanes<4>,
                                               ema_lanes<5>, ema_lanes<6>, ema_lanes<7>, ema_lanes<8>};

inline bool all_started(const Entry* e, std::uint32_t lanes, std::size_t pos) {
  for (std::uint32_t j = 0; j < lanes; ++j) {
    const double before = *(e[j].made[0] + pos - 1);
    if (!(before == before)) return false;
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
    for (; pos < past && !all_started(e, lanes, pos); ++pos) {
      for (std::uint32_t j = 0; j < lanes; ++j) {
        double* const made = e[j].made[0];
        made[pos] = ema_step(*(made + pos - 1), e[j].in[0][pos], e[j].k[0], e[j].k[1]);
      }
    }
    kEmaLanes[lanes - 1](e, pos, past);
  }
}

inline void ema_outputs(const Entry& e, const Frame& f) {
  const double* __restrict y = e.made[0] + f.pos;
  const double* __restrict c = e.in[1] + f.pos;
  if (e.out[0] != f.no_slot) {
    double* __restrict average = f.at(e.out[0]);
    for (int i = 0; i < f.n; ++i) average[i] = y[i];
  }
  if (e.out[1] != f.no_slot) {
    double* __restrict distance = f.at(e.out[1]);
    for (int i = 0; i < f.n; ++i) distance[i] = (c[i] - y[i]) / y[i];
  }
}

template <int kLanes>
HFTSIM_INLINE inline void ema_lanes_of_bar(const Quad& q, const Frame& f) {
  const Doubles4 y = ema_step(gather<kLanes>(q.made[0], f.now() - f.bar()), gather<kLanes>(q.in[0], f.now()),
                              Doubles4::load(q.k[0]), Doubles4::load(q.k[1]));
  scatter<kLanes>(y, q.made[0], f.pos);
  scatter<kLanes>(y, f.out, q.out[0]);
  scatter<kLanes>((gather<kLanes>(q.in[1], f.now()) - y) / y, f.out, q.out[1]);
}

inline void ema_quads(const Node& node, const Frame& f) {
  for (const Quad* q = node.quads; q != node.quads_past; ++q) {
    q->lanes == 3 ? ema_lanes_of_bar<3>(*q, f) : ema_lanes_of_bar<4>(*q, f);
  }
}

template <bool kSingle>
void ema(const Node& node, const Frame& f) {
  if (!kSingle) {
    ema_averages(node, f);
    for (const Entry& e : entries_of(node)) ema_outputs(e, f);
  } else if (node.quads != node.quads_past) {
    ema_quads(node, f);
  } else {
    for (const Entry& e : entries_of(node)) {
      double* const made = e.made[0] + f.pos;
      *made = ema_step(*(made - f.step), e.in[0][f.pos], e.k[0], e.k[1]);
      ema_outputs(e, f);
    }
  }
}

// obv: close, close of the bar before, volume -> running sum of signed volume in made[0], out[0]; NaN on the
// first bar. The sum is compensated (Neumaier 1974): state = {sum, compensation}. The signed volumes come
// first, for all bars at once: what is left to do in order is two additions per bar.
template <bool kSingle>
void obv(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  const Entry& e = *node.first;
  const double* __restrict c = e.in[0] + f.pos;
  const double* __restrict before = e.in[1] + f.pos;
  const double* __restrict v = e.in[2] + f.pos;
  double* __restrict made = e.made[0] + f.pos;
  double* __restrict out = f.at(e.out[0]);
  double signed_volume[kSingle ? 1 : kFrameBars];
  HFTSIM_INDEPENDENT
  for (int i = 0; i < n; ++i) {
    const double fallen = c[i] < before[i] ? -v[i] : 0.0;
    signed_volume[i] = c[i] > before[i] ? v[i] : fallen;
  }
  double sum = e.state[0], compensation = e.state[1];
  for (int i = 0; i < n; ++i) {
    const double x = signed_volume[i];
    const double t = sum + x;
    const double part = t - sum;  // two-sum (Knuth 1969): the rounding error of t, exactly
    compensation += (sum - (t - part)) + (x - part);
    sum = t;
    made[i] = sum + compensation;
  }
  HFTSIM_INDEPENDENT
  for (int i = 0; i < n; ++i) {
    const double known = before[i] == before[i] ? made[i] : __builtin_nan("");
    out[i] = made[i] = known;
  }
  e.state[0] = sum;
  e.state[1] = compensation;
}
