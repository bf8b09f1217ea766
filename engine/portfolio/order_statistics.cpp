#include "engine/portfolio/order_statistics.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <limits>

#include "engine/portfolio/return_stream.h"

namespace hftsim {
namespace {

constexpr int kBinBits = 14;
constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;

// Doubles in ascending order have keys in ascending order; -0 is taken as 0.
std::uint64_t key_of_value(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);
  return (bits & kSignBit) != 0 ? ~bits : bits | kSignBit;
}

double value_of_key(std::uint64_t key) {
  return std::bit_cast<double>((key & kSignBit) != 0 ? key ^ kSignBit : ~key);
}

// Looks for one rank: it lies among the `inside` values with keys in [low, low + 2^width_bits), `below`
// values are smaller.
class RankSearch {
 public:
  RankSearch(std::uint64_t rank, std::uint64_t count) : rank_(rank), inside_(count) {}

  bool found() const { return width_bits_ == 0; }
  double value() const { return value_of_key(low_); }

  // Before a pass: collects where the rest fits, else counts.
  void begin_pass(std::size_t buffer_values) {
    collects_ = inside_ <= buffer_values;
    if (collects_) {
      keys_.reserve(inside_);
    } else {
      bins_.assign(std::size_t{1} << std::min(kBinBits, width_bits_), 0);
    }
  }

  void add(std::uint64_t key) {
    const std::uint64_t offset = key - low_;
    if (width_bits_ < 64 && (offset >> width_bits_) != 0) return;
    if (collects_) {
      keys_.push_back(key);
    } else {
      ++bins_[offset >> bin_width_bits()];
    }
  }

  void end_pass() {
    if (collects_) {
      const auto at = keys_.begin() + static_cast<std::ptrdiff_t>(rank_ - below_);
      std::nth_element(keys_.begin(), at, keys_.end());
      low_ = *at;
      width_bits_ = 0;
      return;
    }
    std::size_t bin = 0;
    while (below_ + bins_[bin] <= rank_) below_ += bins_[bin++];
    inside_ = bins_[bin];
    low_ += static_cast<std::uint64_t>(bin) << bin_width_bits();
    width_bits_ = bin_width_bits();
  }

 private:
  int bin_width_bits() const { return std::max(0, width_bits_ - kBinBits); }

  std::uint64_t rank_;
  std::uint64_t low_ = 0;
  int width_bits_ = 64;
  std::uint64_t below_ = 0;
  std::uint64_t inside_;
  bool collects_ = false;
  std::vector<std::uint64_t> bins_;
  std::vector<std::uint64_t> keys_;
};

}  // namespace

std::vector<double> order_statistics(EquitySeries& series, std::uint64_t count,
                                     std::span<const std::uint64_t> ranks, std::size_t buffer_values) {
  std::vector<RankSearch> searches;
  for (const std::uint64_t rank : ranks) {
    assert(rank < count);
    searches.emplace_back(rank, count);
  }
  const auto done = [&] {
    return std::all_of(searches.begin(), searches.end(), [](auto& s) { return s.found(); });
  };
  while (!done()) {
    std::vector<RankSearch*> open;
    for (RankSearch& search : searches) {
      if (search.found()) continue;
      search.begin_pass(buffer_values);
      open.push_back(&search);
    }
    for_each_return(series, [&](const BarReturn& bar) {
      const std::uint64_t key = key_of_value(bar.equity);
      for (RankSearch* search : open) search->add(key);
    });
    for (RankSearch* search : open) search->end_pass();
  }
  std::vector<double> values;
  for (const RankSearch& search : searches) values.push_back(search.value());
  return values;
}

}  // namespace hftsim
