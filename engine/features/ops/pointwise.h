// How an operator without memory runs. Its arithmetic sees one value of each input and gives one of each
// result; here it goes over the bars of a block, one window after the other, or over the windows of a single
// bar. Part of kernels_isa.cpp.
#pragma once

// What the arithmetic of one operator reads (in, k) and writes (made, out).
template <int kIn, int kMade, int kOut>
struct Values {
  double in[kIn];
  double k[2];
  double made[kMade > 0 ? kMade : 1];
  double out[kOut > 0 ? kOut : 1];
};

inline double absolute(double x) {
  return __builtin_fabs(x);
}
inline double root(double x) {
  return __builtin_sqrt(x);
}
// Where either is NaN the second one is returned.
inline double larger(double a, double b) {
  return a > b ? a : b;
}
inline double smaller(double a, double b) {
  return a < b ? a : b;
}

// (x - lo) / (hi - lo); 0.5 where there is no range or none is known.
inline double position_in(double x, double lo, double hi) {
  const double range = hi - lo;
  const double position = (x - lo) / (range > 0 ? range : 1.0);
  return range > 0 ? position : 0.5;
}

template <int kIn, int kMade, int kOut, class Arithmetic>
void over_bars(const Entry& e, const Frame& f, Arithmetic arithmetic) {
  const double* in[kIn];
  double* made[kMade > 0 ? kMade : 1];
  double* out[kOut > 0 ? kOut : 1];
  for (int j = 0; j < kIn; ++j) in[j] = e.in[j] + f.pos;
  for (int j = 0; j < kMade; ++j) made[j] = e.made[j] + f.pos;
  for (int j = 0; j < kOut; ++j) out[j] = f.at(e.out[j]);
  const double k0 = e.k[0], k1 = e.k[1];
  HFTSIM_INDEPENDENT
  for (int i = 0; i < f.n; ++i) {
    Values<kIn, kMade, kOut> v;
    for (int j = 0; j < kIn; ++j) v.in[j] = in[j][i];
    v.k[0] = k0;
    v.k[1] = k1;
    arithmetic(v);
    for (int j = 0; j < kMade; ++j) made[j][i] = v.made[j];
    for (int j = 0; j < kOut; ++j) out[j][i] = v.out[j];
  }
}

// kAll: somebody asked for every output.
template <bool kAll, int kIn, int kMade, int kOut, class Arithmetic>
[[gnu::always_inline]] inline void over_windows(const Node& node, const Frame& f, Arithmetic arithmetic) {
  const std::size_t pos = f.pos;
  double* const row = f.out;
  const Entry* e = node.first;
  do {
    Values<kIn, kMade, kOut> v;
    for (int j = 0; j < kIn; ++j) v.in[j] = e->in[j][pos];
    v.k[0] = e->k[0];
    v.k[1] = e->k[1];
    arithmetic(v);
    for (int j = 0; j < kMade; ++j) e->made[j][pos] = v.made[j];
    for (int j = 0; j < kOut; ++j) *(kAll ? row + e->out[j] : f.at(e->out[j])) = v.out[j];
  } while (++e != node.past);
}

template <bool kSingle, int kIn, int kMade, int kOut, class Arithmetic>
[[gnu::always_inline]] inline void pointwise(const Node& node, const Frame& f, Arithmetic arithmetic) {
  if constexpr (kSingle) {
    if (node.outputs >= kOut) {
      over_windows<true, kIn, kMade, kOut>(node, f, arithmetic);
    } else {
      over_windows<false, kIn, kMade, kOut>(node, f, arithmetic);
    }
  } else {
    for (const Entry& e : entries_of(node)) over_bars<kIn, kMade, kOut>(e, f, arithmetic);
  }
}
