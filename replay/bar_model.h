// The stochastic model behind generated bars: parameters and random pieces. The defaults are set against
// one-minute BTC/USDT bars of January 2026.
//
//   log sd of a bar = level + day profile + slow part (all symbols) + fast part (each symbol's own)
//                     + a draw of this bar alone, which makes the tails fat (Clark 1973); both parts are
//                     AR(1), so that volatility clusters over minutes and over hours (Taylor 1986)
//   return          = sd * (market's normal and own normal, mixed by the correlation) + jump
//                     - pull towards the initial price
//   high, low       = extremes of a Brownian bridge from open to close, corrected for a path of few steps
//                     (Broadie, Glasserman, Kou 1997)
//   trades, volume  = lognormal around an activity that follows volatility, the size of the move, the day
//                     profile and an AR(1) of its own
//
// Not modelled: weekends, news at fixed times, bars without a trade, gaps, spread and book, drift.
#pragma once

#include "engine/core/rng.h"
#include "engine/core/units.h"

namespace hftsim {

// Standard deviations of a log are in natural-log units; spans of time hold whatever the bars' interval.
struct BarModel {
  double volatility = 4.9e-4;  // sd of the return of one minute, long-run
  double slow_volatility_sd = 0.42;
  Duration slow_half_life{240 * kMinute.value};
  double fast_volatility_sd = 0.38;
  Duration fast_half_life{8 * kMinute.value};
  double bar_volatility_sd = 0.40;
  double leverage = -0.05;     // correlation of a return with the fast part's next shock
  double day_profile = 1.0;    // scales the profile of the day; 0: every hour alike
  double jumps_per_day = 1.5;  // of each symbol
  double jump_size = 5.0;      // sd of a jump in sds of a minute
  double price_spread = 0.35;  // long-run sd of the log price around its start
  double correlation = 0.6;    // of two symbols' returns, before fat tails and jumps
  double activity_sd = 0.45;   // of the log of trading that volatility does not explain
  Duration activity_half_life{30 * kMinute.value};
  double trades_sd = 0.25;  // per bar, of the log of the trade count
  double size_sd = 0.65;    // per bar, of the log of the mean trade size
};

// e^x to within x^2 / 512 for |x| < 10, as compound growth: nine roundings instead of an exponential.
inline double compound(double x) {
  double y = 1 + x * (1.0 / 256);
  for (int i = 0; i < 8; ++i) y *= y;
  return y;
}

// Of mean 0 and variance 1, nearly normal, from one draw: the sum of four uniforms of 16 bits; within 3.47.
inline double cheap_normal(RandomStream& random) {
  constexpr double kMean = 4 * 65535 / 2.0;
  constexpr double kInverseSd = 1 / 37837.22717;  // 1 / sqrt(4 * (2^32 - 1) / 12)
  const std::uint64_t bits = random.next();
  const std::uint64_t sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48);
  return (static_cast<double>(static_cast<std::int64_t>(sum)) - kMean) * kInverseSd;
}

// An AR(1) of standard deviation `sd`, started in its stationary law.
class AutoregressivePath {
 public:
  AutoregressivePath(double sd, Duration half_life, Duration step, RandomStream& random);

  // `shock` of mean 0 and variance 1.
  void advance(double shock) { value_ = decay_ * value_ + shock_scale_ * shock; }
  double value() const { return value_; }

 private:
  double decay_;
  double shock_scale_;
  double value_;
};

// How the hour of the day moves the logs of volatility and of activity: a market that never closes, quiet in
// the small hours UTC and busiest when New York opens. Mean about 0; straight lines between the hours.
struct DayProfile {
  double log_volatility;
  double log_activity;
};
DayProfile day_profile_at(std::int64_t ns_of_day);  // 0 <= ns_of_day < one day, UTC

// Mean of e^(2 * log_volatility * scale) over the day, for setting the level.
double day_profile_mean_variance(double scale);

}  // namespace hftsim
