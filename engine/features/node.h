// What the feature graph is made of once it is compiled: nodes that run in order, each over all its windows at
// once, on the history of every series. Pointers never change.
//
// `pointer + frame.pos` is a series' value on the first bar of the frame, `frame.step` doubles further the next
// one's. Negative offsets reach back as far as any reader asked for; before the first bar there is NaN.
// An output goes to the feature row only: `frame.out + slot * frame.stride`, one value per bar. What nobody
// asked for has the slot after the last; a single bar's row has room for it.
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
  illiquidity,     // price_change.h
  true_range,      // ranges.h
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

constexpr bool is_ladder(Op op) {
  return op == Op::sum_ladder || op == Op::min_ladder || op == Op::max_ladder;
}
// Written with pointwise.h: one bar's outputs depend on that bar's inputs and nothing else.
constexpr bool is_pointwise(Op op) {
  switch (op) {
    case Op::calendar:
    case Op::sum_ladder:
    case Op::min_ladder:
    case Op::max_ladder:
    case Op::moment_ladder:
    case Op::flat_run:
    case Op::ema:
    case Op::obv:
    case Op::rsi:
    case Op::wilder_average:
    case Op::adx:
    case Op::cci:
      return false;
    default:
      return true;
  }
}

// One window (or parameter set) of a node. Which fields an operator reads is said in its header.
struct Entry {
  const double* in[4] = {};  // history columns read, moved back as far as the operator looks
  double* made[2] = {};      // history columns written
  double k[3] = {0, 0, 0};   // constants worked out when the graph was built
  double* state = nullptr;   // what a recursive operator carries from bar to bar
  std::uint32_t window = 0;
  std::uint32_t out[8] = {};
};

// For a single bar, up to four entries of an operator without memory side by side, lane by lane. Missing ones
// repeat the first.
struct alignas(32) Quad {
  const double* in[4][4] = {};  // [input][lane]
  double* made[2][4] = {};
  double k[3][4] = {};
  std::uint32_t out[8][4] = {};
  std::uint32_t lanes = 4;  // 3: the last lane is spare and left alone
};

// For a single bar, the rungs of up to four series whose values lie side by side. A run that goes on from the
// one before it takes what that has just made. Up to three doubles behind the last of `made` are written.
struct Run {
  const double* in[3] = {};
  double* made = nullptr;
  std::uint32_t count = 0;
  bool goes_on = false;
};

struct Node;
struct Frame;
using Kernel = void (*)(const Node&, const Frame&);

struct Node {
  Kernel run = nullptr;          // for a single bar: also goes on to the node behind this one
  const Entry* first = nullptr;  // its entries: first .. past
  const Entry* past = nullptr;
  const Quad* quads = nullptr;  // the same entries, where there are several
  const Quad* quads_past = nullptr;
  const Run* runs = nullptr;  // the same entries, where neighbours were found
  const Run* runs_past = nullptr;
};

// The bars a node works on in one call.
struct Frame {
  std::size_t pos;              // where in the history the first bar lies
  std::size_t step;             // doubles from one bar to the next in the history
  int n;                        // bars
  double* out;                  // row of the first bar
  std::size_t stride;           // from one feature's column to the next
  const std::int64_t* open_ns;  // opening time of each bar
  std::uint32_t no_slot;        // slot of outputs nobody asked for
  double* scratch;              // takes them

  // The same as distances, for what looks back from the first bar of the memory.
  [[gnu::always_inline]] std::ptrdiff_t now() const { return static_cast<std::ptrdiff_t>(pos); }
  [[gnu::always_inline]] std::ptrdiff_t bar() const { return static_cast<std::ptrdiff_t>(step); }

  // Always inlined: kernels of several instruction sets use it, and must not share one copy.
  [[gnu::always_inline]] double* at(std::uint32_t slot) const {
    double* column = out + slot * stride;
    return slot == no_slot ? scratch : column;
  }
};

// Frames are at most this long, so that a graph's columns stay in the second-level cache.
inline constexpr int kFrameBars = 256;

}  // namespace hftsim::features
