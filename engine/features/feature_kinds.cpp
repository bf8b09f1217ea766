// What every feature is made of: for each kind, what it adds to the graph.
#include <array>
#include <cmath>

#include "engine/features/catalog.h"

namespace hftsim::features {
namespace {

using Parameters = std::span<const double>;

constexpr double kMinutesPerTradingYear = 252.0 * 24 * 60;
constexpr double kLn2 = 0.693147180559945309417;

std::uint32_t window_of(Parameters p, std::size_t i = 0) {
  return static_cast<std::uint32_t>(p[i]);
}

// Series that several features share.
Series reciprocal(GraphBuilder& g, Series x) {
  return g.derived(Op::reciprocal, {x, kNoSeries, kNoSeries, kNoSeries});
}
Series per_close(GraphBuilder& g) {
  return reciprocal(g, kClose);
}
EntrySpec& return_1(GraphBuilder& g) {
  EntrySpec wanted;
  wanted.in = {kClose, kClose, per_close(g), kNoSeries};
  wanted.back = {0, 1, 1, 0};
  return g.entry(Op::return_1, wanted, 1, 1);
}
Series true_range(GraphBuilder& g) {
  return g.derived(Op::true_range, {kHigh, kLow, kClose, kNoSeries}, 0, {0, 0, 1, 0});
}
// What price_change compares: a series with another one some bars back.
EntrySpec change(GraphBuilder& g, Series x, Series compared, std::uint32_t back) {
  EntrySpec wanted;
  wanted.in = {x, compared, reciprocal(g, compared), kNoSeries};
  wanted.back = {0, back, back, 0};
  wanted.window = back;
  return wanted;
}
Series log_range_sq(GraphBuilder& g) {
  return g.kept(Op::price_change, change(g, kHigh, kLow, 0), 0);
}
Series log_return_sq(GraphBuilder& g) {
  return g.kept(Op::price_change, change(g, kClose, kClose, 1), 1);
}
Series typical_price(GraphBuilder& g) {
  return g.derived(Op::typical_price, {kHigh, kLow, kClose, kNoSeries});
}
Series dollar_volume(GraphBuilder& g) {
  return g.derived(Op::dollar_volume, {kClose, kVolume, kNoSeries, kNoSeries});
}
Series buy_pressure(GraphBuilder& g) {
  return g.derived(Op::buy_pressure, {kHigh, kLow, kClose, kNoSeries});
}

EntrySpec& obv_entry(GraphBuilder& g) {
  EntrySpec wanted;
  wanted.in = {kClose, kClose, kVolume, kNoSeries};
  wanted.back[1] = 1;
  wanted.state_count = 2;
  return g.entry(Op::obv, wanted, 1, 1);
}

Series flat_run(GraphBuilder& g, Series x) {
  EntrySpec wanted;
  wanted.in = {x, x, kNoSeries, kNoSeries};
  wanted.back[1] = 1;
  wanted.state_count = 1;
  return g.entry(Op::flat_run, wanted, 1).made[0];
}

EntrySpec& ema_entry(GraphBuilder& g, Series x, std::uint32_t span, Series compared = kNoSeries) {
  EntrySpec wanted;
  const double alpha = 2.0 / (span + 1.0);
  wanted.in[0] = x;
  wanted.in[1] = compared == kNoSeries ? x : compared;
  wanted.window = span;
  wanted.k = {alpha, 1.0 - alpha, 0};
  EntrySpec& made = g.entry(Op::ema, wanted, 1, g.known_from(x));
  g.look_back(made.made[0], 1);
  return made;
}

// An output `index` of an operator that compares a plain series with itself W bars back.
template <Op kOp, std::size_t kIndex, Series kInput>
std::uint32_t lagged(GraphBuilder& g, Parameters p, std::uint32_t slot) {
  EntrySpec wanted = change(g, kInput, kInput, window_of(p));
  if (kOp == Op::price_change) wanted.made[0] = g.nobody();
  g.entry(kOp, wanted).out[kIndex] = slot;
  return window_of(p);
}

// An output `index` of an operator over the rolling sum of x, compared with another series.
std::uint32_t over_sum(GraphBuilder& g, Op op, std::size_t index, Series x, Series compared,
                       std::uint32_t window, std::array<double, 2> k, std::uint32_t slot) {
  EntrySpec wanted;
  wanted.in[0] = g.sum(x, window);
  wanted.in[1] = compared;
  wanted.window = window;
  wanted.k = {k[0], k[1], 0};
  g.entry(op, wanted).out[index] = slot;
  return g.known_from(wanted.in[0]);
}

// The same for the operators of means.h; kNoSeries where the mean is all there is.
std::uint32_t over_mean(GraphBuilder& g, Op op, std::size_t index, Series x, Series compared, double window,
                        std::uint32_t slot) {
  return over_sum(g, op, index, x, compared, static_cast<std::uint32_t>(window), {1.0 / window, window},
                  slot);
}

template <std::size_t kIndex>
std::uint32_t sma(GraphBuilder& g, Parameters p, std::uint32_t slot) {
  return over_mean(g, Op::mean_distance, kIndex, kClose, kClose, p[0], slot);
}
template <std::size_t kIndex>
std::uint32_t volume_mean(GraphBuilder& g, Parameters p, std::uint32_t slot) {
  return over_mean(g, Op::mean_ratio, kIndex, kVolume, kVolume, p[0], slot);
}
template <std::size_t kIndex>
std::uint32_t atr(GraphBuilder& g, Parameters p, std::uint32_t slot) {
  return over_mean(g, Op::mean_share, kIndex, true_range(g), per_close(g), p[0], slot);
}

template <std::size_t kIndex>
std::uint32_t ema(GraphBuilder& g, Parameters p, std::uint32_t slot) {
  ema_entry(g, kClose, window_of(p), kClose).out[kIndex] = slot;
  return 0;
}

template <std::size_t kIndex>
std::uint32_t vwap(GraphBuilder& g, Parameters p, std::uint32_t slot) {
  EntrySpec wanted;
  wanted.window = window_of(p);
  wanted.in = {g.sum(dollar_volume(g), wanted.window), g.sum(kVolume, wanted.window), kClose, kNoSeries};
  g.entry(Op::vwap, wanted).out[kIndex] = slot;
  return g.known_from(wanted.in[0]);
}

// Inputs: lowest low, highest high, close.
EntrySpec channel(GraphBuilder& g, std::uint32_t window) {
  EntrySpec wanted;
  wanted.window = window;
  wanted.in = {g.minimum(kLow, window), g.maximum(kHigh, window), kClose, kNoSeries};
  return wanted;
}

std::uint32_t price_position(GraphBuilder& g, Parameters p, std::uint32_t slot) {
  g.entry(Op::price_position, channel(g, window_of(p))).out[0] = slot;
  return 0;  // 0.5 until the window is full
}

std::uint32_t williams_r(GraphBuilder& g, Parameters p, std::uint32_t slot) {
  g.entry(Op::williams_r, channel(g, window_of(p))).out[0] = slot;
  return window_of(p) - 1;
}

EntrySpec& stochastic_entry(GraphBuilder& g, std::uint32_t window) {
  return g.entry(Op::stochastic, channel(g, window), 1, window - 1);
}
std::uint32_t stochastic_k(GraphBuilder& g, Parameters p, std::uint32_t slot) {
  stochastic_entry(g, window_of(p)).out[0] = slot;
  return window_of(p) - 1;
}
std::uint32_t stochastic_d(GraphBuilder& g, Parameters p, std::uint32_t slot) {
  const Series k = stochastic_entry(g, window_of(p)).made[0];
  return over_mean(g, Op::mean, 0, k, kNoSeries, p[1], slot);
}

template <std::size_t kIndex>
std::uint32_t volatility(GraphBuilder& g, Parameters p, std::uint32_t slot) {
  const GraphBuilder::Moments moments = g.moments(return_1(g).made[0], window_of(p));
  EntrySpec wanted;
  wanted.in[0] = moments.m2;
  wanted.window = window_of(p);
  wanted.k = {1.0 / (p[0] - 1), std::sqrt(kMinutesPerTradingYear), 0};
  g.entry(Op::deviation, wanted).out[kIndex] = slot;
  return g.known_from(moments.sum);
}

// Inputs: sum and M2 of the close, close, run of equal closes.
EntrySpec close_moments(GraphBuilder& g, std::uint32_t window) {
  const GraphBuilder::Moments moments = g.moments(kClose, window);
  EntrySpec wanted;
  wanted.in = {moments.sum, moments.m2, kClose, flat_run(g, kClose)};
  wanted.window = window;
  return wanted;
}

template <std::size_t kIndex>
std::uint32_t bollinger(GraphBuilder& g, Parameters p, std::uint32_t slot) {
  EntrySpec wanted = close_moments(g, window_of(p));
  wanted.k = {p[0], p.size() > 1 ? p[1] : 2.0, 0};
  g.entry(Op::bollinger, wanted).out[kIndex] = slot;
  return window_of(p) - 1;
}

std::uint32_t zscore(GraphBuilder& g, Parameters p, std::uint32_t slot) {
  EntrySpec wanted = close_moments(g, window_of(p));
  wanted.k[0] = p[0];
  g.entry(Op::zscore, wanted).out[0] = slot;
  return window_of(p) - 1;
}

EntrySpec& macd_line(GraphBuilder& g, Parameters p) {
  EntrySpec wanted;
  wanted.in[0] = ema_entry(g, kClose, window_of(p, 0), kClose).made[0];
  wanted.in[1] = ema_entry(g, kClose, window_of(p, 1), kClose).made[0];
  return g.entry(Op::difference, wanted, 1);
}
std::uint32_t macd(GraphBuilder& g, Parameters p, std::uint32_t slot) {
  macd_line(g, p).out[0] = slot;
  return 0;
}
std::uint32_t macd_signal(GraphBuilder& g, Parameters p, std::uint32_t slot) {
  ema_entry(g, macd_line(g, p).made[0], window_of(p, 2)).out[0] = slot;
  return 0;
}
std::uint32_t macd_histogram(GraphBuilder& g, Parameters p, std::uint32_t slot) {
  EntrySpec wanted;
  wanted.in[0] = macd_line(g, p).made[0];
  wanted.in[1] = ema_entry(g, wanted.in[0], window_of(p, 2)).made[0];
  g.entry(Op::difference, wanted, 1).out[0] = slot;
  return 0;
}

std::uint32_t before_this_bar(GraphBuilder& g, Series aggregate, std::uint32_t window, std::uint32_t slot) {
  EntrySpec wanted;
  wanted.in[0] = aggregate;
  wanted.back[0] = 1;
  g.entry(Op::copy, wanted).out[0] = slot;
  return window;
}
std::uint32_t rolling_high(GraphBuilder& g, Parameters p, std::uint32_t slot) {
  return before_this_bar(g, g.maximum(kHigh, window_of(p)), window_of(p), slot);
}
std::uint32_t rolling_low(GraphBuilder& g, Parameters p, std::uint32_t slot) {
  return before_this_bar(g, g.minimum(kLow, window_of(p)), window_of(p), slot);
}

std::uint32_t wilder(GraphBuilder& g, Op op, std::array<Series, 4> in, std::array<std::uint32_t, 4> back,
                     double period, std::uint32_t state_count, std::uint32_t slot) {
  EntrySpec wanted;
  wanted.in = in;
  wanted.back = back;
  wanted.k[0] = period;
  wanted.state_count = state_count;
  g.entry(op, wanted).out[0] = slot;
  return static_cast<std::uint32_t>(period);
}
std::uint32_t rsi(GraphBuilder& g, Parameters p, std::uint32_t slot) {
  return wilder(g, Op::rsi, {kClose, kClose, kNoSeries, kNoSeries}, {0, 1, 0, 0}, p[0], 3, slot);
}
std::uint32_t atr_wilder(GraphBuilder& g, Parameters p, std::uint32_t slot) {
  return wilder(g, Op::wilder_average, {true_range(g), kClose, kNoSeries, kNoSeries}, {0, 1, 0, 0}, p[0], 2,
                slot);
}
std::uint32_t adx(GraphBuilder& g, Parameters p, std::uint32_t slot) {
  g.look_back(kHigh, 1);
  g.look_back(kLow, 1);
  return 2 * wilder(g, Op::adx, {kHigh, kLow, true_range(g), kNoSeries}, {0, 0, 0, 0}, p[0], 5, slot) - 1;
}

std::uint32_t mfi(GraphBuilder& g, Parameters p, std::uint32_t slot) {
  EntrySpec flows;
  const Series tp = typical_price(g);
  flows.in = {tp, tp, kVolume, kNoSeries};
  flows.back[1] = 1;
  const auto made = g.entry(Op::money_flow, flows, 2, 1).made;
  EntrySpec wanted;
  wanted.in[0] = g.sum(made[0], window_of(p));
  wanted.in[1] = g.sum(made[1], window_of(p));
  g.entry(Op::mfi, wanted).out[0] = slot;
  return window_of(p);
}

std::uint32_t cci(GraphBuilder& g, Parameters p, std::uint32_t slot) {
  const Series tp = typical_price(g);
  g.look_back(tp, window_of(p) - 1);
  EntrySpec wanted;
  wanted.in = {g.sum(tp, window_of(p)), tp, flat_run(g, tp), kNoSeries};
  wanted.window = window_of(p);
  wanted.k[0] = p[0];
  g.entry(Op::cci, wanted).out[0] = slot;
  return window_of(p) - 1;
}

template <std::size_t kIndex>
std::uint32_t candle(GraphBuilder& g, Parameters, std::uint32_t slot) {
  EntrySpec wanted;
  wanted.in = {kOpen, kClose, kHigh, kLow};
  g.entry(Op::candle, wanted).out[kIndex] = slot;
  return 0;
}

template <std::size_t kIndex>
std::uint32_t calendar(GraphBuilder& g, Parameters, std::uint32_t slot) {
  EntrySpec wanted;
  wanted.state_count = 8;
  wanted.state_initial = std::nan("");
  g.entry(Op::calendar, wanted).out[kIndex] = slot;
  return 0;
}

constexpr FeatureKind kKinds[] = {
    {"trades", "number of trades", 1,
     [](GraphBuilder& g, Parameters, std::uint32_t slot) {
       EntrySpec wanted;
       wanted.in[0] = kTrades;
       g.entry(Op::copy, wanted).out[0] = slot;
       return 0U;
     }},
    {"return_#", "c / c[W] - 1", 1,
     [](GraphBuilder& g, Parameters p, std::uint32_t slot) {
       if (p[0] != 1) return lagged<Op::price_change, 0, kClose>(g, p, slot);
       return_1(g).out[0] = slot;
       return 1U;
     }},
    {"log_return_#", "ln(c / c[W])", 1, lagged<Op::price_change, 1, kClose>},
    {"momentum_#", "c - c[W]", 1, lagged<Op::price_change, 2, kClose>},
    {"momentum_pct_#", "c / c[W] - 1", 1, lagged<Op::price_change, 3, kClose>},
    {"sma_#", "mean(c)", 1, sma<0>},
    {"ema_#", "exponential mean of c, span W", 1, ema<0>},
    {"dist_sma_#", "(c - sma) / sma", 1, sma<1>},
    {"dist_ema_#", "(c - ema) / ema", 1, ema<1>},
    {"price_position_#", "(c - min(l)) / (max(h) - min(l))", 1, price_position},
    {"volatility_#", "sample deviation of return_1", 2, volatility<0>},
    {"volatility_#_annualized", "volatility * sqrt(252 * 24 * 60)", 2, volatility<1>},
    {"parkinson_vol_#", "sqrt(sum(ln(h / l)^2) / (4 W ln 2))", 1,
     [](GraphBuilder& g, Parameters p, std::uint32_t slot) {
       return over_sum(g, Op::parkinson, 0, log_range_sq(g), kNoSeries, window_of(p),
                       {1.0 / (4 * p[0] * kLn2), 0}, slot);
     }},
    {"atr_#", "mean(true range)", 1, atr<0>},
    {"atr_pct_#", "atr / c", 1, atr<1>},
    {"volume_sma_#", "mean(v)", 1, volume_mean<0>},
    {"volume_ratio_#", "v / volume_sma", 1, volume_mean<1>},
    {"volume_change_#", "v / v[W] - 1", 1, lagged<Op::volume_change, 0, kVolume>},
    {"vwap_#", "sum(c v) / sum(v)", 1, vwap<0>},
    {"dist_vwap_#", "(c - vwap) / vwap", 1, vwap<1>},
    {"obv", "running sum of sign(c - c[1]) v", 1,
     [](GraphBuilder& g, Parameters, std::uint32_t slot) {
       obv_entry(g).out[0] = slot;
       return 1U;
     }},
    {"obv_ema_#", "exponential mean of obv", 1,
     [](GraphBuilder& g, Parameters p, std::uint32_t slot) {
       ema_entry(g, obv_entry(g).made[0], window_of(p)).out[0] = slot;
       return 1U;
     }},
    {"body", "c - o", 1, candle<0>},
    {"body_pct", "body / o", 1, candle<1>},
    {"upper_wick", "h - max(o, c)", 1, candle<2>},
    {"lower_wick", "min(o, c) - l", 1, candle<3>},
    {"range", "h - l", 1, candle<4>},
    {"range_pct", "range / o", 1, candle<5>},
    {"body_range_ratio", "|body| / range, or 0", 1, candle<6>},
    {"is_bullish", "1 where c > o", 1, candle<7>},
    {"trade_intensity_#", "mean(trades)", 1,
     [](GraphBuilder& g, Parameters p, std::uint32_t slot) {
       return over_mean(g, Op::mean, 0, kTrades, kNoSeries, p[0], slot);
     }},
    {"buy_pressure", "(c - l) / (h - l)", 1,
     [](GraphBuilder& g, Parameters, std::uint32_t slot) {
       EntrySpec wanted;
       wanted.in = {kHigh, kLow, kClose, kNoSeries};
       g.entry(Op::buy_pressure, wanted, 1).out[0] = slot;
       return 0U;
     }},
    {"buy_pressure_ma_#", "mean(buy_pressure)", 1,
     [](GraphBuilder& g, Parameters p, std::uint32_t slot) {
       return over_mean(g, Op::mean, 0, buy_pressure(g), kNoSeries, p[0], slot);
     }},
    {"hour", "hour of the bar's opening time, UTC", 1, calendar<0>},
    {"hour_sin", "sin(2 pi hour / 24)", 1, calendar<1>},
    {"hour_cos", "cos(2 pi hour / 24)", 1, calendar<2>},
    {"day_of_week", "weekday, Monday = 0", 1, calendar<3>},
    {"day_sin", "sin(2 pi day / 7)", 1, calendar<4>},
    {"day_cos", "cos(2 pi day / 7)", 1, calendar<5>},
    {"is_weekend", "1 on Saturday and Sunday", 1, calendar<6>},
    {"rsi_#", "relative strength index (Wilder)", 1, rsi},
    {"bb_mid_#", "mean(c)", 2, bollinger<0>},
    {"bb_upper_#_%", "mid + K population deviations", 2, bollinger<1>},
    {"bb_lower_#_%", "mid - K population deviations", 2, bollinger<2>},
    {"bb_width_#_%", "(upper - lower) / mid", 2, bollinger<3>},
    {"bb_pctb_#_%", "(c - lower) / (upper - lower)", 2, bollinger<4>},
    {"macd_#_#_#", "ema(fast) - ema(slow)", 1, macd},
    {"macd_signal_#_#_#", "ema(signal) of macd", 1, macd_signal},
    {"macd_hist_#_#_#", "macd - its signal", 1, macd_histogram},
    {"rolling_high_#", "max(h) of the bars before", 1, rolling_high},
    {"rolling_low_#", "min(l) of the bars before", 1, rolling_low},
    {"atr_wilder_#", "true range smoothed by Wilder", 1, atr_wilder},
    {"zscore_#", "(c - mean) / sample deviation", 2, zscore},
    {"stoch_k_#", "100 * position in the range", 1, stochastic_k},
    {"stoch_d_#_#", "mean(stoch_k)", 1, stochastic_d},
    {"cci_#", "commodity channel index", 2, cci},
    {"roc_#", "100 * (c / c[W] - 1)", 1, lagged<Op::roc, 0, kClose>},
    {"willr_#", "Williams %R", 1, williams_r},
    {"mfi_#", "money flow index", 1, mfi},
    {"adx_#", "average directional index (Wilder)", 2, adx},
    {"realized_vol_#", "sqrt(sum(log_return_1^2))", 1,
     [](GraphBuilder& g, Parameters p, std::uint32_t slot) {
       return over_sum(g, Op::root_sum, 0, log_return_sq(g), kNoSeries, window_of(p), {}, slot);
     }},
    {"amihud_#", "mean(|return_1| / (c v))", 1,
     [](GraphBuilder& g, Parameters p, std::uint32_t slot) {
       const Series x =
           g.derived(Op::illiquidity, {return_1(g).made[0], dollar_volume(g), kNoSeries, kNoSeries}, 1);
       return over_mean(g, Op::mean, 0, x, kNoSeries, p[0], slot);
     }},
    {"ofi_#", "order-flow imbalance", 1, nullptr},
    {"microprice", "size-weighted mid", 1, nullptr},
    {"book_imbalance_#", "(bid - ask) / (bid + ask) size", 1, nullptr},
    {"spread_bps", "best ask - best bid", 1, nullptr},
    {"trade_imbalance_#", "signed traded volume / total", 1, nullptr},
};

}  // namespace

std::span<const FeatureKind> feature_kinds() {
  return kKinds;
}

}  // namespace hftsim::features
