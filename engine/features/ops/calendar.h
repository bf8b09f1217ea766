// Hour and weekday of the bar's opening time, UTC, and their place on the circle. Part of kernels_isa.cpp.
#pragma once

// sin(2 pi k / 24), and sin and cos of 2 pi k / 7, written out: the C library's differ between machines. The
// cosine of an hour is the sine six hours later.
// clang-format off
inline constexpr double kHourSin[24] = {
    0.0, 0.25881904510252074, 0.5, 0.7071067811865476,
    0.8660254037844386, 0.9659258262890683, 1.0, 0.9659258262890683,
    0.8660254037844386, 0.7071067811865476, 0.5, 0.25881904510252074,
    0.0, -0.25881904510252074, -0.5, -0.7071067811865476,
    -0.8660254037844386, -0.9659258262890683, -1.0, -0.9659258262890683,
    -0.8660254037844386, -0.7071067811865476, -0.5, -0.25881904510252074,
};
inline constexpr double kDaySin[7] = {
    0.0, 0.7818314824680298, 0.9749279121818236, 0.4338837391175581,
    -0.4338837391175581, -0.9749279121818236, -0.7818314824680298,
};
inline constexpr double kDayCos[7] = {
    1.0, 0.6234898018587335, -0.2225209339563144, -0.9009688679024191,
    -0.9009688679024191, -0.2225209339563144, 0.6234898018587335,
};
// clang-format on
inline constexpr std::int64_t kHourNs = 3'600'000'000'000;

inline std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

// The seven values of the hour that began `hours` after 1970, in the order of the outputs below.
inline void calendar_values(std::int64_t hours, double* value) {
  const std::int64_t days = floor_div(hours, 24);
  const std::int64_t hour = hours - days * 24;
  const std::int64_t weekday = ((days + 3) % 7 + 7) % 7;  // 1970-01-01 was a Thursday
  value[0] = static_cast<double>(hour);
  value[1] = kHourSin[hour];
  value[2] = kHourSin[(hour + 6) % 24];
  value[3] = static_cast<double>(weekday);
  value[4] = kDaySin[weekday];
  value[5] = kDayCos[weekday];
  value[6] = weekday >= 5 ? 1.0 : 0.0;
}
inline constexpr int kCalendarValues = 7;

// calendar: opening times -> hour, hour_sin, hour_cos, day_of_week, day_sin, day_cos, is_weekend. Monday = 0.
// Neighbouring bars mostly share their hour: state = {hour since 1970, its seven values}, and in a block whole
// runs are filled at once.
template <bool kSingle>
void calendar(const Node& node, const Frame& f) {
  const int n = kSingle ? 1 : f.n;
  const Entry& e = *node.first;
  for (int first = 0; first < n;) {
    const std::int64_t hours = floor_div(f.open_ns[first], kHourNs);
    if (static_cast<double>(hours) != e.state[0]) {
      e.state[0] = static_cast<double>(hours);
      calendar_values(hours, e.state + 1);
    }
    const std::int64_t begin = hours * kHourNs, end = begin + kHourNs;
    int past = first + 1;
    while (!kSingle && past < n && f.open_ns[past] >= begin && f.open_ns[past] < end) ++past;
    for (int k = 0; k < kCalendarValues; ++k) {
      double* __restrict column = f.at(e.out[k]);
      const double value = e.state[1 + k];
      for (int i = first; i < past; ++i) column[i] = value;
    }
    first = past;
  }
}
