#include "replay/market_path.h"

namespace hftsim {

MarketPath::MarketPath(const BarGeneratorOptions& options)
    : random_(options.seed, "generate/market"),
      slow_volatility_(options.model.slow_volatility_sd, options.model.slow_half_life, options.interval,
                       random_),
      day_profile_scale_(options.model.day_profile),
      interval_ns_(options.interval.value),
      open_ns_of_day_(options.start.value % kDay.value) {}

void MarketPath::advance(std::size_t count) {
  constexpr double kInverseSqrt2 = 0.70710678118654752;
  RandomStream random = random_;  // in registers for the length of a batch
  for (std::size_t i = 0; i < count; ++i) {
    const DayProfile profile = day_profile_at(open_ns_of_day_);
    slow_volatility_.advance(cheap_normal(random));
    columns_.shock[i] = (cheap_normal(random) + cheap_normal(random)) * kInverseSqrt2;
    columns_.log_volatility[i] = slow_volatility_.value() + day_profile_scale_ * profile.log_volatility;
    columns_.log_activity[i] = day_profile_scale_ * profile.log_activity;
    open_ns_of_day_ += interval_ns_;
    if (open_ns_of_day_ >= kDay.value) open_ns_of_day_ -= kDay.value;
  }
  random_ = random;
}

}  // namespace hftsim
