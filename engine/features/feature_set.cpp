#include "engine/features/feature_set.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>

#include "engine/core/errors.h"
#include "engine/core/fnv.h"
#include "engine/features/catalog.h"

namespace hftsim::features {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::uint32_t padded(std::uint32_t bars) {
  return (bars + 7) / 8 * 8;
}

// Long windows get longer columns, so that moving their history to the front stays rare.
std::size_t span_for(std::span<const SeriesSpec> series) {
  std::size_t longest = 0;
  for (const SeriesSpec& s : series) longest = std::max<std::size_t>(longest, s.pad);
  return std::clamp<std::size_t>(longest / 4 / kFrameBars * kFrameBars, kFrameBars, 16 * kFrameBars);
}

// Where the columns begin, in doubles from the start of their memory, and how much they take together. Columns
// whose beginnings are a multiple of 4 KiB apart get into each other's way: a processor takes a load for one
// of a value just stored when the lowest 12 bits of the addresses agree, and they share cache sets. So each
// begins in the next of the 64 cache lines of 4 KiB that the fewest others began in.
struct ColumnPlaces {
  std::vector<std::size_t> bases;
  std::size_t size = 0;
};

ColumnPlaces place_columns(std::span<const SeriesSpec> series, std::size_t span_bars) {
  constexpr std::size_t kLine = 64 / sizeof(double), kLines = 64;
  ColumnPlaces places;
  std::array<std::uint32_t, kLines> begun{};
  for (const SeriesSpec& s : series) {
    std::size_t base = places.size + padded(s.pad);
    const std::uint32_t fewest = *std::min_element(begun.begin(), begun.end());
    while (begun[base / kLine % kLines] > fewest) base += kLine;
    ++begun[base / kLine % kLines];
    places.bases.push_back(base);
    places.size = base + span_bars;
  }
  return places;
}

std::size_t entry_count(const std::vector<NodeSpec>& nodes) {
  std::size_t count = 0;
  for (const NodeSpec& node : nodes) count += node.entries.size();
  return count;
}

std::size_t state_count(const std::vector<NodeSpec>& nodes) {
  std::size_t count = 0;
  for (const NodeSpec& node : nodes) {
    for (const EntrySpec& entry : node.entries) count += entry.state_count;
  }
  return count;
}

// How many outputs are asked for in every entry, counted from the first.
std::uint32_t asked_for(const NodeSpec& node) {
  std::ptrdiff_t fewest = std::ssize(EntrySpec{}.out);
  for (const EntrySpec& entry : node.entries) {
    fewest = std::min(fewest, std::find(entry.out.begin(), entry.out.end(), kNoSlot) - entry.out.begin());
  }
  return static_cast<std::uint32_t>(fewest);
}

}  // namespace

FeatureSet::FeatureSet(std::vector<std::string> names, FeatureSetOptions options)
    : names_(std::move(names)), options_(options), kernels_(&kernels_for(options.isa)) {
  GraphBuilder graph;
  for (std::uint32_t slot = 0; slot < size(); ++slot) {
    if (std::find(names_.begin(), names_.begin() + slot, names_[slot]) != names_.begin() + slot) {
      throw BadInput("features", "'" + names_[slot] + "' twice", "every feature once");
    }
    warmup_bars_ = std::max(warmup_bars_, build_feature(graph, names_[slot], slot));
  }
  lay_out(graph);
  rewind();
}

std::uint32_t FeatureSet::slot(const std::string& name) const {
  return slot_of(name, names_);
}

void FeatureSet::lay_out(const GraphBuilder& graph) {
  const std::vector<NodeSpec> nodes = graph.nodes();
  span_bars_ = span_for(graph.series());
  std::size_t bytes = Arena::bytes_for<Entry>(entry_count(nodes)) +
                      Arena::bytes_for<double>(state_count(nodes)) + Arena::bytes_for<double>(kFrameBars) +
                      Arena::bytes_for<double>(names_.size()) + Arena::bytes_for<std::int64_t>(kFrameBars);
  const ColumnPlaces places = place_columns(graph.series(), span_bars_);
  bytes += Arena::bytes_for<double>(places.size);
  arena_ = std::make_unique<Arena>(bytes);

  double* const memory = arena_->allocate<double>(places.size).data();
  for (std::size_t i = 0; i < places.bases.size(); ++i) {
    columns_.push_back({memory + places.bases[i], padded(graph.series()[i].pad)});
  }
  entries_ = arena_->allocate<Entry>(entry_count(nodes));
  states_ = arena_->allocate<double>(state_count(nodes));
  scratch_ = arena_->allocate<double>(kFrameBars);
  row_ = arena_->allocate<double>(names_.size());
  open_ns_ = arena_->allocate<std::int64_t>(kFrameBars);
  compile(nodes);
}

void FeatureSet::compile(const std::vector<NodeSpec>& nodes) {
  for (const NodeSpec& spec : nodes) {
    Node node;
    node.block = kernels_->block[static_cast<std::size_t>(spec.op)];
    node.single = kernels_->single[static_cast<std::size_t>(spec.op)];
    node.first = entries_.data() + entries_used_;
    node.past = node.first + spec.entries.size();
    node.outputs = asked_for(spec);
    for (const EntrySpec& entry : spec.entries) entries_[entries_used_++] = resolve(entry);
    nodes_.push_back(node);
  }
  Node last;
  last.single = [](const Node&, const Frame&) {
  };
  nodes_.push_back(last);
}

