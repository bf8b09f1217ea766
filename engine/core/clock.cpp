#include "engine/core/clock.h"

#include <ctime>

#include <chrono>
#include <cstdio>

namespace hftsim {

std::int64_t monotonic_ns() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * std::int64_t{1'000'000'000} + t.tv_nsec;
}

Timestamp wall_clock_now() {
  timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return Timestamp(t.tv_sec * std::int64_t{1'000'000'000} + t.tv_nsec);
}

std::string format_utc(Timestamp ts) {
  using namespace std::chrono;
  const sys_time<nanoseconds> time{nanoseconds(ts.value)};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  char text[64];
  int length =
      std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d:%02d", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                    static_cast<int>(clock.seconds().count()));
  const auto fraction_ns = clock.subseconds().count();
  if (fraction_ns != 0) {
    length += std::snprintf(text + length, sizeof text - static_cast<std::size_t>(length), ".%09lld",
                            static_cast<long long>(fraction_ns));
    while (text[length - 1] == '0') --length;
  }
  return std::string(text, static_cast<std::size_t>(length));
}

}  // namespace hftsim
