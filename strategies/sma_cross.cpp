#include "strategies/sma_cross.h"

#include <utility>

#include "engine/core/errors.h"
#include "strategies/opinion.h"

namespace hftsim {
namespace {

constexpr double kLongestWindow = 100'000;

std::string sma_name(std::int64_t window) {
  return "sma_" + std::to_string(window);
}

const std::vector<ParamField<SmaCrossParams>>& fields() {
  using P = SmaCrossParams;
  static const std::vector<ParamField<P>> all = {
      {&P::fast, "fast", 1, kLongestWindow, "window of the fast mean in bars; 1 is the close itself"},
      {&P::slow, "slow", 2, kLongestWindow, "window of the slow mean in bars"},
      {&P::sell_is_short, "short", 0, 1, "a cross below opens a short position instead of going flat"},
  };
  return all;
}

void check(const StrategyParams& resolved, const std::string& place) {
  const std::int64_t fast = std::get<std::int64_t>(resolved.at("fast"));
  const std::int64_t slow = std::get<std::int64_t>(resolved.at("slow"));
  if (fast < slow) return;
  throw BadInput(place + ".fast", to_text(fast), "less than slow = " + to_text(slow));
}

}  // namespace

std::vector<std::string> SmaCross::features() const {
  if (params_.fast == 1) return {sma_name(params_.slow)};
  return {sma_name(params_.fast), sma_name(params_.slow)};
}

void SmaCross::start(const FeatureLookup& lookup, std::span<const Instrument> instruments) {
  if (params_.fast > 1) fast_ = lookup.slot(sma_name(params_.fast));
  slow_ = lookup.slot(sma_name(params_.slow));
  previous_.assign(instruments.size(), Order::unknown);
}

Signal SmaCross::decide(const StrategyContext& context) {
  const double fast = params_.fast == 1 ? context.bar().close : context.feature(fast_);
  const double slow = context.feature(slow_);
  if (!all_known({fast, slow})) return {};

  const Order now = fast > slow ? Order::above : fast < slow ? Order::below : Order::equal;
  const Order before = std::exchange(previous_[context.instrument()], now);
  if (before == Order::unknown || before == now || now == Order::equal) return {};
  if (context.order_pending()) return {};
  return opinion(now == Order::above ? SignalSide::buy : SignalSide::sell, 1);
}

StrategyDefinition sma_cross_definition() {
  return {{"sma_cross", "long while a fast mean of the close is above a slow one", specs_of(fields())},
          [](const StrategyParams& resolved) {
            return std::make_unique<SmaCross>(read_params(fields(), resolved));
          },
          check};
}

}  // namespace hftsim
