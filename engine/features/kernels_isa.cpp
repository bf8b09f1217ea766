// The operators, compiled once per instruction set: CMake defines HFTSIM_ISA as the namespace and sets the
// flags. Nothing with external linkage may be instantiated here but the table: a function of the standard
// library compiled for AVX-512 could be the copy the linker keeps for everybody. Hence no standard headers
// beyond fixed-width integers.
#ifdef __AVX__
#include <immintrin.h>  // inline functions only, none of which the linker sees
#endif

#include "engine/core/exact_math.h"
#include "engine/features/kernel_table.h"

// Says that the bars of a loop do not depend on each other: columns never overlap, but with six of them the
// compiler gives up proving it.
#ifdef __clang__
#define HFTSIM_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define HFTSIM_INDEPENDENT _Pragma("GCC ivdep")
#endif

#define HFTSIM_INLINE [[gnu::always_inline]]

namespace hftsim::features {

namespace {

struct Entries {
  const Node& node;
  const Entry* begin() const { return node.first; }
  const Entry* end() const { return node.past; }
};
inline Entries entries_of(const Node& node) {
  return {node};
}

using hftsim::select;  // beside the one for four at once

// clang-format off: the operators build on these two
#include "engine/features/ops/lanes.h"
#include "engine/features/ops/pointwise.h"
// clang-format on

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
  X(copy) X(return_1) X(price_change) X(volume_change) X(roc) X(illiquidity)     \
  X(true_range) X(typical_price) X(dollar_volume) X(buy_pressure) X(candle)       \
  X(calendar) X(sum_ladder) X(min_ladder) X(max_ladder) X(moment_ladder) X(mean) X(mean_distance) \
  X(mean_ratio) X(mean_share) X(vwap) X(parkinson) X(root_sum) X(deviation) X(bollinger)          \
  X(zscore) X(flat_run) X(price_position) X(stochastic) X(williams_r) X(reciprocal) X(ema)          \
  X(difference) X(obv) X(rsi) X(wilder_average) X(adx) X(money_flow) X(mfi) X(cci)
// clang-format on

// For a single bar an operator goes on to the next by itself, so that every jump from one to the next is an
// instruction of its own. Processors foretell where each of those goes; of one shared call that goes to 30
// places in turn they miss every third.
template <Kernel kOperator>
[[gnu::flatten]] void then_next(const Node& node, const Frame& f) {
  kOperator(node, f);
  const Node& next = *(&node + 1);
  next.run(next, f);
}

// The kernels leave the upper halves of the vector registers as they are (-mno-vzeroupper), which would slow down
// code that knows nothing of them.
void last(const Node&, const Frame&) {
#ifdef __AVX__
  _mm256_zeroupper();
#endif
}

// Placed by name, so that the order of Op does not matter; a missing operator is a null entry, which the
// table's test finds.
constexpr KernelTable make_table() {
  KernelTable table{};
  table.last = &last;
#define HFTSIM_PLACE(name)                                        \
  table.block[static_cast<std::size_t>(Op::name)] = &name<false>; \
  table.single[static_cast<std::size_t>(Op::name)] = &then_next<name<true>>;
  HFTSIM_OPS(HFTSIM_PLACE)
#undef HFTSIM_PLACE
  return table;
}

constexpr KernelTable kTable = make_table();

}  // namespace

extern const KernelTable& HFTSIM_ISA_TABLE;
const KernelTable& HFTSIM_ISA_TABLE = kTable;

}  // namespace hftsim::features
