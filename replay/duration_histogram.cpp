#include "replay/duration_histogram.h"

#include <algorithm>
#include <bit>

namespace hftsim {
namespace {

constexpr std::size_t kSubBits = 5;
constexpr std::size_t kSubBins = 1u << kSubBits;
constexpr std::size_t kBinsPerSign = 64 * kSubBins;

// Exact below 32; above, the leading bit and the five behind it.
std::size_t bin_of(std::uint64_t size) {
  if (size < kSubBins) return size;
  const auto shift = static_cast<std::size_t>(std::bit_width(size)) - kSubBits - 1;
  return (shift + 1) * kSubBins + ((size >> shift) - kSubBins);
}

// The middle of a bin.
std::int64_t value_of(std::size_t bin) {
  if (bin < 2 * kSubBins) return static_cast<std::int64_t>(bin);
  const std::size_t shift = bin / kSubBins - 1;
  const std::uint64_t low = (kSubBins + bin % kSubBins) << shift;
  const std::uint64_t middle = low + ((std::uint64_t{1} << shift) >> 1);
  return static_cast<std::int64_t>(std::min<std::uint64_t>(middle, INT64_MAX));
}

std::uint64_t magnitude(std::int64_t ns) {
  return ns < 0 ? 0 - static_cast<std::uint64_t>(ns) : static_cast<std::uint64_t>(ns);
}

}  // namespace

DurationHistogram::DurationHistogram() : bins_(2 * kBinsPerSign) {}

void DurationHistogram::add(std::int64_t ns) {
  const std::size_t bin = bin_of(magnitude(ns));
  ++bins_[ns < 0 ? kBinsPerSign - 1 - bin : kBinsPerSign + bin];
  ++count_;
  negative_ += ns < 0 ? 1 : 0;
  least_ = std::min(least_, ns);
  greatest_ = std::max(greatest_, ns);
}

std::int64_t DurationHistogram::quantile(double share) const {
  if (count_ == 0) return 0;
  const auto rank = static_cast<std::uint64_t>(share * static_cast<double>(count_ - 1)) + 1;
  if (rank == 1) return least_;
  if (rank == count_) return greatest_;
  std::uint64_t seen = 0;
  std::size_t i = 0;
  while ((seen += bins_[i]) < rank) ++i;
  const std::int64_t value = i < kBinsPerSign ? -value_of(kBinsPerSign - 1 - i) : value_of(i - kBinsPerSign);
  return std::clamp(value, least_, greatest_);
}

}  // namespace hftsim
