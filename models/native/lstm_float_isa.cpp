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
#define HFTSIM_INLINE_LAMBDA __attribute__((always_inline))
#define HFTSIM_GROUP __attribute__((noinline))  // a group's sums take all registers: no code beside it
#ifdef __clang__
#define HFTSIM_UNROLL _Pragma("unroll")
#else
#define HFTSIM_UNROLL _Pragma("GCC unroll 16")
#endif

namespace hftsim::models {

namespace {

// Each builds on those before.
// clang-format off
#include "models/native/lanes.h"
#include "models/native/lstm_cell.h"
#include "models/native/lstm_groups.h"
// clang-format on

struct Float32 {
  static void store(void* hidden, std::size_t at, Lanes values) {
    models::store(static_cast<float*>(hidden) + at, values);
  }
};

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

// sums += values[r * stride + k] * weights[tile][k], for k from `first` to before `past`.
template <int kRows, int kTilesHere>
HFTSIM_INLINE void multiply(Sums<kRows, kTilesHere>& sums, const float* values, std::size_t stride,
                            const float* weights, std::size_t inputs, std::size_t first, std::size_t past) {
  for (std::size_t k = first; k < past; ++k) {
    HFTSIM_UNROLL
    for (int t = 0; t < kTilesHere; ++t) {
      const float* tile = weights + static_cast<std::size_t>(t) * inputs * kTile + k * kTile;
      HFTSIM_UNROLL
      for (int g = 0; g < 4; ++g) {
        const Lanes weight = load(tile + static_cast<std::size_t>(g) * kLanes);
        HFTSIM_UNROLL
        for (int r = 0; r < kRows; ++r) {
          const float& value = values[static_cast<std::size_t>(r) * stride + k];
          if constexpr (kRows == 1) {
            sums.at[r][t][g] = fma(all(value), weight, sums.at[r][t][g]);
          } else {
            add_product(sums.at[r][t][g], value, weight);
          }
        }
      }
    }
  }
}

HFTSIM_INLINE const float* weights_of(const Panel& panel, std::size_t tile) {
  return static_cast<const float*>(panel.weights) + tile * panel.inputs * kTile;
}

HFTSIM_INLINE void project_rows(const Panel& panel, const float* values, std::size_t rows, std::size_t inputs,
                                float* out) {
  const auto* start = static_cast<const float*>(panel.start);
  if (rows == 1) {
    for (std::size_t tile = 0; tile < kTiles; tile += kTilesAtOnce) {
      Sums<1, kTilesAtOnce> sums;
      begin(sums, start + tile * kTile, 0);
      multiply(sums, values, 0, weights_of(panel, tile), inputs, 0, inputs);
      write(sums, out + tile * kTile, 0);
    }
    return;
  }
  for (std::size_t tile = 0; tile < kTiles; ++tile) {
    for_each_group(rows, [&]<int kRows>(std::size_t row) HFTSIM_GROUP {
      Sums<kRows, 1> sums;
      begin(sums, start + tile * kTile, 0);
      multiply(sums, values + row * inputs, inputs, weights_of(panel, tile), inputs, 0, inputs);
      write(sums, out + row * kGateRows + tile * kTile, kGateRows);
    });
  }
}

void project(const Panel& panel, const float* values, std::size_t rows, float* sums) {
  project_rows(panel, values, rows, panel.inputs, sums);
}

void sum(const Panel& panel, const void* hidden, std::size_t rows, void* sums) {
  project_rows(panel, static_cast<const float*>(hidden), rows, kHidden, static_cast<float*>(sums));
}

// sums + input, which are the gates.
template <int kRows, int kTilesHere>
HFTSIM_INLINE void add(Sums<kRows, kTilesHere>& sums, const float* input, std::size_t stride) {
  HFTSIM_UNROLL
  for (int r = 0; r < kRows; ++r) {
    HFTSIM_UNROLL
    for (int t = 0; t < kTilesHere; ++t) {
      HFTSIM_UNROLL
      for (int g = 0; g < 4; ++g) {
        const auto at = static_cast<std::size_t>(r) * stride + static_cast<std::size_t>(4 * t + g) * kLanes;
        sums.at[r][t][g] = load(input + at) + sums.at[r][t][g];
      }
    }
  }
}

// Of all rows, what one tile's cells sum of the layer below.
HFTSIM_INLINE void sum_tile(const Panel& panel, const Step& step, std::size_t tile, float* sums,
                            Cells& waiting) {
  for_each_group(step.rows, [&]<int kRows>(std::size_t row) HFTSIM_GROUP {
    Sums<kRows, 1> here;
    begin(here, static_cast<const float*>(panel.start) + tile * kTile, 0);
    const float* values = static_cast<const float*>(step.below) + row * kHidden;
    multiply_and_update<Float32>(
        kHidden, waiting, [&](std::size_t first, std::size_t past) HFTSIM_INLINE_LAMBDA {
          multiply(here, values, kHidden, weights_of(panel, tile), kHidden, first, past);
        });
    write(here, sums + row * kTile, kTile);
  });
}

// So many rows' input sums of one tile fit into the L1 cache beside its weights, of one panel at a time.
constexpr std::size_t kSlab = 48;

template <class Body>
HFTSIM_INLINE void for_each_slab(const Step& step, const Body& body) {
  const auto from = [](const void* values, std::size_t at) -> const float* {
    return values == nullptr ? nullptr : static_cast<const float*>(values) + at;
  };
  for (std::size_t row = 0; row < step.rows; row += kSlab) {
    const std::size_t at = row * kHidden;
    Step slab = step;
    slab.rows = step.rows - row < kSlab ? step.rows - row : kSlab;
    slab.below = from(step.below, at);
    slab.input = from(step.input, row * step.input_stride);
    slab.before = from(step.before, at);
    slab.cell += at;
    slab.hidden = static_cast<float*>(step.hidden) + at;
    if (step.exact != nullptr) slab.exact += at;
    body(slab);
  }
}

// Of a slab's rows, the cells of one tile, whose gates go into `gates`. Where cells are updated between products
// that is one group's room, and the last group's are left waiting; else it is all rows', which may be `input`
// itself, with kTile for stride.
HFTSIM_INLINE void recur_tile(const Panel& panel, const Step& step, const float* input, std::size_t stride,
                              std::size_t tile, float* gates, Cells& waiting) {
  for_each_group(step.rows, [&]<int kRows>(std::size_t row) HFTSIM_GROUP {
    Sums<kRows, 1> sums;
    begin_at_zero(sums);
    const float* values = static_cast<const float*>(step.before) + row * kHidden;
    multiply_and_update<Float32>(
        kHidden, waiting, [&](std::size_t first, std::size_t past) HFTSIM_INLINE_LAMBDA {
          multiply(sums, values, kHidden, weights_of(panel, tile), kHidden, first, past);
        });
    add(sums, input + row * stride, stride);
    write(sums, kUpdateBetween ? gates : gates + row * kTile, kTile);
    if constexpr (kUpdateBetween) waiting = cells_of(step, kRows, row, tile, gates);
  });
  if constexpr (!kUpdateBetween) {
    Cells all = cells_of(step, step.rows, 0, tile, gates);
    update_all<Float32>(all);
  }
}

// There are no values before: the gates are the input sums.
HFTSIM_INLINE void begin_tile(const Step& step, const float* input, std::size_t stride, std::size_t tile) {
  for (std::size_t row = 0; row < step.rows; ++row)
    update<Float32, true>(cells_of(step, 1, row, tile, input + row * stride), 0);
}

// A single row waits for every cell before its next step: a quarter of the products side by side, and no cells
// between them. All weights are more than the L1 cache holds, so steps go through them to and fro and find there
// what the step before used last. Neither way ends with the units that the next step's sums begin with.
template <class Begin>
HFTSIM_INLINE void update_single(const Step& step, const float* input, const Begin& begin_tiles) {
  constexpr std::size_t kForth[] = {2, 0, 1, 3};
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t tile = kForth[step.backwards ? 3 - i : i] * kTilesAtOnce;
    alignas(64) float gates[kTilesAtOnce * kTile];
    Sums<1, kTilesAtOnce> sums;
    begin_tiles(sums, tile);
    add(sums, input + tile * kTile, 0);
    write(sums, gates, 0);
    HFTSIM_UNROLL
    for (std::size_t t = 0; t < kTilesAtOnce; ++t)
      update<Float32, false>(cells_of(step, 1, 0, tile + t, gates + t * kTile), 0);
  }
}

void recur_single(const Panel& panel, const Step& step, const float* input) {
  update_single(step, input, [&](auto& sums, std::size_t tile) {
    begin_at_zero(sums);
    multiply(sums, static_cast<const float*>(step.before), 0, weights_of(panel, tile), kHidden, 0, kHidden);
  });
}

void finish(const Layer&, const Step& step) {
  update_single(step, static_cast<const float*>(step.input), [&](auto& sums, std::size_t tile) {
    begin(sums, static_cast<const float*>(step.sums) + tile * kTile, 0);
  });
}

void recur(const Layer& layer, const Step& step) {
  const auto* all_input = static_cast<const float*>(step.input);
  if (step.before != nullptr && step.rows == 1) return recur_single(layer.recurrent, step, all_input);
  alignas(64) float gates[(kUpdateBetween ? kRowsAtOnce : kSlab) * kTile];
  Cells waiting;
  for (std::size_t tile = 0; tile < kTiles; ++tile) {
    for_each_slab(step, [&](const Step& slab) HFTSIM_INLINE_LAMBDA {
      const float* input = static_cast<const float*>(slab.input) + tile * kTile;
      if (slab.before == nullptr) {
        begin_tile(slab, input, slab.input_stride, tile);
      } else {
        recur_tile(layer.recurrent, slab, input, slab.input_stride, tile, gates, waiting);
      }
    });
  }
  update_all<Float32>(waiting);
}

void step_slab(const Layer& layer, const Step& step) {
  alignas(64) float input[kSlab * kTile], group[kRowsAtOnce * kTile];
  Cells waiting;
  for (std::size_t tile = 0; tile < kTiles; ++tile) {
    sum_tile(layer.input, step, tile, input, waiting);
    if (step.before == nullptr) {
      begin_tile(step, input, kTile, tile);
    } else {
      recur_tile(layer.recurrent, step, input, kTile, tile, kUpdateBetween ? group : input, waiting);
    }
  }
  update_all<Float32>(waiting);
}

void step_second(const Layer& layer, const Step& step) {
  for_each_slab(step, [&](const Step& slab) { step_slab(layer, slab); });
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
    {kHidden * sizeof(float), 0, 1, 1.0f, &sum, {&recur, &recur}, {&finish, &finish}, &step_second}};

}  // namespace

extern const FloatKernels& HFTSIM_ISA_TABLE;
const FloatKernels& HFTSIM_ISA_TABLE = kTable;

}  // namespace hftsim::models
