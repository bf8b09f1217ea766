// What aggressors send during a bar: when, on which side, and in how many trades of which sizes, so that trades and
// volume add up to the bar's. At which prices is not decided here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "engine/core/rng.h"
#include "replay/bar_ticks.h"
#include "replay/exact_shares.h"
#include "replay/trade_model.h"

namespace hftsim {

struct AggressorOrder {
  std::int64_t ts_ns = 0;
  bool buys = false;
  std::size_t trades = 0;
  std::array<std::int64_t, trade_model::kOrderTradesMax> lots = {};

  std::span<const std::int64_t> sizes() const { return {lots.data(), trades}; }
};

class OrderFlow {
 public:
  // At least so many nanoseconds lie between two orders, before a bar's first and behind its last.
  static constexpr std::int64_t kGapMinNs = 16;

  // Streams are told apart by the name.
  OrderFlow(std::uint64_t seed, const std::string& name);

  // How many orders a bar has; at least bar.trades_min() where it has trades.
  static std::int64_t order_count(const BarTicks& bar, std::int64_t interval_ns);

  // The next bar, which has trades. Draws all of it once, for the sums of its weights.
  void start(const BarTicks& bar, std::int64_t open_ns, std::int64_t interval_ns);

  std::int64_t orders_left() const { return counts_.parts_left(); }
  void next(AggressorOrder& order);

 private:
  // A stream that gives its weights twice: once for their sum, once for the shares.
  struct Gaps {
    RandomStream random;
    AutoregressivePath pace;
    double draw();
  };

  static double draw_further_trades(RandomStream& random);
  static double draw_size(RandomStream& random);

  RandomStream sides_;
  RandomStream counts_random_, sizes_random_;
  Gaps gaps_random_;
  bool flow_buys_ = false;
  std::int64_t ts_ns_ = 0;
  ExactShares gaps_, counts_, lots_;
};

}  // namespace hftsim
