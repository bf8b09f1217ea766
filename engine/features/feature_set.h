// A set of features over the bars of one instrument: names in, one row per bar out. What was asked for is
// computed once, in O(1) per bar and operator, and a row is the same bits whether its bar comes alone or in a
// block, on any processor, beside any other features.
//
// A value is NaN until its window is full (price_position: 0.5). Division by zero follows IEEE. Errors of
// rounding do not grow with the length of the run (ops/ladders.h).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/core/event.h"
#include "engine/core/units.h"
#include "engine/features/history.h"
#include "engine/features/kernels.h"
#include "engine/features/program.h"

namespace hftsim::features {

struct FeatureSetOptions {
  Duration bar_interval = kMinute;  // 0: a bar opens where the one before closed
  Isa isa = detect_isa();
};

class FeatureSet {
 public:
  // Names as in catalog.h, each once. Throws BadInput for a name that is not known.
  explicit FeatureSet(std::vector<std::string> names, FeatureSetOptions options = {});
  FeatureSet(FeatureSet&&) noexcept = default;
  FeatureSet& operator=(FeatureSet&&) noexcept = default;

  std::span<const std::string> names() const { return names_; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }

  // Position of a name in the row; throws BadInput with the nearest names.
  std::uint32_t slot(const std::string& name) const;

  // The next bars, in time order. Row i goes to out[slot * stride + i]. Returns how many rows at the front
  // are not warm: a row is warm from the first one on in which no value is NaN.
  std::size_t update(std::span<const Event> bars, double* out, std::size_t stride);

  // The same for bars that lie among others: bar i is events[index[i]].
  std::size_t update(std::span<const Event> events, std::span<const std::uint32_t> index, double* out,
                     std::size_t stride);

  // One bar. Its row is valid until the next update.
  std::span<const double> update(const Event& bar);

  // Computes the row of a bar that may come and forgets it: code and memory are then in the processor's caches, and the
  // next bar that comes alone waits for neither. Later rows are what they would have been.
  void rehearse(const Event& bar);

  // Whether every value of some row so far was known.
  bool warm() const { return warm_; }

  // Bars until the first warm row, from the windows alone.
  std::uint32_t warmup_bars() const { return warmup_bars_; }
  std::uint64_t bars_seen() const { return bars_seen_; }

  // Everything that later rows depend on. restore() throws BadInput where the state is of another set.
  std::vector<std::byte> save() const;
  void restore(std::span<const std::byte> state);

 private:
  // So few bars go one by one: a block has more to start than they have to do.
  static constexpr std::size_t kFewBars = 8;

  // `bar_at(i)` gives the i-th new bar.
  template <class BarAt>
  std::size_t advance(BarAt bar_at, std::size_t bars, double* out, std::size_t stride);
  template <class BarAt>
  std::size_t advance_few(BarAt bar_at, std::size_t bars, double* out, std::size_t stride);
  template <class BarAt>
  void load(BarAt bar_at, int n);
  void open_where_the_last_closed(int n);
  void run_bar(const Event& bar);
  void begin_frame(int n, double* out, std::size_t stride);
  std::size_t cold_rows(const double* out, std::size_t stride, int n);
  std::uint64_t identity() const;

  std::vector<std::string> names_;
  FeatureSetOptions options_;
  std::uint32_t warmup_bars_ = 0;

  std::unique_ptr<History> history_;
  std::unique_ptr<Program> program_;
  std::vector<double> scratch_;
  std::vector<double> row_;  // of a single bar; the last takes what nobody asked for
  std::vector<std::int64_t> open_ns_;
  std::vector<double> states_kept_;  // while a bar is rehearsed
  Frame frame_{};

  std::uint64_t bars_seen_ = 0;
  std::int64_t previous_close_ns_ = 0;
  bool warm_ = false;
};

}  // namespace hftsim::features
