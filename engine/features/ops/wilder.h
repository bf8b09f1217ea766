// Wilder's indicators (Wilder 1978): averages seeded with the plain mean of the first P values, then smoothed
// with 1/P. Part of kernels_isa.cpp.
#pragma once

// One step of a Wilder average whose first P values are summed up in it; `count` values came before.
inline double wilder_step(double average, double x, double count, double period) {
  if (count < period - 1.0) return average + x;
  if (count == period - 1.0) return (average + x) / period;
  return (average * (period - 1.0) + x) / period;
}

// rsi: close, close of the bar before, k[0] = P -> 0..100; 50 while nothing has moved. state = {gain, loss, changes so far}.
template <bool kSingle>
void rsi(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict c = e.in[0] + f.pos;
    const double* __restrict before = e.in[1] + f.pos;
    double* __restrict out = f.at(e.out[0]);
    const double period = e.k[0];
    double gain = e.state[0], loss = e.state[1], count = e.state[2];
    for (int i = 0; i < n; ++i) {
      const double change = c[i] - before[i];
      if (change != change) {
        out[i] = __builtin_nan("");
        continue;
      }
      gain = wilder_step(gain, change > 0 ? change : 0.0, count, period);
      loss = wilder_step(loss, change < 0 ? -change : 0.0, count, period);
      count += 1.0;
      const double index = gain + loss > 0 ? 100.0 * (gain / (gain + loss)) : 50.0;
      out[i] = count >= period ? index : __builtin_nan("");
    }
    e.state[0] = gain;
    e.state[1] = loss;
    e.state[2] = count;
  }
}

// wilder_average: value, close of the bar before, k[0] = P -> out[0]; counts from the second bar on. state = {average,
// values so far}.
template <bool kSingle>
void wilder_average(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict x = e.in[0] + f.pos;
    const double* __restrict before = e.in[1] + f.pos;
    double* __restrict out = f.at(e.out[0]);
    const double period = e.k[0];
    double average = e.state[0], count = e.state[1];
    for (int i = 0; i < n; ++i) {
      if (before[i] != before[i]) {
        out[i] = __builtin_nan("");
        continue;
      }
      average = wilder_step(average, x[i], count, period);
      count += 1.0;
      out[i] = count >= period ? average : __builtin_nan("");
    }
    e.state[0] = average;
    e.state[1] = count;
  }
}

// What the directional movement index carries: smoothed movements and range, the index, bars so far.
struct Directional {
  double plus, minus, range, adx, count;
};

// TA-Lib's smoothing of the movements: P - 1 values are summed, from then on sum - sum / P + value.
inline double directional_sum(double sum, double x, double count, double period) {
  return count < period - 1.0 ? sum + x : sum - sum / period + x;
}

// 100 * |+DI - -DI| / (+DI + -DI); NaN where nothing moved.
inline double directional_index(const Directional& s) {
  constexpr double kZero = 1e-14;
  if (s.range < kZero) return __builtin_nan("");
  const double plus = 100.0 * (s.plus / s.range), minus = 100.0 * (s.minus / s.range);
  if (plus + minus < kZero) return __builtin_nan("");
  return 100.0 * (absolute(minus - plus) / (plus + minus));
}

// One bar: `up` and `down` are how far the high and the low went beyond the bar before.
inline void directional_step(Directional& s, double up, double down, double range, double period) {
  s.plus = directional_sum(s.plus, up > 0 && up > down ? up : 0.0, s.count, period);
  s.minus = directional_sum(s.minus, down > 0 && up < down ? down : 0.0, s.count, period);
  s.range = directional_sum(s.range, range, s.count, period);
  s.count += 1.0;
  if (s.count < period) return;
  const double index = directional_index(s);
  const bool known = index == index;
  if (s.count < 2.0 * period) {  // the first P indices are averaged
    s.adx += known ? index : 0.0;
    if (s.count == 2.0 * period - 1.0) s.adx /= period;
  } else if (known) {
    s.adx = (s.adx * (period - 1.0) + index) / period;
  }
}

// adx: high, low, true range, k[0] = P -> out[0], known from bar 2P - 1 on, as in TA-Lib.
template <bool kSingle>
void adx(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  for (const Entry& e : entries_of(node)) {
    const double* __restrict hi = e.in[0] + f.pos;
    const double* __restrict lo = e.in[1] + f.pos;
    const double* __restrict range = e.in[2] + f.pos;
    const double* __restrict hi_before = hi - f.step;
    const double* __restrict lo_before = lo - f.step;
    double* __restrict out = f.at(e.out[0]);
    Directional s{e.state[0], e.state[1], e.state[2], e.state[3], e.state[4]};
    for (int i = 0; i < n; ++i) {
      const double up = hi[i] - hi_before[i], down = lo_before[i] - lo[i];
      if (up == up) directional_step(s, up, down, range[i], e.k[0]);
      out[i] = s.count >= 2.0 * e.k[0] - 1.0 ? s.adx : __builtin_nan("");
    }
    e.state[0] = s.plus;
    e.state[1] = s.minus;
    e.state[2] = s.range;
    e.state[3] = s.adx;
    e.state[4] = s.count;
  }
}
