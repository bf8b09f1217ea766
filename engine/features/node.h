// What the feature graph is made of once it is compiled: nodes that run in order, each over all its windows
// at once, on columns of history. Everything lies in the FeatureSet's arena; pointers never change.
//
// A history column holds one value per bar. `column + frame.pos` is the first bar of the frame, negative
// offsets reach back as far as any reader asked for; before the first bar there is NaN.
// An output goes to the feature row only: `frame.out + slot * frame.stride`, one value per bar. What nobody
// asked for has the slot after the last.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hftsim::features {

// One per operator of ops/. The comment names the header.
enum class Op : std::uint8_t {
  copy,            // elementwise.h
  difference,      // elementwise.h
  reciprocal,      // elementwise.h
  return_1,        // price_change.h
  price_change,    // price_change.h
  volume_change,   // price_change.h
  roc,             // price_change.h
  log_return_sq,   // price_change.h
  illiquidity,     // price_change.h
  true_range,      // ranges.h
  log_range_sq,    // ranges.h
  typical_price,   // ranges.h
  dollar_volume,   // ranges.h
  buy_pressure,    // ranges.h
  candle,          // candle.h
  calendar,        // calendar.h
  sum_ladder,      // ladders.h
  min_ladder,      // ladders.h
  max_ladder,      // ladders.h
  moment_ladder,   // ladders.h
  mean,            // means.h
  mean_distance,   // means.h
  mean_ratio,      // means.h
  mean_share,      // means.h
  vwap,            // means.h
  parkinson,       // deviations.h
  root_sum,        // deviations.h
  deviation,       // deviations.h
  bollinger,       // deviations.h
  zscore,          // deviations.h
  flat_run,        // deviations.h
  price_position,  // channels.h
  stochastic,      // channels.h
  williams_r,      // channels.h
  ema,             // recursive.h
  obv,             // recursive.h
  rsi,             // wilder.h
  wilder_average,  // wilder.h
  adx,             // wilder.h
  money_flow,      // money_flow.h
  mfi,             // money_flow.h
  cci,             // cci.h
  count_
};
inline constexpr std::size_t kOpCount = static_cast<std::size_t>(Op::count_);

// One window (or parameter set) of a node. Which fields an operator reads is said in its header.
struct Entry {
  const double* in[4] = {};  // history columns read, moved back as far as the operator looks
  double* made[2] = {};      // history columns written
  double k[2] = {0, 0};      // constants worked out when the graph was built
  double* state = nullptr;   // what a recursive operator carries from bar to bar
  std::uint32_t window = 0;
  std::uint32_t out[8] = {};
};

struct Node;
struct Frame;
using Kernel = void (*)(const Node&, const Frame&);

struct Node {
  Kernel block = nullptr;        // any number of bars up to kFrameBars
  Kernel single = nullptr;       // one bar, and then the nodes behind this one
  const Entry* first = nullptr;  // its entries: first .. past
  const Entry* past = nullptr;
  std::uint32_t outputs = 0;  // somebody asked for the first so many outputs of every entry
};

// The bars a node works on in one call.
struct Frame {
  std::size_t pos;              // where in the history columns the first bar lies
  int n;                        // bars
  double* out;                  // row of the first bar
  std::size_t stride;           // from one feature's column to the next
  const std::int64_t* open_ns;  // opening time of each bar
  std::uint32_t no_slot;        // slot of outputs nobody asked for
  double* scratch;              // takes them

  // Always inlined: kernels of several instruction sets use it, and must not share one copy.
  [[gnu::always_inline]] double* at(std::uint32_t slot) const {
    double* column = out + slot * stride;
    return slot == no_slot ? scratch : column;
  }
};

// Frames are at most this long, so that a graph's columns stay in the second-level cache.
inline constexpr int kFrameBars = 256;

}  // namespace hftsim::features
