// The LSTM with integer products of hidden values, compiled once per instruction set; see lstm_float_isa.cpp for
// what may stand here. Sums of integers are exact, so every instruction set gives the same bits by nature, as
// does every cut of a sum; what follows on them is float arithmetic as there.
//
// Hidden values lie within -1..1 and are multiplied by Format::kScale and rounded. A layer's gate values are
// scale * (sum of products) + input, where the first layer's input comes in float and the second's is the bias.
#include <immintrin.h>  // inline functions only, none of which the linker sees

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
#include "models/native/int_lanes.h"
#include "models/native/lstm_cell.h"
#include "models/native/lstm_groups.h"
// clang-format on

// Signed 16-bit integers in pairs.
template <int kLargest>
struct Pairs {
  using Value = std::int16_t;
  static constexpr float kScale = static_cast<float>(kLargest);
  static constexpr unsigned char kZero = 0;

  [[gnu::always_inline]] static void store(void* hidden, std::size_t at, Lanes values) {
    store_int16(static_cast<Value*>(hidden) + at, to_nearest(values * all(kScale)));
  }
  [[gnu::always_inline]] static IntLanes add(IntLanes sum, IntLanes values, IntLanes weights) {
    return add_pairs(sum, values, weights);
  }
};
using Int16 = Pairs<16384>;

// With VNNI four 8-bit integers at once, the hidden values without sign: 128 more than they are, which the
// weights' sums make up for beforehand. Elsewhere the same integers in pairs.
#ifdef __AVX512VNNI__
struct Int8 {
  using Value = std::uint8_t;
  static constexpr float kScale = 127.0f;
  static constexpr unsigned char kZero = 128;

  [[gnu::always_inline]] static void store(void* hidden, std::size_t at, Lanes values) {
    store_uint8(static_cast<Value*>(hidden) + at,
                add_ints(to_nearest(values * all(kScale)), all_ints(kZero)));
  }
  [[gnu::always_inline]] static IntLanes add(IntLanes sum, IntLanes values, IntLanes weights) {
    return add_quads(sum, values, weights);
  }
};
#else
using Int8 = Pairs<127>;
#endif

template <class Format>
constexpr std::size_t kTogether = 4 / sizeof(typename Format::Value);  // values in a 32-bit lane
template <class Format>
constexpr std::size_t kParts = kHidden / kTogether<Format>;

template <int kRows>
struct Sums {
  IntLanes at[kRows][4];
};

// Where row r's gate g lies, with `stride` between rows.
HFTSIM_INLINE std::size_t place(int r, int g, std::size_t stride) {
  return static_cast<std::size_t>(r) * stride + static_cast<std::size_t>(g) * kLanes;
}

template <int kRows>
HFTSIM_INLINE void begin(Sums<kRows>& sums, const std::int32_t* start, std::size_t stride) {
  HFTSIM_UNROLL
  for (int r = 0; r < kRows; ++r) {
    HFTSIM_UNROLL
    for (int g = 0; g < 4; ++g) sums.at[r][g] = load_ints(start + place(r, g, stride));
  }
}

template <int kRows>
HFTSIM_INLINE void begin_at_zero(Sums<kRows>& sums) {
  HFTSIM_UNROLL
  for (int r = 0; r < kRows; ++r) {
    HFTSIM_UNROLL
    for (int g = 0; g < 4; ++g) sums.at[r][g] = IntLanes{};
  }
}

template <int kRows>
HFTSIM_INLINE void add(Sums<kRows>& sums, const std::int32_t* more, std::size_t stride) {
  HFTSIM_UNROLL
  for (int r = 0; r < kRows; ++r) {
    HFTSIM_UNROLL
    for (int g = 0; g < 4; ++g)
      sums.at[r][g] = add_ints(sums.at[r][g], load_ints(more + place(r, g, stride)));
  }
}

