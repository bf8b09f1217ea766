// Changes over a number of bars. Part of kernels_isa.cpp.
//
// A relative change is taken as (x - x[W]) / x[W], which equals x / x[W] - 1 but for rounding and keeps full
// precision where both are close: their difference is then exact.
#pragma once

// return_1: close a -> h, out[0].
template <bool kSingle>
void return_1(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  const Entry& e = node.entries[0];
  const double* __restrict c = e.a + f.pos;
  double* __restrict h = e.h + f.pos;
  double* __restrict out = f.at(e.out[0]);
  HFTSIM_INDEPENDENT
  for (int i = 0; i < n; ++i) out[i] = h[i] = (c[i] - c[i - 1]) / c[i - 1];
}

// price_change: close a, window -> return, log return, momentum, momentum in per cent of the old close.
template <bool kSingle>
void price_change(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict c = e.a + f.pos;
    const double* __restrict old = e.a + f.pos - e.window;
    double* __restrict ret = f.at(e.out[0]);
    double* __restrict log_ret = f.at(e.out[1]);
    double* __restrict momentum = f.at(e.out[2]);
    double* __restrict momentum_pct = f.at(e.out[3]);
    HFTSIM_INDEPENDENT
    for (int i = 0; i < n; ++i) {
      const double change = c[i] - old[i];
      const double relative = change / old[i];
      ret[i] = relative;
      log_ret[i] = log_ratio(c[i], old[i], relative + 1.0);
      momentum[i] = change;
      momentum_pct[i] = relative;
    }
  }
}

// volume_change: volume a, window -> out[0].
template <bool kSingle>
void volume_change(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict v = e.a + f.pos;
    const double* __restrict old = e.a + f.pos - e.window;
    double* __restrict out = f.at(e.out[0]);
    HFTSIM_INDEPENDENT
    for (int i = 0; i < n; ++i) out[i] = (v[i] - old[i]) / old[i];
  }
}

// roc: close a, window -> rate of change in per cent.
template <bool kSingle>
void roc(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict c = e.a + f.pos;
    const double* __restrict old = e.a + f.pos - e.window;
    double* __restrict out = f.at(e.out[0]);
    HFTSIM_INDEPENDENT
    for (int i = 0; i < n; ++i) out[i] = (c[i] - old[i]) / old[i] * 100.0;
  }
}

// log_return_sq: close a -> square of the log return over one bar in h.
template <bool kSingle>
void log_return_sq(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  const Entry& e = node.entries[0];
  const double* __restrict c = e.a + f.pos;
  double* __restrict h = e.h + f.pos;
  HFTSIM_INDEPENDENT
  for (int i = 0; i < n; ++i) {
    const double r = log_ratio(c[i], c[i - 1], c[i] / c[i - 1]);
    h[i] = r * r;
  }
}

// illiquidity: return over one bar a, dollar volume b -> |return| / dollar volume in h (Amihud 2002).
template <bool kSingle>
void illiquidity(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  const Entry& e = node.entries[0];
  const double* __restrict r = e.a + f.pos;
  const double* __restrict dollars = e.b + f.pos;
  double* __restrict h = e.h + f.pos;
  HFTSIM_INDEPENDENT
  for (int i = 0; i < n; ++i) h[i] = absolute(r[i]) / dollars[i];
}
