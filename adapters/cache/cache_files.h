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

struct CacheFile {
  std::filesystem::path path;
  TimeRange period;
};

class CacheFiles {
 public:
  // Finishes the commit of a saver that was killed in it, where the folder can be written.
  CacheFiles(const std::filesystem::path& root, const CacheKey& key);

  const std::filesystem::path& folder() const { return folder_; }

  // Those that are there and whose period touches `whole`, in order of time. Files of other names are not the cache's.
  std::vector<CacheFile> present(TimeRange whole = kAllTimes) const;
  // The file that a time belongs into, there or not.
  CacheFile at(std::int64_t ns) const;

 private:
  std::filesystem::path folder_;
  CalendarPeriod period_;
};

// New files beside the old ones, which they replace together. What was staged and not committed is removed, by the next
// one where the process was killed. Renaming several files is no single step: between the first and the last of them a
// file .commit says that it has been decided, and whoever finds it, of a process that was killed, finishes it. The
// caller has the CacheLock.
class StagedFiles {
 public:
  // Makes the folder. Throws BadInput where it cannot be made or written.
  explicit StagedFiles(const CacheFiles& files);
  ~StagedFiles();
  StagedFiles(const StagedFiles&) = delete;
  StagedFiles& operator=(const StagedFiles&) = delete;

  // Where to write what becomes `file`: no name that a reader would take for a file of the cache.
  std::filesystem::path add(const CacheFile& file);

  // Has the disk keep all, then renames one by one. Throws IoFailure.
  void commit();

 private:
  std::filesystem::path folder_;
  std::vector<std::filesystem::path> targets_;
};

}  // namespace hftsim