template <int kRows>
HFTSIM_INLINE void write(const Sums<kRows>& sums, std::int32_t* to, std::size_t stride) {
  HFTSIM_UNROLL
  for (int r = 0; r < kRows; ++r) {
    HFTSIM_UNROLL
    for (int g = 0; g < 4; ++g) store_ints(to + place(r, g, stride), sums.at[r][g]);
  }
}

// gates = scale * sums + input.
template <int kRows>
HFTSIM_INLINE void write_gates(const Sums<kRows>& sums, const float* scale, const float* input,
                               std::size_t stride, float* gates) {
  HFTSIM_UNROLL
  for (int r = 0; r < kRows; ++r) {
    HFTSIM_UNROLL
    for (int g = 0; g < 4; ++g) {
      const Lanes in = load(input + place(r, g, stride));
      store(gates + place(r, g, kTile), fma(to_float(sums.at[r][g]), load(scale + place(0, g, 0)), in));
    }
  }
}

// The products of the values together in lanes `first` to before `past` of each row.
template <class Format, int kRows>
HFTSIM_INLINE void multiply(Sums<kRows>& sums, const typename Format::Value* values, const std::byte* weights,
                            std::size_t first, std::size_t past) {
  for (std::size_t k = first; k < past; ++k) {
    IntLanes here[kRows];
    HFTSIM_UNROLL
    for (int r = 0; r < kRows; ++r) {
      std::int32_t together;
      __builtin_memcpy(&together, values + static_cast<std::size_t>(r) * kHidden + k * kTogether<Format>, 4);
      here[r] = all_ints(together);
    }
    const std::byte* tile = weights + k * kTile * sizeof(std::int32_t);
    HFTSIM_UNROLL
    for (int g = 0; g < 4; ++g) {
      const IntLanes weight = load_ints(tile + place(0, g, 0) * sizeof(std::int32_t));
      HFTSIM_UNROLL
      for (int r = 0; r < kRows; ++r) sums.at[r][g] = Format::add(sums.at[r][g], here[r], weight);
    }
  }
}

template <class Format>
HFTSIM_INLINE const std::byte* weights_of(const Panel& panel, std::size_t tile) {
  return static_cast<const std::byte*>(panel.weights) + tile * kParts<Format> * kTile * sizeof(std::int32_t);
}

HFTSIM_INLINE const std::int32_t* start_of(const Panel& panel, std::size_t tile) {
  return static_cast<const std::int32_t*>(panel.start) + tile * kTile;
}

template <class Format>
HFTSIM_INLINE const typename Format::Value* row_of(const void* hidden, std::size_t row) {
  return static_cast<const typename Format::Value*>(hidden) + row * kHidden;
}

template <class Format>
void sum(const Panel& panel, const void* hidden, std::size_t rows, void* sums) {
  auto* out = static_cast<std::int32_t*>(sums);
  for (std::size_t tile = 0; tile < kTiles; ++tile) {
    for_each_group(rows, [&]<int kRows>(std::size_t row) HFTSIM_GROUP {
      Sums<kRows> here;
      begin(here, start_of(panel, tile), 0);
      multiply<Format>(here, row_of<Format>(hidden, row), weights_of<Format>(panel, tile), 0, kParts<Format>);
      write(here, out + row * kGateRows + tile * kTile, kGateRows);
    });
  }
}

// sums += the products of one row group's hidden values, with waiting cells updated between them.
template <class Format, int kRows>
HFTSIM_INLINE void multiply_hidden(Sums<kRows>& sums, const Panel& panel, const void* hidden, std::size_t row,
                                   std::size_t tile, Cells& waiting) {
  const auto* values = row_of<Format>(hidden, row);
  const auto* weights = weights_of<Format>(panel, tile);
  multiply_and_update<Format>(kParts<Format>, waiting,
                              [&](std::size_t first, std::size_t past) HFTSIM_INLINE_LAMBDA {
                                multiply<Format>(sums, values, weights, first, past);
                              });
}

