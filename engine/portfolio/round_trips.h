// Running statistics over round trips, in a fixed amount of memory.
//
// The profit of a round trip is net of its fees throughout: that is what it left in the account. A winner has
// net > 0, a loser net < 0; one that broke exactly even counts as neither. What is undefined (no round trips,
// no losers, ...) is none.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/core/units.h"
#include "engine/portfolio/round_trip.h"

namespace hftsim {

class RoundTripStats {
 public:
  void add(const RoundTrip& round_trip);

  std::uint64_t count() const { return count_; }
  std::uint64_t winners() const { return winners_; }
  std::uint64_t losers() const { return losers_; }
  Money gross() const { return gross_; }  // sum before fees
  Money fees() const { return fees_; }
  Money net() const { return gross_ - fees_; }

  std::optional<double> win_rate() const;        // winners / count
  std::optional<Money> average_win() const;      // > 0
  std::optional<Money> average_loss() const;     // < 0
  std::optional<Money> largest_win() const;      // > 0
  std::optional<Money> largest_loss() const;     // < 0
  std::optional<double> win_loss_ratio() const;  // average win / |average loss|
  std::optional<double> profit_factor() const;   // sum of wins / |sum of losses|
  std::optional<Money> expectancy() const;       // mean profit per round trip

  // System quality number: sqrt(count) * mean / sample standard deviation of the profits (Van Tharp 2008,
  // with money in place of his multiples of the initial risk).
  std::optional<double> sqn() const;

  // win rate - (1 - win rate) / win-loss ratio (Kelly 1956); negative where the odds are against it.
  std::optional<double> kelly_fraction() const;

  std::optional<double> average_bars_held() const;
  std::optional<double> average_seconds_held() const;

 private:
  std::uint64_t count_ = 0;
  std::uint64_t winners_ = 0;
  std::uint64_t losers_ = 0;
  std::uint64_t bars_held_ = 0;
  double seconds_held_ = 0;
  Money gross_{0};
  Money fees_{0};
  Money wins_{0};
  Money losses_{0};  // <= 0
  Money largest_win_{0};
  Money largest_loss_{0};
  double mean_ = 0;     // Welford 1962
  double squares_ = 0;  // sum of squared deviations from the mean
};

}  // namespace hftsim
