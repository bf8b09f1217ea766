// A series of any length as a chart can show it: neighbouring items are merged into buckets of a power of two,
// doubled whenever there are more than kPoints. What merging keeps is the bucket's own business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hftsim {

inline constexpr std::size_t kChartPoints = 4096;

// Bucket: `void merge(const Bucket& later)` takes the one that follows into it.
template <class Bucket, std::size_t kPoints = kChartPoints>
class ChartBuckets {
  static_assert(kPoints % 2 == 0);

 public:
  ChartBuckets() { buckets_.reserve(kPoints); }

  void add(const Bucket& item) {
    if (in_bucket_ == 0) {
      if (buckets_.size() == kPoints) halve();
      buckets_.push_back(item);
    } else {
      buckets_.back().merge(item);
    }
    in_bucket_ = (in_bucket_ + 1) % items_per_bucket_;
    ++items_;
  }

  const std::vector<Bucket>& buckets() const { return buckets_; }
  std::uint64_t items() const { return items_; }
  std::uint64_t items_per_bucket() const { return items_per_bucket_; }  // the last may hold fewer

 private:
  // Called with all buckets full: pairs become one.
  void halve() {
    for (std::size_t i = 0; i < buckets_.size() / 2; ++i) {
      buckets_[i] = buckets_[2 * i];
      buckets_[i].merge(buckets_[2 * i + 1]);
    }
    buckets_.resize(buckets_.size() / 2);
    items_per_bucket_ *= 2;
  }

  std::vector<Bucket> buckets_;
  std::uint64_t items_per_bucket_ = 1;
  std::uint64_t in_bucket_ = 0;
  std::uint64_t items_ = 0;
};

}  // namespace hftsim
