#include "replay/bar_generator.h"

#include <algorithm>
#include <cmath>

namespace hftsim {
namespace {

// The random stream stays in registers only where everything that draws from it is inlined.
#define HFTSIM_LEAF [[gnu::always_inline]] inline

constexpr double kTicksPerUnit = 100;     // a price is ticks / 100, which rounds once, as reading "0.01" does
constexpr double kLotsPerUnit = 100'000;  // of volume
constexpr double kReturnMax = 0.2;        // of one bar
constexpr double kLotsMax = 1e15;         // of one bar

// Steps of the path within a bar, 8, make its extremes lower than a continuous path's by 0.5826 / sqrt(8) sds.
constexpr double kExtremeShift = 0.5826 * 0.35355339059327376;

// How the log of trading follows that of volatility, and the size of the move.
constexpr double kActivityPerVolatility = 0.8;
constexpr double kActivityPerMove = 0.35;

// To the nearest integer, even on ties; |x| < 2^51.
HFTSIM_LEAF double round_to_integer(double x) {
  constexpr double kRound = 0x1.8p52;
  return (x + kRound) - kRound;
}

// std::clamp by value, which compiles to two instructions without a branch.
HFTSIM_LEAF double limited(double x, double low, double high) {
  return std::min(std::max(x, low), high);
}

HFTSIM_LEAF double square(double x) {
  return x * x;
}

BarGeneratorOptions checked(BarGeneratorOptions options) {
  options.check();
  return options;
}

// Makes the mean variance of a bar what the model asks for.
double base_volatility(const BarModel& model, double minutes_per_bar) {
  const double variance_of_log =
      square(model.slow_volatility_sd) + square(model.fast_volatility_sd) + square(model.bar_volatility_sd);
  return model.volatility * std::sqrt(minutes_per_bar / day_profile_mean_variance(model.day_profile)) *
         exact_exp(-variance_of_log);
}

// How far the extreme of the path goes beyond both its ends, on one side.
HFTSIM_LEAF double draw_excess(double log_return, double volatility, RandomStream& random) {
  const double size = std::fabs(log_return);
  const double reach = std::sqrt(square(size) + 2 * square(volatility) * random.exponential());
  return limited((reach - size) / 2 - kExtremeShift * volatility, 0, kReturnMax);
}

// Half of the bars open at the last close, the others a tick beside it.
HFTSIM_LEAF double draw_open_ticks(double last_close_ticks, RandomStream& random) {
  constexpr double kSteps[] = {0, 0, 1, -1};
  const double step = kSteps[random.next() >> 62];
  return std::max(last_close_ticks + step, 1.0);
}

// e^x for |x| <= kReturnMax, to 1e-6.
HFTSIM_LEAF double small_exp(double x) {
  return 1 + x * (1 + x * (0.5 + x * (1.0 / 6 + x * (1.0 / 24))));
}

HFTSIM_LEAF std::uint32_t draw_trades(double median, double log_activity, double sd, RandomStream& random) {
  const double trades = median * compound(limited(log_activity + sd * cheap_normal(random), -8.0, 8.0));
  return static_cast<std::uint32_t>(limited(trades, 1.0, 4e9));
}

HFTSIM_LEAF double draw_volume(double lots_per_trade, std::uint32_t trades, double sd, RandomStream& random) {
  const double lots = lots_per_trade * trades * compound(sd * cheap_normal(random));
  return round_to_integer(limited(lots, 1.0, kLotsMax)) / kLotsPerUnit;
}

}  // namespace

BarGenerator::BarGenerator(BarGeneratorOptions options)
    : options_(checked(std::move(options))), market_(make_market(options_)) {
  const BarModel& model = options_.model;
  const double minutes = options_.minutes_per_bar();
  base_volatility_ = base_volatility(model, minutes);
  const double jumps_per_bar = model.jumps_per_day * minutes / 1440;
  jump_probability_ = jumps_per_bar;
  // Where a bar has several they come as their sum.
  jump_sd_ = model.jump_size * std::sqrt(std::max(jumps_per_bar, 1.0) / minutes);
  market_weight_ = std::sqrt(model.correlation);
  own_weight_ = std::sqrt(1 - model.correlation);
  fast_weight_ = std::sqrt(1 - square(model.leverage));
  // With this pull an Ornstein-Uhlenbeck process has the spread asked for.
  pull_ = square(model.volatility) * minutes / (2 * square(model.price_spread));
  for (const GeneratedSymbol& symbol : options_.symbols) {
    symbols_.push_back(make_symbol(symbol));
    instruments_.push_back({.symbol = symbol.name,
                            .tick_size = kTickSize,
                            .lot_size = kLotSize,
                            .bar_interval = options_.interval});
  }
}

BarGenerator::Market BarGenerator::make_market(const BarGeneratorOptions& options) {
  RandomStream random(options.seed, "generate/market");
  const BarModel& model = options.model;
  const AutoregressivePath slow(model.slow_volatility_sd, model.slow_half_life, options.interval, random);
  return {.random = random, .slow_volatility = slow};
}

BarGenerator::Symbol BarGenerator::make_symbol(const GeneratedSymbol& options) const {
  const BarModel& model = options_.model;
  RandomStream random(options_.seed, "generate/symbol/" + options.name);
  const AutoregressivePath fast(model.fast_volatility_sd, model.fast_half_life, options_.interval, random);
  const AutoregressivePath activity(model.activity_sd, model.activity_half_life, options_.interval, random);
  return {.random = random,
          .fast_volatility = fast,
          .activity = activity,
          .price = options.initial_price,
          .log_price = 0,
          .close_ticks = round_to_integer(options.initial_price * kTicksPerUnit),
          .trades_median = options.trades_per_minute * options_.minutes_per_bar(),
          .lots_per_trade = options.volume_per_minute / options.trades_per_minute * kLotsPerUnit};
}

std::size_t BarGenerator::read(std::span<Event> out) {
  std::size_t count = 0;
  while (count < out.size() && bar_ < options_.bars) {
    if (next_symbol_ == 0) advance_market();
    out[count++] = next_bar();
    if (++next_symbol_ == symbols_.size()) {
      next_symbol_ = 0;
      ++bar_;
    }
  }
  return count;
}

void BarGenerator::advance_market() {
  const DayProfile profile =
      day_profile_at(options_.start.value + static_cast<std::int64_t>(bar_) * options_.interval.value);
  RandomStream& random = market_.random;
  market_.slow_volatility.advance(cheap_normal(random));
  market_.shock = (cheap_normal(random) + cheap_normal(random)) * 0.70710678118654752;
  market_.log_volatility =
      market_.slow_volatility.value() + options_.model.day_profile * profile.log_volatility;
  market_.log_activity = options_.model.day_profile * profile.log_activity;
}

inline BarGenerator::Move BarGenerator::draw_move(Symbol& symbol, RandomStream& random) const {
  const BarModel& model = options_.model;
  const double log_volatility = market_.log_volatility + symbol.fast_volatility.value() +
                                model.bar_volatility_sd * cheap_normal(random);
  const double volatility = base_volatility_ * compound(log_volatility);
  const double shock = market_weight_ * market_.shock + own_weight_ * random.normal();
  double moved = shock;  // in sds
  if (random.uniform() < jump_probability_) moved += jump_sd_ * random.normal();
  symbol.fast_volatility.advance(model.leverage * shock + fast_weight_ * cheap_normal(random));
  symbol.activity.advance(cheap_normal(random));
  const double log_activity = market_.log_activity + symbol.activity.value() +
                              kActivityPerVolatility * log_volatility +
                              kActivityPerMove * (std::min(std::fabs(moved), 5.0) - 0.8);
  const double log_return = volatility * moved - pull_ * symbol.log_price;
  return {limited(log_return, -kReturnMax, kReturnMax), volatility, log_activity};
}

Event BarGenerator::next_bar() {
  Symbol& symbol = symbols_[next_symbol_];
  RandomStream random = symbol.random;  // in registers for the length of a bar
  const Move move = draw_move(symbol, random);
  symbol.log_price += move.log_return;
  symbol.price *= small_exp(move.log_return);

  const double open = draw_open_ticks(symbol.close_ticks, random);
  const double close = std::max(round_to_integer(symbol.price * kTicksPerUnit), 1.0);
  const double above = draw_excess(move.log_return, move.volatility, random);
  const double below = draw_excess(move.log_return, move.volatility, random);
  const double high = round_to_integer(std::max(open, close) * (1 + above));
  const double low = std::max(round_to_integer(std::min(open, close) * (1 - below)), 1.0);
  symbol.close_ticks = close;

  const std::uint32_t trades =
      draw_trades(symbol.trades_median, move.log_activity, options_.model.trades_sd, random);
  const double volume = draw_volume(symbol.lots_per_trade, trades, options_.model.size_sd, random);
  symbol.random = random;

  const Timestamp close_ts(options_.start.value +
                           static_cast<std::int64_t>(bar_ + 1) * options_.interval.value);
  const BarBody body{open / kTicksPerUnit, high / kTicksPerUnit, low / kTicksPerUnit, close / kTicksPerUnit,
                     volume};
  return make_bar(close_ts, static_cast<InstrumentId>(next_symbol_), body, trades);
}

}  // namespace hftsim
