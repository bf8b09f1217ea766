// How the kernels go through rows and tiles, and when cells are updated. Included by the kernels inside their
// unnamed namespace, after the lanes and the cell. A Format says how hidden values are stored:
// Format::store(hidden values, index, Lanes).

constexpr std::size_t kTile = 4 * kLanes, kTiles = kGateRows / kTile;

// A single row takes a quarter of the tiles at once.
constexpr int kTilesAtOnce = kTiles / 4;

// How many rows are summed at once: as many sums as there are registers, so that each weight that is loaded serves
// all rows. kUpdateBetween: see multiply_and_update().
#if defined(__AVX512F__)
constexpr int kRowsAtOnce = 6;
constexpr bool kUpdateBetween = true;
#elif defined(__AVX2__)
constexpr int kRowsAtOnce = 3;
constexpr bool kUpdateBetween = false;
#else
constexpr int kRowsAtOnce = 2;
constexpr bool kUpdateBetween = false;
#endif

// Calls `body.operator()<kRows>(first row)` for all rows, in groups of nearly the same size.
template <int kRows, class Body>
HFTSIM_INLINE void with_size(std::size_t rows, std::size_t row, const Body& body) {
  if (rows == static_cast<std::size_t>(kRows)) {
    body.template operator()<kRows>(row);
  } else if constexpr (kRows > 1) {
    with_size<kRows - 1>(rows, row, body);
  }
}

template <class Body>
HFTSIM_INLINE void for_each_group(std::size_t rows, const Body& body) {
  const std::size_t groups = (rows + kRowsAtOnce - 1) / kRowsAtOnce;
  const std::size_t size = rows / groups, larger = rows % groups;
  for (std::size_t group = 0, row = 0; group < groups; ++group) {
    const std::size_t here = size + (group < larger ? 1 : 0);
    with_size<kRowsAtOnce>(here, row, body);
    row += here;
  }
}

// Cells whose gates are there but which are yet to be updated, of neighbouring rows in one tile.
struct Cells {
  std::size_t rows = 0;
  const float* gates = nullptr;  // [row][kTile]
  float* cell = nullptr;         // rows of kHidden
  float* exact = nullptr;        // rows of kHidden, or null
  void* hidden = nullptr;        // of the step, from its first row on
  std::size_t hidden_at = 0;     // the first cell's index there
};

HFTSIM_INLINE Cells cells_of(const Step& step, std::size_t rows, std::size_t row, std::size_t tile,
                             const float* gates) {
  const std::size_t at = row * kHidden + tile * kLanes;
  return {rows, gates, step.cell + at, step.exact == nullptr ? nullptr : step.exact + at, step.hidden, at};
}

template <bool kFirst>
HFTSIM_INLINE void update_cell(const Cells& cells, std::size_t row) {
  const float* gates = cells.gates + row * kTile;
  float* cell = cells.cell + row * kHidden;
  const Lanes before = kFirst ? Lanes{} : load(cell);
  store(cell, next_cell(load(gates), load(gates + kLanes), load(gates + 2 * kLanes), before));
}

template <class Format>
HFTSIM_INLINE void update_hidden(const Cells& cells, std::size_t row) {
  const std::size_t at = row * kHidden;
  const Lanes hidden = hidden_of(load(cells.gates + row * kTile + 3 * kLanes), load(cells.cell + at));
  Format::store(cells.hidden, cells.hidden_at + at, hidden);
  if (cells.exact != nullptr) store(cells.exact + at, hidden);
}

template <class Format, bool kFirst>
HFTSIM_INLINE void update(const Cells& cells, std::size_t row) {
  update_cell<kFirst>(cells, row);
  update_hidden<Format>(cells, row);
}

// In two passes: a row's cell and hidden values are one long chain, and the processor looks only so many
// instructions ahead; of half the chain it has twice as many rows in hand.
template <class Format, bool kFirst = false>
HFTSIM_INLINE void update_all(Cells& cells) {
  for (std::size_t row = 0; row < cells.rows; ++row) update_cell<kFirst>(cells, row);
  for (std::size_t row = 0; row < cells.rows; ++row) update_hidden<Format>(cells, row);
  cells.rows = 0;
}

// Cells that wait are updated between the products of the next group, a row at a time: multiplying leaves the
// units that add and compare idle, and updating keeps them busy. That takes registers beside the sums.
// `multiply(first, past)` adds the products of these of `inputs`.
template <class Format, class Multiply>
HFTSIM_INLINE void multiply_and_update(std::size_t inputs, Cells& waiting, const Multiply& multiply) {
  std::size_t k = 0;
  if (kUpdateBetween && waiting.rows > 0) {
    const std::size_t part = inputs / waiting.rows;
    for (std::size_t row = 0; row < waiting.rows; ++row, k += part) {
      multiply(k, k + part);
      update<Format, false>(waiting, row);
    }
    waiting.rows = 0;
  }
  multiply(k, inputs);
}

// Room for the gates of two groups: one that is being summed, one whose cells wait.
struct GateBuffer {
  alignas(64) float halves[2][kRowsAtOnce * kTile];
  float* not_of(const Cells& waiting) { return waiting.gates == halves[0] ? halves[1] : halves[0]; }
};
