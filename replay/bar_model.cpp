#include "replay/bar_model.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace hftsim {
namespace {

constexpr std::size_t kHours = 24;
constexpr std::int64_t kHourNs = 60 * kMinute.value;

constexpr std::array<double, kHours> kLogVolatility{0.15,  0.10, 0.00,  -0.15, -0.25, -0.27, -0.20, -0.12,
                                                    -0.05, 0.00, -0.07, -0.12, -0.08, 0.08,  0.32,  0.38,
                                                    0.30,  0.18, 0.10,  0.05,  0.02,  -0.07, -0.12, -0.05};
constexpr std::array<double, kHours> kLogActivity{0.12, 0.05, -0.05, -0.12, -0.18, -0.20, -0.10, 0.02,
                                                  0.02, 0.05, 0.02,  -0.05, -0.02, 0.10,  0.30,  0.32,
                                                  0.25, 0.12, 0.05,  -0.05, -0.07, -0.12, -0.20, -0.20};

double between(const std::array<double, kHours>& table, std::size_t hour, double part) {
  const double next = table[hour + 1 == kHours ? 0 : hour + 1];
  return table[hour] + part * (next - table[hour]);
}

}  // namespace

AutoregressivePath::AutoregressivePath(double sd, Duration half_life, Duration step, RandomStream& random) {
  constexpr double kLn2 = 0.693147180559945309;
  // Steps far longer than the half-life leave nothing of the past.
  const double half_lives =
      std::min(static_cast<double>(step.value) / static_cast<double>(half_life.value), 100.0);
  decay_ = exact_exp(-kLn2 * half_lives);
  shock_scale_ = sd * std::sqrt(1 - decay_ * decay_);
  value_ = sd * random.normal();
}

DayProfile day_profile_at(std::int64_t ns_of_day) {
  const auto hour = static_cast<std::size_t>(ns_of_day / kHourNs);
  const std::int64_t ns_of_hour = ns_of_day - static_cast<std::int64_t>(hour) * kHourNs;
  const double part = static_cast<double>(ns_of_hour) * (1.0 / static_cast<double>(kHourNs));
  return {between(kLogVolatility, hour, part), between(kLogActivity, hour, part)};
}

double day_profile_mean_variance(double scale) {
  double sum = 0;
  for (const double log_sd : kLogVolatility) sum += exact_exp(2 * scale * log_sd);
  return sum / kHours;
}

}  // namespace hftsim