Entry FeatureSet::resolve(const EntrySpec& spec) {
  Entry entry;
  for (std::size_t i = 0; i < spec.in.size(); ++i) {
    if (spec.in[i] != kNoSeries) entry.in[i] = columns_[spec.in[i]].base - spec.back[i];
  }
  for (std::size_t i = 0; i < spec.made.size(); ++i) {
    if (spec.made[i] != kNoSeries) entry.made[i] = columns_[spec.made[i]].base;
  }
  entry.window = spec.window;
  std::copy(spec.k.begin(), spec.k.end(), entry.k);
  std::transform(spec.out.begin(), spec.out.end(), entry.out,
                 [this](std::uint32_t slot) { return slot == kNoSlot ? size() : slot; });
  if (spec.state_count > 0) {
    entry.state = states_.data() + states_used_;
    std::fill_n(entry.state, spec.state_count, spec.state_initial);
    states_used_ += spec.state_count;
  }
  return entry;
}

// Before the first bar every column holds NaN: that is what makes a window unknown until it is full.
void FeatureSet::rewind() {
  for (const Column& column : columns_) std::fill_n(column.base - column.pad, column.pad, kNaN);
}

void FeatureSet::make_room(std::size_t bars) {
  if (pos_ + bars <= span_bars_) return;
  for (const Column& column : columns_) {
    std::memmove(column.base - column.pad, column.base + pos_ - column.pad, column.pad * sizeof(double));
  }
  pos_ = 0;
}

// bar_at(i) gives the i-th new bar.
template <class BarAt>
void FeatureSet::load(BarAt bar_at, int n) {
  double* const open = columns_[kOpen].base + pos_;
  double* const high = columns_[kHigh].base + pos_;
  double* const low = columns_[kLow].base + pos_;
  double* const close = columns_[kClose].base + pos_;
  double* const volume = columns_[kVolume].base + pos_;
  double* const trades = columns_[kTrades].base + pos_;
  std::int64_t* const open_ns = open_ns_.data();
  const std::int64_t interval_ns = options_.bar_interval.value;
  for (int i = 0; i < n; ++i) {
    const Event& event = bar_at(i);
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

// Where the row is not in one piece, it is computed in one and then spread over the columns.
void FeatureSet::run_bar(double* out, std::size_t stride) {
  double* const row = stride == 1 ? out : row_.data();
  const Frame frame{pos_, 1, row, 1, open_ns_.data(), size(), scratch_.data()};
  nodes_[0].single(nodes_[0], frame);
  if (stride == 1) return;
  for (std::size_t f = 0; f < names_.size(); ++f) out[f * stride] = row[f];
}

void FeatureSet::run_block(int n, double* out, std::size_t stride) {
  const Frame frame{pos_, n, out, stride, open_ns_.data(), size(), scratch_.data()};
  for (const Node& node : std::span(nodes_).first(nodes_.size() - 1)) node.block(node, frame);
}

std::size_t FeatureSet::advance(const Event* events, const std::uint32_t* index, std::size_t bars,
                                double* out, std::size_t stride) {
  std::size_t cold = 0;
  for (std::size_t first = 0; first < bars;) {
    const std::size_t count = std::min<std::size_t>(bars - first, kFrameBars);
    const int n = static_cast<int>(count);
    make_room(count);
    if (index == nullptr) {
      load([at = events + first](int i) -> const Event& { return at[i]; }, n);
    } else {
      load([events, at = index + first](int i) -> const Event& { return events[at[i]]; }, n);
    }
    if (n == 1) {
      run_bar(out + first, stride);
    } else {
      run_block(n, out + first, stride);
    }
    if (!warm_) cold += cold_rows(out + first, stride, n);
    pos_ += count;
    bars_seen_ += count;
    first += count;
  }
  return cold;
}

std::uint64_t FeatureSet::identity() const {
  std::uint64_t hash = kFnvBasis;
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
  std::vector<std::byte> saved;
  const auto put = [&saved](const void* data, std::size_t size) {
    const std::size_t before = saved.size();
    saved.resize(before + size);
    if (size > 0) std::memcpy(saved.data() + before, data, size);
  };
  const StateHeader header{identity(), bars_seen_, previous_close_ns_, warm_ ? 1U : 0U};
  put(&header, sizeof header);
  put(states_.data(), states_.size_bytes());
  for (const Column& column : columns_) put(column.base + pos_ - column.pad, column.pad * sizeof(double));
  return saved;
}

void FeatureSet::restore(std::span<const std::byte> state) {
  std::size_t expected = sizeof(StateHeader) + states_.size_bytes();
  for (const Column& column : columns_) expected += column.pad * sizeof(double);
  StateHeader header{};
  if (state.size() == expected) std::memcpy(&header, state.data(), sizeof header);
  if (state.size() != expected || header.identity != identity()) {
    throw BadInput(
        "saved feature state", "one of another feature set (" + std::to_string(state.size()) + " bytes)",
        "one saved with the same features, windows and interval (" + std::to_string(expected) + " bytes)");
  }
  const std::byte* from = state.data() + sizeof header;
  const auto take = [&from](void* to, std::size_t size) {
    std::memcpy(to, from, size);
    from += size;
  };
  take(states_.data(), states_.size_bytes());
  pos_ = 0;
  for (const Column& column : columns_) take(column.base - column.pad, column.pad * sizeof(double));
  bars_seen_ = header.bars_seen;
  previous_close_ns_ = header.previous_close_ns;
  warm_ = header.warm != 0;
}

}  // namespace hftsim::features
