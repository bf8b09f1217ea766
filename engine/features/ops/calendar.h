// Hour and weekday of the bar's opening time, UTC, and their place on the circle. Part of kernels_isa.cpp.
#pragma once

// sin and cos of 2 pi k / 24 and 2 pi k / 7, written out: the C library's differ between machines.
inline constexpr double kHourSin[24] = {
    0.0,
    0.25881904510252074,
    0.5,
    0.7071067811865476,
    0.8660254037844386,
    0.9659258262890683,
    1.0,
    0.9659258262890683,
    0.8660254037844386,
    0.7071067811865476,
    0.5,
    0.25881904510252074,
    0.0,
    -0.25881904510252074,
    -0.5,
    -0.7071067811865476,
    -0.8660254037844386,
    -0.9659258262890683,
    -1.0,
    -0.9659258262890683,
    -0.8660254037844386,
    -0.7071067811865476,
    -0.5,
    -0.25881904510252074,
};
inline constexpr double kHourCos[24] = {
    1.0,
    0.9659258262890683,
    0.8660254037844386,
    0.7071067811865476,
    0.5,
    0.25881904510252074,
    0.0,
    -0.25881904510252074,
    -0.5,
    -0.7071067811865476,
    -0.8660254037844386,
    -0.9659258262890683,
    -1.0,
    -0.9659258262890683,
    -0.8660254037844386,
    -0.7071067811865476,
    -0.5,
    -0.25881904510252074,
    0.0,
    0.25881904510252074,
    0.5,
    0.7071067811865476,
    0.8660254037844386,
    0.9659258262890683,
};
inline constexpr double kDaySin[7] = {
    0.0,
    0.7818314824680298,
    0.9749279121818236,
    0.4338837391175581,
    -0.4338837391175581,
    -0.9749279121818236,
    -0.7818314824680298,
};
inline constexpr double kDayCos[7] = {
    1.0,
    0.6234898018587335,
    -0.2225209339563144,
    -0.9009688679024191,
    -0.9009688679024191,
    -0.2225209339563144,
    0.6234898018587335,
};
inline constexpr std::int64_t kHourNs = 3'600'000'000'000;

inline std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

// calendar: opening times -> hour, hour_sin, hour_cos, day_of_week, day_sin, day_cos, is_weekend. Monday = 0.
// Neighbouring bars mostly share their hour, so whole runs are filled at once.
template <bool kSingle>
void calendar(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  const Entry& e = node.entries[0];
  double* __restrict column[7];
  for (int k = 0; k < 7; ++k) column[k] = f.at(e.out[k]);
  for (int first = 0; first < n;) {
    const std::int64_t hours = floor_div(f.open_ns[first], kHourNs);
    const std::int64_t days = floor_div(hours, 24);
    const std::int64_t hour = hours - days * 24;
    const std::int64_t weekday = ((days + 3) % 7 + 7) % 7;  // 1970-01-01 was a Thursday
    const std::int64_t begin = hours * kHourNs, end = begin + kHourNs;
    int last = first + 1;
    while (last < n && f.open_ns[last] >= begin && f.open_ns[last] < end) ++last;
    const double value[7] = {static_cast<double>(hour),    kHourSin[hour],   kHourCos[hour],
                             static_cast<double>(weekday), kDaySin[weekday], kDayCos[weekday],
                             weekday >= 5 ? 1.0 : 0.0};
    for (int k = 0; k < 7; ++k) {
      for (int i = first; i < last; ++i) column[k][i] = value[k];
    }
    first = last;
  }
}
