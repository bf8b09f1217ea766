// How trades and quotes lie inside a generated bar: the numbers, set against a real capture of 346 s of BTC/USDT,
// spot, on 2024-08-08 (9,757 trades, 28,040 quotes; ticks of 0.01 at 61,700), and the same minutes of USD-M futures. In
// the comments: spot, then USD-M.
//
//   order      what an aggressor sends: trades of one side and one time, but for a nanosecond per price that it takes.
//              Sides follow a flow that turns now and then (Lillo, Farmer 2004: the signs of orders have a long memory)
//   arrival    followers within milliseconds of the order before, or exponential at a pace that itself wanders
//              (in the place of a self-exciting process, Hawkes 1971), so that trades come in clusters
//   size       a mixture of two lognormals: dust, and the rest
//   quote      refreshed between orders; no order takes more of a price than was quoted there
//
// Not modelled: round sizes, icebergs but for a quote that is filled up again, orders that are cancelled because of a
// trade, news.
#pragma once

#include "replay/bar_model.h"

namespace hftsim::trade_model {

inline constexpr double kTradesPerOrder = 3.5;     // 3.0, 4.05
inline constexpr double kSingleTradeShare = 0.68;  // of orders: 0.70, 0.64
inline constexpr double kFurtherTradesSd = 1.6;    // of the log of how many more the others have
inline constexpr int kOrderTradesMax = 256;        // 735, 348

// Quantiles of the time between orders, as multiples of its mean, at 50, 75, 90 and 99 %: 0.24 1.2 2.9 7.9,
// 0.44 1.3 2.8 6.5.
inline constexpr double kFollowerShare = 0.33;
inline constexpr double kFollowerGap = 0.04;  // of another order's
inline constexpr double kPaceSd = 0.5;        // of the log
inline constexpr int kPaceHalfLifeOrders = 30;

// Autocorrelation of sides at lags of 1, 10 and 50 orders: 0.37 0.18 0.08, 0.24 0.12 0.05.
inline constexpr double kFlowTurns = 1.0 / 40;    // per order
inline constexpr double kFlowFollowed = 0.85;     // by an order
inline constexpr double kSideFollowsPrice = 0.3;  // of orders at a new price

// Sizes as multiples of the mean at 25, 50, 75, 90, 99 %: 0.005 0.028 0.61 2.6 14.9, 0.026 0.14 0.71 2.3 10.1.
inline constexpr double kDustShare = 0.5;
inline constexpr double kDustSize = 0.01, kDustSd = 1.0;
inline constexpr double kSize = 0.6, kSizeSd = 1.6;

// Of orders with several trades: how many go through several prices (14 % of all orders, in both captures).
inline constexpr double kSweepShare = 0.45;
inline constexpr int kSweepPricesMax = 8;
inline constexpr double kSweepStep = 0.005;  // mean, of the bar's range

// Quotes: 2.9, 3.1 per trade. Quoted size as a multiple of the mean trade: 0.01 50 215 at 5, 50, 95 % (spot).
inline constexpr int kQuotesPerOrder = 6;  // mean, of those between orders
inline constexpr double kQuoteSize = 215;  // times the square of a uniform

// Spread: one tick in 88 %, 94 % of quotes; where it is wider, its median is 110 of spot's ticks, a fiftieth of the
// range of a minute: it goes with the volatility, so that its bounce hides no return.
inline constexpr double kStays = 0.4;       // orders that meet the price as the last one left it
inline constexpr double kWideShare = 0.18;  // of new prices
inline constexpr double kWideSpread = 0.02, kWideSpreadSd = 1.15;  // of the bar's range
inline constexpr double kWideNarrows = 0.4;                        // at a refresh

// e^(sd * normal) from one draw; |sd| <= 2.8.
inline double cheap_lognormal(double sd, RandomStream& random) {
  return compound(sd * cheap_normal(random));
}

}  // namespace hftsim::trade_model
