// A cache of a test's own, and bars to put into it.
#pragma once

#include <cstring>
#include <vector>

#include "adapters/cache/bar_cache.h"
#include "tests/adapters/bar_files.h"

namespace hftsim {

inline constexpr std::int64_t kStart2024 = 1'704'067'200'000'000'000;

// Minute bars that open from `first` minutes after 2024 begins on; `shift` makes others of the same times.
inline std::vector<Event> minute_bars(std::int64_t first, std::size_t count, double shift = 0) {
  std::vector<Event> bars;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t minute = first + static_cast<std::int64_t>(i);
    const double price = 100 + static_cast<double>((minute * minute + 1'000'003) % 9973) / 977 + shift;
    bars.push_back(make_bar(Timestamp(kStart2024 + (minute + 1) * kMinute.value), 0,
                            {price, price + 1.1, price - 1.3, price + 0.1, price * price},
                            static_cast<std::uint32_t>(minute % 50)));
  }
  return bars;
}

inline TimeRange minutes(std::int64_t first, std::int64_t last) {
  return {kStart2024 + first * kMinute.value, kStart2024 + last * kMinute.value};
}

class CacheTest : public BarFiles {
 protected:
  std::filesystem::path root() const { return path("cache"); }
  BarCache cache() const { return BarCache(root()); }
  std::filesystem::path file(std::string_view name) const { return root() / folder_of(key_) / name; }

  std::vector<Event> bars_of(const BarCache& cache, TimeRange whole = kAllTimes) const {
    const auto source = cache.open(key_, {.policy = DataPolicy::skip}, whole);
    return read_all(*source);
  }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const CacheFile& file : cache().files(key_).present())
      names.push_back(file.path.filename().string());
    return names;
  }

  CacheKey key_{Market::spot, "BTCUSDT", kMinute};
};

inline void expect_same_bars(const std::vector<Event>& found, const std::vector<Event>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    ASSERT_EQ(found[i].ts_ns, expected[i].ts_ns) << i;
    ASSERT_EQ(std::memcmp(&found[i].bar, &expected[i].bar, sizeof(BarBody)), 0) << i;
    ASSERT_EQ(found[i].trades, expected[i].trades) << i;
    ASSERT_EQ(found[i].flags, expected[i].flags) << i;
  }
}

}  // namespace hftsim
