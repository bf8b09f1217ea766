#include "replay/symbol_path.h"

#include <algorithm>
#include <cmath>

namespace hftsim {
namespace {

constexpr double kTicksPerUnit = 100;     // of price
constexpr double kLotsPerUnit = 100'000;  // of volume
constexpr double kReturnMax = 0.2;        // of one bar
constexpr double kLotsMax = 1e15;         // of one bar
constexpr double kTradesMax = 4e9;        // of one bar

// Steps of the path within a bar, 8, make its extremes lower than a continuous path's by 0.5826 / sqrt(8) sds.
constexpr double kExtremeShift = 0.5826 * 0.35355339059327376;

// How the log of trading follows that of volatility, and the size of the move.
constexpr double kActivityPerVolatility = 0.8;
constexpr double kActivityPerMove = 0.35;

// To the nearest integer, even on ties; |x| < 2^51.
double round_to_integer(double x) {
  constexpr double kRound = 0x1.8p52;
  return (x + kRound) - kRound;
}

// std::clamp by value, which compiles to two instructions without a branch.
double limited(double x, double low, double high) {
  return std::min(std::max(x, low), high);
}

double square(double x) {
  return x * x;
}

// Makes the mean variance of a bar what the model asks for.
double base_volatility(const BarModel& model, double minutes_per_bar) {
  const double variance_of_log =
      square(model.slow_volatility_sd) + square(model.fast_volatility_sd) + square(model.bar_volatility_sd);
  return model.volatility * std::sqrt(minutes_per_bar / day_profile_mean_variance(model.day_profile)) *
         exact_exp(-variance_of_log);
}

// How far the extreme of the path goes beyond both its ends, on one side; `uniform` in (0, 1].
double excess(double log_return, double volatility, double uniform) {
  const double size = std::fabs(log_return);
  const double reach = std::sqrt(square(size) + 2 * square(volatility) * -exact_log(uniform));
  return limited((reach - size) / 2 - kExtremeShift * volatility, 0, kReturnMax);
}

// From open to close by way of the high and the low.
double least_trades(double open, double high, double low, double close) {
  return 1.0 + (high > low ? 1.0 : 0.0) + (high > std::max(open, close) ? 1.0 : 0.0) +
         (low < std::min(open, close) ? 1.0 : 0.0);
}

// Half of the bars open at the last close, the others a tick beside it.
double draw_open_step(RandomStream& random) {
  constexpr double kSteps[] = {0, 0, 1, -1};
  return kSteps[random.next() >> 62];
}

// e^x for |x| <= kReturnMax, to 1e-6.
double small_exp(double x) {
  return 1 + x * (1 + x * (0.5 + x * (1.0 / 6 + x * (1.0 / 24))));
}

}  // namespace

SymbolPath::SymbolPath(const BarGeneratorOptions& options, const GeneratedSymbol& symbol)
    : model_(options.model),
      random_(options.seed, "generate/symbol/" + symbol.name),
      fast_volatility_(model_.fast_volatility_sd, model_.fast_half_life, options.interval, random_),
      activity_(model_.activity_sd, model_.activity_half_life, options.interval, random_),
      market_weight_(std::sqrt(model_.correlation)),
      own_weight_(std::sqrt(1 - model_.correlation)),
      fast_weight_(std::sqrt(1 - square(model_.leverage))),
      price_(symbol.initial_price),
      close_ticks_(round_to_integer(symbol.initial_price * kTicksPerUnit)),
      lots_per_trade_(symbol.volume_per_minute / symbol.trades_per_minute * kLotsPerUnit) {
  const double minutes = options.minutes_per_bar();
  base_volatility_ = base_volatility(model_, minutes);
  jump_probability_ = model_.jumps_per_day * minutes / 1440;
  // Where a bar has several they come as their sum.
  jump_sd_ = model_.jump_size * std::sqrt(std::max(jump_probability_, 1.0) / minutes);
  // With this pull an Ornstein-Uhlenbeck process has the spread asked for.
  pull_ = square(model_.volatility) * minutes / (2 * square(model_.price_spread));
  trades_median_ = symbol.trades_per_minute * minutes;
}

void SymbolPath::advance(const MarketColumns& market, std::size_t count, BarColumns& bars) {
  Columns columns;
  draw(market, count, columns);
  make_volatility(count, columns);
  make_closes(count, columns, bars);
  make_opens(count, columns, bars);
  make_extremes(count, columns, bars);
  make_trading(market, count, columns, bars);
}

// Everything random, bar by bar. The states are copied so that they stay in registers for a batch.
void SymbolPath::draw(const MarketColumns& market, std::size_t count, Columns& columns) {
  RandomStream random = random_;
  AutoregressivePath fast = fast_volatility_, activity = activity_;
  for (std::size_t i = 0; i < count; ++i) {
    columns.log_volatility[i] =
        market.log_volatility[i] + fast.value() + model_.bar_volatility_sd * cheap_normal(random);
    const double shock = market_weight_ * market.shock[i] + own_weight_ * random.normal();
    columns.moved[i] = shock;
    if (random.uniform() < jump_probability_) columns.moved[i] += jump_sd_ * random.normal();
    fast.advance(model_.leverage * shock + fast_weight_ * cheap_normal(random));
    activity.advance(cheap_normal(random));
    columns.log_activity[i] = activity.value();
    columns.open_step[i] = draw_open_step(random);
    columns.above[i] = 1 - random.uniform();
    columns.below[i] = 1 - random.uniform();
    columns.trades[i] = cheap_normal(random);
    columns.size[i] = cheap_normal(random);
  }
  random_ = random;
  fast_volatility_ = fast;
  activity_ = activity;
}

void SymbolPath::make_volatility(std::size_t count, Columns& columns) const {
  for (std::size_t i = 0; i < count; ++i)
    columns.volatility[i] = base_volatility_ * compound(columns.log_volatility[i]);
}

// Bar by bar: each begins where the last one ended.
void SymbolPath::make_closes(std::size_t count, Columns& columns, BarColumns& bars) {
  double price = price_, log_price = log_price_;
  for (std::size_t i = 0; i < count; ++i) {
    const double log_return =
        limited(columns.volatility[i] * columns.moved[i] - pull_ * log_price, -kReturnMax, kReturnMax);
    columns.log_return[i] = log_return;
    log_price += log_return;
    price *= small_exp(log_return);
    bars.close[i] = price;
  }
  price_ = price;
  log_price_ = log_price;
  for (std::size_t i = 0; i < count; ++i)
    bars.close[i] = std::max(round_to_integer(bars.close[i] * kTicksPerUnit), 1.0);
}

void SymbolPath::make_opens(std::size_t count, const Columns& columns, BarColumns& bars) {
  double last_close = close_ticks_;
  for (std::size_t i = 0; i < count; ++i) {
    bars.open[i] = std::max(last_close + columns.open_step[i], 1.0);
    last_close = bars.close[i];
  }
  close_ticks_ = last_close;
}

void SymbolPath::make_extremes(std::size_t count, Columns& columns, BarColumns& bars) const {
  for (std::size_t i = 0; i < count; ++i) {
    const double above = excess(columns.log_return[i], columns.volatility[i], columns.above[i]);
    const double below = excess(columns.log_return[i], columns.volatility[i], columns.below[i]);
    bars.high[i] = round_to_integer(std::max(bars.open[i], bars.close[i]) * (1 + above));
    bars.low[i] = std::max(round_to_integer(std::min(bars.open[i], bars.close[i]) * (1 - below)), 1.0);
  }
}

void SymbolPath::make_trading(const MarketColumns& market, std::size_t count, const Columns& columns,
                              BarColumns& bars) const {
  for (std::size_t i = 0; i < count; ++i) {
    const double log_activity = market.log_activity[i] + columns.log_activity[i] +
                                kActivityPerVolatility * columns.log_volatility[i] +
                                kActivityPerMove * (std::min(std::fabs(columns.moved[i]), 5.0) - 0.8);
    const double log_trades = limited(log_activity + model_.trades_sd * columns.trades[i], -8.0, 8.0);
    bars.trades[i] = limited(trades_median_ * compound(log_trades), 1.0, kTradesMax);
  }
  for (std::size_t i = 0; i < count; ++i)
    bars.trades[i] = std::max(static_cast<double>(static_cast<std::int64_t>(bars.trades[i])),
                              least_trades(bars.open[i], bars.high[i], bars.low[i], bars.close[i]));
  for (std::size_t i = 0; i < count; ++i) {
    const double lots = lots_per_trade_ * bars.trades[i] * compound(model_.size_sd * columns.size[i]);
    bars.lots[i] = round_to_integer(limited(lots, bars.trades[i], kLotsMax));
  }
}

}  // namespace hftsim
