// The operators, compiled once per instruction set: CMake defines HFTSIM_ISA as the namespace and sets the
// flags. Nothing with external linkage may be instantiated here but the table: a function of the standard
// library compiled for AVX-512 could be the copy the linker keeps for everybody. Hence no standard headers
// beyond fixed-width integers.
#include "engine/core/exact_math.h"
#include "engine/features/kernel_table.h"

// Says that the bars of a loop do not depend on each other: columns never overlap, but with six of them the
// compiler gives up proving it.
#ifdef __clang__
#define HFTSIM_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define HFTSIM_INDEPENDENT _Pragma("GCC ivdep")
#endif

namespace hftsim::features {

namespace {

struct Entries {
  const Entry* first;
  const Entry* past;
  const Entry* begin() const { return first; }
  const Entry* end() const { return past; }
};
inline Entries entries_of(const Node& node) {
  return {node.entries, node.entries + node.entry_count};
}

inline double absolute(double x) {
  return __builtin_fabs(x);
}
// Where either is NaN the second one is returned.
inline double larger(double a, double b) {
  return a > b ? a : b;
}
inline double smaller(double a, double b) {
  return a < b ? a : b;
}

// (x - lo) / (hi - lo); 0.5 where there is no range or none is known.
inline double position_in(double x, double lo, double hi) {
  const double range = hi - lo;
  const double position = (x - lo) / (range > 0 ? range : 1.0);
  return range > 0 ? position : 0.5;
}

#include "engine/features/ops/calendar.h"
#include "engine/features/ops/candle.h"
#include "engine/features/ops/cci.h"
#include "engine/features/ops/channels.h"
#include "engine/features/ops/deviations.h"
#include "engine/features/ops/elementwise.h"
#include "engine/features/ops/ladders.h"
#include "engine/features/ops/means.h"
#include "engine/features/ops/money_flow.h"
#include "engine/features/ops/price_change.h"
#include "engine/features/ops/ranges.h"
#include "engine/features/ops/recursive.h"
#include "engine/features/ops/wilder.h"

// clang-format off
#define HFTSIM_OPS(X)                                                                             \
  X(copy) X(return_1) X(price_change) X(volume_change) X(roc) X(log_return_sq) X(illiquidity)     \
  X(true_range) X(log_range_sq) X(typical_price) X(dollar_volume) X(buy_pressure) X(candle)       \
  X(calendar) X(sum_ladder) X(min_ladder) X(max_ladder) X(moment_ladder) X(mean) X(mean_distance) \
  X(mean_ratio) X(mean_share) X(vwap) X(parkinson) X(root_sum) X(deviation) X(bollinger)          \
  X(zscore) X(flat_run) X(price_position) X(stochastic) X(williams_r) X(previous) X(ema)          \
  X(difference) X(obv) X(rsi) X(wilder_average) X(adx) X(money_flow) X(mfi) X(cci)
// clang-format on

// Placed by name, so that the order of Op does not matter; a missing operator is a null entry, which the
// table's test finds.
constexpr KernelTable make_table() {
  KernelTable table{};
#define HFTSIM_PLACE(name)                                        \
  table.block[static_cast<std::size_t>(Op::name)] = &name<false>; \
  table.single[static_cast<std::size_t>(Op::name)] = &name<true>;
  HFTSIM_OPS(HFTSIM_PLACE)
#undef HFTSIM_PLACE
  return table;
}

constexpr KernelTable kTable = make_table();

}  // namespace

extern const KernelTable& HFTSIM_ISA_TABLE;
const KernelTable& HFTSIM_ISA_TABLE = kTable;

}  // namespace hftsim::features
