#include "engine/features/feature_set.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

#include "engine/core/errors.h"
#include "engine/core/fnv.h"
#include "engine/features/catalog.h"

namespace hftsim::features {
FeatureSet::FeatureSet(std::vector<std::string> names, FeatureSetOptions options)
    : names_(std::move(names)), options_(options), row_(names_.size() + 1), open_ns_(kFrameBars) {
  GraphBuilder graph;
  for (std::uint32_t slot = 0; slot < size(); ++slot) {
    if (std::find(names_.begin(), names_.begin() + slot, names_[slot]) != names_.begin() + slot) {
      throw BadInput("features", "'" + names_[slot] + "' twice", "every feature once");
    }
    warmup_bars_ = std::max(warmup_bars_, build_feature(graph, names_[slot], slot));
  }
  std::vector<NodeSpec> rows = graph.nodes();
  history_ = std::make_unique<History>(graph.series(), lay_out_rows(graph.series(), rows));
  program_ = std::make_unique<Program>(graph.nodes(), rows, *history_, kernels_for(options.isa), size());
  scratch_.resize(kFrameBars);
  states_kept_.resize(program_->states().size());
  frame_.open_ns = open_ns_.data();
  frame_.no_slot = size();
  frame_.scratch = scratch_.data();
}

std::uint32_t FeatureSet::slot(const std::string& name) const {
  return slot_of(name, names_);
}

// bar_at(i) gives the i-th new bar.
template <class BarAt>
void FeatureSet::load(BarAt bar_at, int n) {
  double* const open = history_->input(kOpen);
  double* const high = history_->input(kHigh);
  double* const low = history_->input(kLow);
  double* const close = history_->input(kClose);
  double* const volume = history_->input(kVolume);
  double* const trades = history_->input(kTrades);
  std::int64_t* const open_ns = open_ns_.data();
  const std::int64_t interval_ns = options_.bar_interval.value;
  for (int i = 0; i < n; ++i) {
    const Event& event = bar_at(static_cast<std::size_t>(i));
    assert(event.kind == EventKind::bar);
    open[i] = event.bar.open;
    high[i] = event.bar.high;
    low[i] = event.bar.low;
    close[i] = event.bar.close;
    volume[i] = event.bar.volume;
    trades[i] = trade_count(event);
    open_ns[i] = event.ts_ns - interval_ns;
  }
  if (interval_ns == 0) open_where_the_last_closed(n);
}

// Irregular bars: what open_ns_ holds are closing times.
void FeatureSet::open_where_the_last_closed(int n) {
  for (int i = 0; i < n; ++i) {
    std::int64_t& open_ns = open_ns_[static_cast<std::size_t>(i)];
    const std::int64_t close_ns = open_ns;
    if (bars_seen_ > 0 || i > 0) open_ns = previous_close_ns_;
    previous_close_ns_ = close_ns;
  }
}

std::size_t FeatureSet::cold_rows(const double* out, std::size_t stride, int n) {
  for (int i = 0; i < n; ++i) {
    bool known = true;
    for (std::size_t f = 0; f < names_.size() && known; ++f) {
      known = !std::isnan(out[f * stride + static_cast<std::size_t>(i)]);
    }
    if (known) {
      warm_ = true;
      return static_cast<std::size_t>(i);
    }
  }
  return static_cast<std::size_t>(n);
}

void FeatureSet::begin_frame(int n, double* out, std::size_t stride) {
  frame_.pos = history_->pos();
  frame_.step = history_->step();
  frame_.n = n;
  frame_.out = out;
  frame_.stride = stride;
}

// Writes the bar's place in the history, the row and what recursive operators carry, and does not move on.
void FeatureSet::run_bar(const Event& bar) {
  history_->begin_bar();
  load([&bar](std::size_t) -> const Event& { return bar; }, 1);
  begin_frame(1, row_.data(), 1);
  program_->run_bar(frame_);
}

void FeatureSet::rehearse(const Event& bar) {
  const std::int64_t previous_close_ns = previous_close_ns_;
  std::ranges::copy(program_->states(), states_kept_.begin());
  run_bar(bar);
  std::ranges::copy(states_kept_, program_->states().begin());
  previous_close_ns_ = previous_close_ns;
}

std::span<const double> FeatureSet::update(const Event& bar) {
  run_bar(bar);
  history_->advance(1);
  ++bars_seen_;
  if (!warm_) cold_rows(row_.data(), 1, 1);
  return {row_.data(), size()};
}

std::size_t FeatureSet::update(std::span<const Event> bars, double* out, std::size_t stride) {
  return advance([at = bars.data()](std::size_t i) -> const Event& { return at[i]; }, bars.size(), out,
                 stride);
}

std::size_t FeatureSet::update(std::span<const Event> events, std::span<const std::uint32_t> index,
                               double* out, std::size_t stride) {
  const auto bar_at = [at = events.data(), i = index.data()](std::size_t k) -> const Event& {
    return at[i[k]];
  };
  return advance(bar_at, index.size(), out, stride);
}

template <class BarAt>
std::size_t FeatureSet::advance_few(BarAt bar_at, std::size_t bars, double* out, std::size_t stride) {
  std::size_t cold = 0;
  for (std::size_t i = 0; i < bars; ++i) {
    const std::span<const double> row = update(bar_at(i));
    cold += warm_ ? 0 : 1;
    for (std::size_t f = 0; f < row.size(); ++f) out[f * stride + i] = row[f];
  }
  return cold;
}

template <class BarAt>
std::size_t FeatureSet::advance(BarAt bar_at, std::size_t bars, double* out, std::size_t stride) {
  if (bars == 1 || (bars < kFewBars && history_->has_rows())) return advance_few(bar_at, bars, out, stride);
  std::size_t cold = 0;
  for (std::size_t first = 0; first < bars;) {
    const std::size_t count = std::min<std::size_t>(bars - first, kFrameBars);
    const int n = static_cast<int>(count);
    history_->begin_bars(count);
    load([&bar_at, first](std::size_t i) -> const Event& { return bar_at(first + i); }, n);
    begin_frame(n, out + first, stride);
    program_->run_block(frame_);
    if (!warm_) cold += cold_rows(out + first, stride, n);
    history_->advance(count);
    bars_seen_ += count;
    first += count;
  }
  return cold;
}

std::uint64_t FeatureSet::identity() const {
  constexpr char kLayout = 2;  // raised where another series or state is kept, or in another order
  std::uint64_t hash = fnv1a({&kLayout, 1}, kFnvBasis);
  for (const std::string& name : names_) hash = fnv1a({name.c_str(), name.size() + 1}, hash);
  const std::int64_t interval_ns = options_.bar_interval.value;
  hash = fnv1a({reinterpret_cast<const char*>(&interval_ns), sizeof interval_ns}, hash);
  return hash;
}

namespace {

struct StateHeader {
  std::uint64_t identity;
  std::uint64_t bars_seen;
  std::int64_t previous_close_ns;
  std::uint64_t warm;
};

}  // namespace

std::vector<std::byte> FeatureSet::save() const {
  const StateHeader header{identity(), bars_seen_, previous_close_ns_, warm_ ? 1U : 0U};
  const std::span<const double> states = program_->states();
  std::vector<double> numbers(states.size() + history_->saved_size());
  std::copy(states.begin(), states.end(), numbers.begin());
  history_->save(numbers.data() + states.size());
  std::vector<std::byte> saved(sizeof header + numbers.size() * sizeof(double));
  std::memcpy(saved.data(), &header, sizeof header);
  if (!numbers.empty())
    std::memcpy(saved.data() + sizeof header, numbers.data(), numbers.size() * sizeof(double));
  return saved;
}

void FeatureSet::restore(std::span<const std::byte> state) {
  const std::span<double> states = program_->states();
  std::vector<double> numbers(states.size() + history_->saved_size());
  const std::size_t expected = sizeof(StateHeader) + numbers.size() * sizeof(double);
  StateHeader header{};
  if (state.size() == expected) std::memcpy(&header, state.data(), sizeof header);
  if (state.size() != expected || header.identity != identity()) {
    throw BadInput(
        "saved feature state", "one of another feature set (" + std::to_string(state.size()) + " bytes)",
        "one saved with the same features, windows and interval (" + std::to_string(expected) + " bytes)");
  }
  if (!numbers.empty())
    std::memcpy(numbers.data(), state.data() + sizeof header, numbers.size() * sizeof(double));
  std::copy_n(numbers.begin(), states.size(), states.begin());
  history_->restore(numbers.data() + states.size());
  bars_seen_ = header.bars_seen;
  previous_close_ns_ = header.previous_close_ns;
  warm_ = header.warm != 0;
}

}  // namespace hftsim::features
