// The LSTM in float32, compiled once per instruction set: CMake defines HFTSIM_ISA_TABLE and sets the flags.
// Nothing with external linkage may be instantiated here but the table: a function of the standard library
// compiled for AVX-512 could be the copy the linker keeps for everybody. Hence no standard headers beyond
// fixed-width integers.
#ifdef __AVX__
#include <immintrin.h>  // inline functions only, none of which the linker sees
#endif

#include "models/native/exact_fma.h"
#include "models/native/lstm_kernels.h"

#define HFTSIM_INLINE [[gnu::always_inline]] inline
#ifdef __clang__
#define HFTSIM_UNROLL _Pragma("unroll")
#else
#define HFTSIM_UNROLL _Pragma("GCC unroll 16")
#endif

namespace hftsim::models {

namespace {

// clang-format off: the cell builds on the lanes
#include "models/native/lanes.h"
#include "models/native/lstm_cell.h"
// clang-format on

// How many rows, and for a single row how many tiles, are summed at once: as many sums as there are registers,
// so that each weight that is loaded serves all rows.
#if defined(__AVX512F__)
constexpr int kRowsAtOnce = 6, kTilesAtOnce = 2;
#elif defined(__AVX2__)
constexpr int kRowsAtOnce = 3, kTilesAtOnce = 2;
#else
constexpr int kRowsAtOnce = 2, kTilesAtOnce = 1;
#endif

constexpr std::size_t kTile = 4 * kLanes, kTiles = kGateRows / kTile;

template <int kRows, int kTilesHere>
struct Sums {
  Lanes at[kRows][kTilesHere][4];
};

template <int kRows, int kTilesHere>
HFTSIM_INLINE void begin(Sums<kRows, kTilesHere>& sums, const float* start, std::size_t stride) {
  HFTSIM_UNROLL
  for (int r = 0; r < kRows; ++r) {
    HFTSIM_UNROLL
    for (int t = 0; t < kTilesHere; ++t) {
      HFTSIM_UNROLL
      for (int g = 0; g < 4; ++g) {
        sums.at[r][t][g] =
            load(start + static_cast<std::size_t>(r) * stride + static_cast<std::size_t>(4 * t + g) * kLanes);
      }
    }
  }
}

template <int kRows, int kTilesHere>
HFTSIM_INLINE void begin_at_zero(Sums<kRows, kTilesHere>& sums) {
  HFTSIM_UNROLL
  for (int r = 0; r < kRows; ++r) {
    HFTSIM_UNROLL
    for (int t = 0; t < kTilesHere; ++t) {
      HFTSIM_UNROLL
      for (int g = 0; g < 4; ++g) sums.at[r][t][g] = Lanes{};
    }
  }
}

template <int kRows, int kTilesHere>
HFTSIM_INLINE void write(const Sums<kRows, kTilesHere>& sums, float* to, std::size_t stride) {
  HFTSIM_UNROLL
  for (int r = 0; r < kRows; ++r) {
    HFTSIM_UNROLL
    for (int t = 0; t < kTilesHere; ++t) {
      HFTSIM_UNROLL
      for (int g = 0; g < 4; ++g) {
        store(to + static_cast<std::size_t>(r) * stride + static_cast<std::size_t>(4 * t + g) * kLanes,
              sums.at[r][t][g]);
      }
    }
  }
}

// sums += values[r * stride + k] * weights[tile][k], for k = 0, 1, ... `inputs`.
template <int kRows, int kTilesHere>
HFTSIM_INLINE void multiply(Sums<kRows, kTilesHere>& sums, const float* values, std::size_t stride,
                            const float* weights, std::size_t inputs) {
  for (std::size_t k = 0; k < inputs; ++k) {
    Lanes value[kRows];
    HFTSIM_UNROLL
    for (int r = 0; r < kRows; ++r) value[r] = all(values[static_cast<std::size_t>(r) * stride + k]);
    HFTSIM_UNROLL
    for (int t = 0; t < kTilesHere; ++t) {
      const float* tile = weights + static_cast<std::size_t>(t) * inputs * kTile + k * kTile;
      HFTSIM_UNROLL
      for (int g = 0; g < 4; ++g) {
        const Lanes weight = load(tile + static_cast<std::size_t>(g) * kLanes);
        HFTSIM_UNROLL
        for (int r = 0; r < kRows; ++r) sums.at[r][t][g] = fma(value[r], weight, sums.at[r][t][g]);
      }
    }
  }
}

// Calls `body.operator()<kRows, kTilesHere>(first row, first tile)` for every row and tile: as many rows at once
// as go, in groups of nearly the same size; several tiles at once where there is one row.
template <int kRows, class Body>
HFTSIM_INLINE void group_of(std::size_t rows, std::size_t row, std::size_t tile, const Body& body) {
  if (rows == static_cast<std::size_t>(kRows)) {
    body.template operator()<kRows, 1>(row, tile);
  } else if constexpr (kRows > 1) {
    group_of<kRows - 1>(rows, row, tile, body);
  }
}

template <class Body>
HFTSIM_INLINE void for_each_group(std::size_t rows, const Body& body) {
  if (rows == 1) {
    for (std::size_t tile = 0; tile < kTiles; tile += kTilesAtOnce)
      body.template operator()<1, kTilesAtOnce>(0, tile);
    return;
  }
  const std::size_t groups = (rows + kRowsAtOnce - 1) / kRowsAtOnce;
  const std::size_t size = rows / groups, larger = rows % groups;
  for (std::size_t tile = 0; tile < kTiles; ++tile) {
    std::size_t row = 0;
    for (std::size_t group = 0; group < groups; ++group) {
      const std::size_t here = size + (group < larger ? 1 : 0);
      group_of<kRowsAtOnce>(here, row, tile, body);
      row += here;
    }
  }
}

HFTSIM_INLINE const float* weights_of(const Panel& panel, std::size_t tile) {
  return static_cast<const float*>(panel.weights) + tile * panel.inputs * kTile;
}

HFTSIM_INLINE void project_rows(const Panel& panel, const float* values, std::size_t rows, std::size_t inputs,
                                float* out) {
  for_each_group(rows, [&]<int kRows, int kTilesHere>(std::size_t row, std::size_t tile) {
    Sums<kRows, kTilesHere> sums;
    begin(sums, static_cast<const float*>(panel.start) + tile * kTile, 0);
    multiply(sums, values + row * inputs, inputs, weights_of(panel, tile), inputs);
    write(sums, out + row * kGateRows + tile * kTile, kGateRows);
  });
}

void project(const Panel& panel, const float* values, std::size_t rows, float* sums) {
  project_rows(panel, values, rows, panel.inputs, sums);
}

void sum(const Panel& panel, const void* hidden, std::size_t rows, void* sums) {
  project_rows(panel, static_cast<const float*>(hidden), rows, kHidden, static_cast<float*>(sums));
}

// The end of a step: `sums` are those of the values before, `input` those of the input.
template <bool kFirst, int kRows, int kTilesHere>
HFTSIM_INLINE void finish_group(const Sums<kRows, kTilesHere>& sums, const float* input, std::size_t stride,
                                const Step& step, std::size_t row, std::size_t tile) {
  HFTSIM_UNROLL
  for (int r = 0; r < kRows; ++r) {
    HFTSIM_UNROLL
    for (int t = 0; t < kTilesHere; ++t) {
      const float* in = input + static_cast<std::size_t>(r) * stride + static_cast<std::size_t>(t) * kTile;
      const std::size_t at =
          (row + static_cast<std::size_t>(r)) * kHidden + (tile + static_cast<std::size_t>(t)) * kLanes;
      Lanes cell = kFirst ? Lanes{} : load(step.cell + at);
      const Lanes hidden = update_cell(load(in) + sums.at[r][t][0], load(in + kLanes) + sums.at[r][t][1],
                                       load(in + 2 * kLanes) + sums.at[r][t][2],
                                       load(in + 3 * kLanes) + sums.at[r][t][3], cell);
      store(step.cell + at, cell);
      store(static_cast<float*>(step.hidden) + at, hidden);
      if (step.exact != nullptr) store(step.exact + at, hidden);
    }
  }
}

// kSums: the sums of the values before are there already. kFirst: there are no values before.
template <bool kSums, bool kFirst>
HFTSIM_INLINE void recur_rows(const Layer& layer, const Step& step) {
  for_each_group(step.rows, [&]<int kRows, int kTilesHere>(std::size_t row, std::size_t tile) {
    Sums<kRows, kTilesHere> sums;
    if constexpr (kSums) {
      begin(sums, static_cast<const float*>(step.sums) + row * kGateRows + tile * kTile, kGateRows);
    } else {
      begin_at_zero(sums);
    }
    if constexpr (!kSums && !kFirst) {
      multiply(sums, static_cast<const float*>(step.before) + row * kHidden, kHidden,
               weights_of(layer.recurrent, tile), kHidden);
    }
    const float* input = static_cast<const float*>(step.input) + row * step.input_stride + tile * kTile;
    finish_group<kFirst>(sums, input, step.input_stride, step, row, tile);
  });
}

void recur(const Layer& layer, const Step& step) {
  if (step.before == nullptr) return recur_rows<false, true>(layer, step);
  recur_rows<false, false>(layer, step);
}

void finish(const Layer& layer, const Step& step) {
  recur_rows<true, false>(layer, step);
}

template <bool kFirst>
HFTSIM_INLINE void step_rows(const Layer& layer, const Step& step) {
  for_each_group(step.rows, [&]<int kRows, int kTilesHere>(std::size_t row, std::size_t tile) {
    alignas(64) float input[static_cast<std::size_t>(kRows * kTilesHere) * kTile];
    constexpr std::size_t kStride = kTilesHere * kTile;
    Sums<kRows, kTilesHere> sums;
    begin(sums, static_cast<const float*>(layer.input.start) + tile * kTile, 0);
    multiply(sums, static_cast<const float*>(step.below) + row * kHidden, kHidden,
             weights_of(layer.input, tile), kHidden);
    write(sums, input, kStride);
    begin_at_zero(sums);
    if constexpr (!kFirst) {
      multiply(sums, static_cast<const float*>(step.before) + row * kHidden, kHidden,
               weights_of(layer.recurrent, tile), kHidden);
    }
    finish_group<kFirst>(sums, input, kStride, step, row, tile);
  });
}

void step_second(const Layer& layer, const Step& step) {
  if (step.before == nullptr) return step_rows<true>(layer, step);
  step_rows<false>(layer, step);
}

// Linear, ReLU, linear, sigmoid. The second product adds by halves: 32 values, 16, 8, 4, 2, 1.
float head(const Head& head, const float* hidden) {
  constexpr std::size_t kParts = kHeadWidth / kLanes;
  Lanes sums[kParts];
  HFTSIM_UNROLL
  for (std::size_t p = 0; p < kParts; ++p) sums[p] = load(head.bias1 + p * kLanes);
  for (std::size_t k = 0; k < kHidden; ++k) {
    HFTSIM_UNROLL
    for (std::size_t p = 0; p < kParts; ++p)
      sums[p] = fma(all(hidden[k]), load(head.weights1 + k * kHeadWidth + p * kLanes), sums[p]);
  }
  alignas(64) float terms[kHeadWidth];
  HFTSIM_UNROLL
  for (std::size_t p = 0; p < kParts; ++p)
    store(terms + p * kLanes, positive_or_zero(sums[p]) * load(head.weights2 + p * kLanes));
  for (std::size_t half = kHeadWidth / 2; half > 0; half /= 2) {
    for (std::size_t i = 0; i < half; ++i) terms[i] += terms[i + half];
  }
  const Lanes e = exp2_within(all(terms[0] + head.bias2), 126.0f);
  store(terms, all(1.0f) / (all(1.0f) + e));
  return terms[0];
}

constexpr FloatKernels kTable = {
    kLanes,
    &project,
    &head,
    {kHidden * sizeof(float), 0, &sum, {&recur, &recur}, {&finish, &finish}, &step_second}};

}  // namespace

extern const FloatKernels& HFTSIM_ISA_TABLE;
const FloatKernels& HFTSIM_ISA_TABLE = kTable;

}  // namespace hftsim::models
