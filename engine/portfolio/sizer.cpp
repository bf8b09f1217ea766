#include "engine/portfolio/sizer.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/core/errors.h"
#include "engine/core/nearest_name.h"

namespace hftsim {
namespace {

class FixedQuantity final : public Sizer {
 public:
  explicit FixedQuantity(Quantity quantity) : quantity_(quantity) {}
  SizeDecision size(double, const SizingInputs&) const override {
    return {QuantityRule::fixed, {}, quantity_};
  }

 private:
  Quantity quantity_;
};

class FixedFraction : public Sizer {
 public:
  explicit FixedFraction(const SizerConfig& config)
      : position_size_(config.position_size), max_position_(config.max_position) {}
  SizeDecision size(double confidence, const SizingInputs& inputs) const override {
    return {QuantityRule::target_weight, weight(confidence, inputs), Quantity(0)};
  }

 protected:
  virtual TargetWeight weight(double confidence, const SizingInputs&) const {
    return {position_size_, confidence, max_position_};
  }
  double max_position() const { return max_position_; }

 private:
  double position_size_;
  double max_position_;
};

class VolatilityTarget final : public FixedFraction {
 public:
  explicit VolatilityTarget(const SizerConfig& config)
      : FixedFraction(config), volatility_limit_(config.volatility_limit) {}

 protected:
  TargetWeight weight(double confidence, const SizingInputs& inputs) const override {
    const double scale = inputs.volatility > 0 ? std::min(1.0, volatility_limit_ / inputs.volatility) : 1.0;
    return {FixedFraction::weight(confidence, inputs).value(), scale};
  }

 private:
  double volatility_limit_;
};

class KellySizer final : public FixedFraction {
 public:
  explicit KellySizer(const SizerConfig& config)
      : FixedFraction(config), multiple_(config.kelly_multiple), min_trips_(config.kelly_min_round_trips) {}

 protected:
  TargetWeight weight(double confidence, const SizingInputs& inputs) const override {
    const bool enough = inputs.round_trips != nullptr && inputs.round_trips->count() >= min_trips_;
    const std::optional<double> fraction = enough ? inputs.round_trips->kelly_fraction() : std::nullopt;
    if (!fraction) return FixedFraction::weight(confidence, inputs);
    return {std::clamp(multiple_ * *fraction, 0.0, max_position())};
  }

 private:
  double multiple_;
  std::uint64_t min_trips_;
};

const std::array<std::string, 4> kNames{"fixed_quantity", "fixed_fraction", "volatility_target", "kelly"};

void require_positive(const char* key, double value) {
  if (std::isfinite(value) && value > 0) return;
  throw BadInput(key, std::to_string(value), "a finite number above 0");
}

}  // namespace

std::span<const std::string> sizer_names() {
  return kNames;
}

std::unique_ptr<Sizer> make_sizer(const SizerConfig& config) {
  if (config.name == "fixed_quantity") {
    require_positive("quantity", config.quantity.value);
    return std::make_unique<FixedQuantity>(config.quantity);
  }
  require_positive("position_size", config.position_size);
  require_positive("max_position", config.max_position);
  if (config.name == "fixed_fraction") return std::make_unique<FixedFraction>(config);
  if (config.name == "volatility_target") {
    require_positive("volatility_limit", config.volatility_limit);
    return std::make_unique<VolatilityTarget>(config);
  }
  if (config.name == "kelly") {
    require_positive("kelly_multiple", config.kelly_multiple);
    return std::make_unique<KellySizer>(config);
  }
  throw BadInput("sizer", config.name, "the name of a sizer" + did_you_mean(config.name, kNames));
}

}  // namespace hftsim
