// How large a position a signal asks for. A sizer turns confidence into an order's QuantityRule; the venue
// works the quantity out at the fill price.
//
//   fixed_quantity     `quantity`, whatever the confidence
//   fixed_fraction     weight = min(position_size * confidence, max_position)
//   volatility_target  fixed_fraction's weight * min(1, volatility_limit / volatility); unscaled while the
//                      volatility is unknown (NaN) or 0
//   kelly              weight = kelly_multiple * Kelly fraction of the round trips so far, clipped to
//                      [0, max_position], whatever the confidence (Kelly 1956; Thorp 2006 on fractions of
//                      it). fixed_fraction until there are kelly_min_round_trips with a winner and a loser
//                      among them. A fraction of 0 or less gives weight 0: nothing more is opened.
#pragma once

#include <limits>
#include <memory>
#include <span>
#include <string>

#include "engine/core/units.h"
#include "engine/execution/order.h"
#include "engine/portfolio/round_trips.h"

namespace hftsim {

struct SizerConfig {
  std::string name = "fixed_fraction";
  double position_size = 0.3;   // fraction of equity at confidence 1
  double max_position = 0.3;    // largest fraction of equity
  Quantity quantity{0};         // fixed_quantity
  double volatility_limit = 0;  // volatility_target: annualised, a fraction
  double kelly_multiple = 0.5;
  std::uint64_t kelly_min_round_trips = 20;
};

struct SizingInputs {
  double volatility = std::numeric_limits<double>::quiet_NaN();  // annualised, a fraction; NaN: unknown
  const RoundTripStats* round_trips = nullptr;                   // null: none yet
};

// A magnitude: the caller gives the weight its sign for a short.
struct SizeDecision {
  QuantityRule rule = QuantityRule::target_weight;
  TargetWeight weight;   // rule target_weight
  Quantity quantity{0};  // rule fixed
};

class Sizer {
 public:
  virtual ~Sizer() = default;
  virtual SizeDecision size(double confidence, const SizingInputs& inputs) const = 0;
};

// Throws BadInput with the nearest known names, or with the key whose value is out of range.
std::unique_ptr<Sizer> make_sizer(const SizerConfig& config);

std::span<const std::string> sizer_names();

}  // namespace hftsim
