// The Parquet files of one key, and how several of them are replaced at once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/cache/cache_key.h"
#include "adapters/cache/calendar_period.h"

namespace hftsim {

// What a file's footer says besides its rows.
inline constexpr const char* kCoveredKey =
    "hftsim.covered";  // TimeRanges that it has bars of or that were asked for

struct CacheFile {
  std::filesystem::path path;
  TimeRange period;
};

class CacheFiles {
 public:
  CacheFiles(const std::filesystem::path& root, const CacheKey& key);

  const std::filesystem::path& folder() const { return folder_; }
  CalendarPeriod period() const { return period_; }

  // Those that are there and whose period touches `whole`, in order of time. Files of other names are not the cache's.
  std::vector<CacheFile> present(TimeRange whole = kAllTimes) const;
  // The file that a time belongs into, there or not.
  CacheFile at(std::int64_t ns) const;

 private:
  std::filesystem::path folder_;
  CalendarPeriod period_;
};

// New files beside the old ones, which they replace together. What was staged and not committed is removed; what a
// killed process left is removed by the next one. The caller has the CacheLock.
class StagedFiles {
 public:
  // Makes the folder. Throws BadInput where it cannot be made or written.
  explicit StagedFiles(const CacheFiles& files);
  ~StagedFiles();
  StagedFiles(const StagedFiles&) = delete;
  StagedFiles& operator=(const StagedFiles&) = delete;

  // Where to write what becomes `file`: no name that a reader would take for a file of the cache.
  std::filesystem::path add(const CacheFile& file);

  // Has the disk keep all, then renames one by one in the order in which they were added. Throws IoFailure.
  void commit();

 private:
  std::filesystem::path folder_;
  std::vector<std::filesystem::path> targets_;
};

}  // namespace hftsim