// What a layer's sums are added to in float: the input of the first, the bias of the second.
template <bool kSecond, int kRows>
HFTSIM_INLINE void write_gates_of(const Sums<kRows>& sums, const Layer& layer, const Step& step,
                                  std::size_t row, std::size_t tile, float* gates) {
  const float* scale = layer.scale + tile * kTile;
  if constexpr (kSecond) {
    write_gates(sums, scale, layer.bias + tile * kTile, 0, gates);
  } else {
    const float* input = static_cast<const float*>(step.input) + row * step.input_stride + tile * kTile;
    write_gates(sums, scale, input, step.input_stride, gates);
  }
}

HFTSIM_INLINE const std::int32_t* input_sums(const Step& step, std::size_t row, std::size_t tile) {
  return static_cast<const std::int32_t*>(step.input) + row * step.input_stride + tile * kTile;
}

// kSecond: which layer; kBelow: its input sums are yet to be worked out; kFirst: there are no values before.
template <class Format, bool kSecond, bool kBelow, bool kFirst>
void run(const Layer& layer, const Step& step) {
  GateBuffer buffer;
  Cells waiting;
  for (std::size_t tile = 0; tile < kTiles; ++tile) {
    for_each_group(step.rows, [&]<int kRows>(std::size_t row) HFTSIM_GROUP {
      float* gates = buffer.not_of(waiting);
      Sums<kRows> sums;
      if constexpr (kBelow) {
        begin(sums, start_of(layer.input, tile), 0);
        multiply_hidden<Format>(sums, layer.input, step.below, row, tile, waiting);
      } else if constexpr (kSecond) {
        begin(sums, input_sums(step, row, tile), step.input_stride);
      } else if constexpr (kFirst) {
        begin_at_zero(sums);
      } else {
        begin(sums, start_of(layer.recurrent, tile), 0);
      }
      if constexpr (!kFirst) {
        if constexpr (kSecond) add(sums, start_of(layer.recurrent, tile), 0);
        multiply_hidden<Format>(sums, layer.recurrent, step.before, row, tile, waiting);
      }
      write_gates_of<kSecond>(sums, layer, step, row, tile, gates);
      waiting = cells_of(step, kRows, row, tile, gates);
      // Between products of integers, which are few, only a single row's cells gain.
      if constexpr (!kUpdateBetween || kRows > 1 || kFirst) update_all<Format, kFirst>(waiting);
    });
  }
  update_all<Format, kFirst>(waiting);
}

template <class Format, bool kSecond>
void recur(const Layer& layer, const Step& step) {
  if (step.before == nullptr) return run<Format, kSecond, false, true>(layer, step);
  run<Format, kSecond, false, false>(layer, step);
}

template <class Format>
void step_second(const Layer& layer, const Step& step) {
  if (step.before == nullptr) return run<Format, true, true, true>(layer, step);
  run<Format, true, true, false>(layer, step);
}

template <class Format, bool kSecond>
void finish(const Layer& layer, const Step& step) {
  GateBuffer buffer;
  for (std::size_t tile = 0; tile < kTiles; ++tile) {
    Sums<1> sums;
    begin(sums, static_cast<const std::int32_t*>(step.sums) + tile * kTile, 0);
    if constexpr (kSecond) add(sums, input_sums(step, 0, tile), 0);
    write_gates_of<kSecond>(sums, layer, step, 0, tile, buffer.halves[0]);
    update<Format, false>(cells_of(step, 1, 0, tile, buffer.halves[0]), 0);
  }
}

template <class Format>
constexpr LayerKernels layer_kernels() {
  return {kHidden * sizeof(typename Format::Value),
          Format::kZero,
          kTogether<Format>,
          Format::kScale,
          &sum<Format>,
          {&recur<Format, false>, &recur<Format, true>},
          {&finish<Format, false>, &finish<Format, true>},
          &step_second<Format>};
}

constexpr ReducedKernels kTable = {layer_kernels<Int16>(), layer_kernels<Int8>()};

}  // namespace

extern const ReducedKernels& HFTSIM_ISA_TABLE;
const ReducedKernels& HFTSIM_ISA_TABLE = kTable;

}  // namespace hftsim::models
