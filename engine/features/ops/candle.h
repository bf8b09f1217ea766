// The shape of one bar. Part of kernels_isa.cpp.
#pragma once

// candle: open a, close b, high c, low d -> body, body_pct, upper_wick, lower_wick, range, range_pct,
// body_range_ratio, is_bullish.
template <bool kSingle>
void candle(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  const Entry& e = node.entries[0];
  const double* __restrict o = e.a + f.pos;
  const double* __restrict c = e.b + f.pos;
  const double* __restrict hi = e.c + f.pos;
  const double* __restrict lo = e.d + f.pos;
  double* __restrict body = f.at(e.out[0]);
  double* __restrict body_pct = f.at(e.out[1]);
  double* __restrict upper_wick = f.at(e.out[2]);
  double* __restrict lower_wick = f.at(e.out[3]);
  HFTSIM_INDEPENDENT
  for (int i = 0; i < n; ++i) {
    const double d = c[i] - o[i];
    body[i] = d;
    body_pct[i] = d / o[i];
    upper_wick[i] = hi[i] - larger(o[i], c[i]);
    lower_wick[i] = smaller(o[i], c[i]) - lo[i];
  }
  double* __restrict range = f.at(e.out[4]);
  double* __restrict range_pct = f.at(e.out[5]);
  double* __restrict body_range_ratio = f.at(e.out[6]);
  double* __restrict is_bullish = f.at(e.out[7]);
  HFTSIM_INDEPENDENT
  for (int i = 0; i < n; ++i) {
    const double r = hi[i] - lo[i];
    const double ratio = absolute(c[i] - o[i]) / (r > 0 ? r : 1.0);
    range[i] = r;
    range_pct[i] = r / o[i];
    body_range_ratio[i] = r > 0 ? ratio : 0.0;
    is_bullish[i] = c[i] > o[i] ? 1.0 : 0.0;
  }
}
