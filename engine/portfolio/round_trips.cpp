#include "engine/portfolio/round_trips.h"

#include <algorithm>
#include <cmath>

namespace hftsim {
namespace {

std::optional<Money> mean_of(Money sum, std::uint64_t count) {
  if (count == 0) return std::nullopt;
  return sum / static_cast<double>(count);
}

}  // namespace

void RoundTripStats::add(const RoundTrip& round_trip) {
  const Money net = round_trip.net();
  ++count_;
  gross_ += round_trip.gross;
  fees_ += round_trip.fees;
  bars_held_ += round_trip.bars_held;
  seconds_held_ += static_cast<double>((round_trip.closed - round_trip.opened).value) / 1e9;
  if (net.value > 0) {
    ++winners_;
    wins_ += net;
    largest_win_ = std::max(largest_win_, net);
  } else if (net.value < 0) {
    ++losers_;
    losses_ += net;
    largest_loss_ = std::min(largest_loss_, net);
  }
  const double deviation = net.value - mean_;
  mean_ += deviation / static_cast<double>(count_);
  squares_ += deviation * (net.value - mean_);
}

std::optional<double> RoundTripStats::win_rate() const {
  if (count_ == 0) return std::nullopt;
  return static_cast<double>(winners_) / static_cast<double>(count_);
}

std::optional<Money> RoundTripStats::average_win() const {
  return mean_of(wins_, winners_);
}

std::optional<Money> RoundTripStats::average_loss() const {
  return mean_of(losses_, losers_);
}

std::optional<Money> RoundTripStats::largest_win() const {
  if (winners_ == 0) return std::nullopt;
  return largest_win_;
}

std::optional<Money> RoundTripStats::largest_loss() const {
  if (losers_ == 0) return std::nullopt;
  return largest_loss_;
}

std::optional<double> RoundTripStats::win_loss_ratio() const {
  if (winners_ == 0 || losers_ == 0) return std::nullopt;
  return *average_win() / -*average_loss();
}

std::optional<double> RoundTripStats::profit_factor() const {
  if (losers_ == 0) return std::nullopt;
  return wins_ / -losses_;
}

std::optional<Money> RoundTripStats::expectancy() const {
  if (count_ == 0) return std::nullopt;
  return Money(mean_);
}

std::optional<double> RoundTripStats::sqn() const {
  if (count_ < 2 || squares_ <= 0) return std::nullopt;
  const double n = static_cast<double>(count_);
  return std::sqrt(n) * mean_ / std::sqrt(squares_ / (n - 1));
}

std::optional<double> RoundTripStats::kelly_fraction() const {
  const std::optional<double> ratio = win_loss_ratio();
  if (!ratio) return std::nullopt;
  return *win_rate() - (1 - *win_rate()) / *ratio;
}

std::optional<double> RoundTripStats::average_bars_held() const {
  if (count_ == 0) return std::nullopt;
  return static_cast<double>(bars_held_) / static_cast<double>(count_);
}

std::optional<double> RoundTripStats::average_seconds_held() const {
  if (count_ == 0) return std::nullopt;
  return seconds_held_ / static_cast<double>(count_);
}

}  // namespace hftsim
