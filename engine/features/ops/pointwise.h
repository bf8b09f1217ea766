// How an operator without memory runs. Its arithmetic sees one value of each input and gives one of each
// result; here it goes over the bars of a block, one window after the other, or over the windows of a single
// bar, four side by side. Part of kernels_isa.cpp.
#pragma once

// What the arithmetic of one operator reads (in, k) and writes (made, out): doubles, or four at once.
template <class Double, int kIn, int kMade, int kOut>
struct Values {
  Double in[kIn];
  Double k[2];
  Double made[kMade > 0 ? kMade : 1];
  Double out[kOut > 0 ? kOut : 1];
};

HFTSIM_INLINE inline double absolute(double x) {
  return __builtin_fabs(x);
}
HFTSIM_INLINE inline double root(double x) {
  return __builtin_sqrt(x);
}
// Where either is NaN the second one is returned.
template <class Double>
HFTSIM_INLINE inline Double larger(Double a, Double b) {
  return select(a > b, a, b);
}
template <class Double>
HFTSIM_INLINE inline Double smaller(Double a, Double b) {
  return select(a < b, a, b);
}

// (x - lo) / (hi - lo); 0.5 where there is no range or none is known.
template <class Double>
HFTSIM_INLINE inline Double position_in(Double x, Double lo, Double hi) {
  const Double range = hi - lo;
  const Double position = (x - lo) / select(range > 0.0, range, 1.0);
  return select(range > 0.0, position, 0.5);
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
    Values<double, kIn, kMade, kOut> v;
    for (int j = 0; j < kIn; ++j) v.in[j] = in[j][i];
    v.k[0] = k0;
    v.k[1] = k1;
    arithmetic(v);
    for (int j = 0; j < kMade; ++j) made[j][i] = v.made[j];
    for (int j = 0; j < kOut; ++j) out[j][i] = v.out[j];
  }
}

template <int kIn, int kMade, int kOut, class Arithmetic>
HFTSIM_INLINE inline void over_entries(const Node& node, const Frame& f, Arithmetic arithmetic) {
  for (const Entry& e : entries_of(node)) {
    Values<double, kIn, kMade, kOut> v;
    for (int j = 0; j < kIn; ++j) v.in[j] = e.in[j][f.pos];
    v.k[0] = e.k[0];
    v.k[1] = e.k[1];
    arithmetic(v);
    for (int j = 0; j < kMade; ++j) e.made[j][f.pos] = v.made[j];
    for (int j = 0; j < kOut; ++j) f.out[e.out[j]] = v.out[j];
  }
}

template <int kLanes, int kIn, int kMade, int kOut, class Arithmetic>
HFTSIM_INLINE inline void over_lanes(const Quad& q, const Frame& f, Arithmetic arithmetic) {
  Values<Doubles4, kIn, kMade, kOut> v;
  for (int j = 0; j < kIn; ++j) v.in[j] = gather<kLanes>(q.in[j], f.now());
  v.k[0] = Doubles4::load(q.k[0]);
  v.k[1] = Doubles4::load(q.k[1]);
  arithmetic(v);
  for (int j = 0; j < kMade; ++j) scatter<kLanes>(v.made[j], q.made[j], f.pos);
  for (int j = 0; j < kOut; ++j) scatter<kLanes>(v.out[j], f.out, q.out[j]);
}

template <int kIn, int kMade, int kOut, class Arithmetic>
HFTSIM_INLINE inline void over_quads(const Node& node, const Frame& f, Arithmetic arithmetic) {
  for (const Quad* q = node.quads; q != node.quads_past; ++q) {
    if (q->lanes == 3) {
      over_lanes<3, kIn, kMade, kOut>(*q, f, arithmetic);
    } else {
      over_lanes<4, kIn, kMade, kOut>(*q, f, arithmetic);
    }
  }
}

template <bool kSingle, int kIn, int kMade, int kOut, class Arithmetic>
HFTSIM_INLINE inline void pointwise(const Node& node, const Frame& f, Arithmetic arithmetic) {
  if constexpr (!kSingle) {
    for (const Entry& e : entries_of(node)) over_bars<kIn, kMade, kOut>(e, f, arithmetic);
  } else if (node.quads == node.quads_past) {
    over_entries<kIn, kMade, kOut>(node, f, arithmetic);
  } else {
    over_quads<kIn, kMade, kOut>(node, f, arithmetic);
  }
}
