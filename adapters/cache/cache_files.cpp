#include "adapters/cache/cache_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

#include "adapters/cache/cache_lock.h"
#include "engine/core/errors.h"

namespace hftsim {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEnding = ".parquet";
constexpr const char* kPart = ".part";
constexpr const char* kCommit = ".commit";

std::string error_text(int error) {
  return std::generic_category().message(error);
}

// Has the disk keep a file's bytes, or a folder's names.
void sync(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool kept = descriptor >= 0 && (::fsync(descriptor) == 0 || errno == EINVAL);
  const int error = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!kept) throw IoFailure(path.string() + ": cannot be written: " + error_text(error));
}

// .2024-01.parquet.part: hidden, which readers of whole folders pass over; no *.parquet finds it.
fs::path part_of(const fs::path& file) {
  return file.parent_path() / ("." + file.filename().string() + kPart);
}

fs::path target_of(const fs::path& part) {
  return part.parent_path() / part.stem().string().substr(1);
}

std::vector<fs::path> parts_in(const fs::path& folder) {
  std::vector<fs::path> parts;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with('.') && name.ends_with(std::string(kEnding) + kPart)) parts.push_back(entry->path());
  }
  std::sort(parts.begin(), parts.end());
  return parts;
}

void rename_part(const fs::path& part) {
  const fs::path target = target_of(part);
  if (::rename(part.c_str(), target.c_str()) != 0)
    throw IoFailure(target.string() + ": cannot be replaced: " + error_text(errno));
}

void finish_commit(const fs::path& folder, const std::vector<fs::path>& parts) {
  for (const fs::path& part : parts) rename_part(part);
  sync(folder);
  std::error_code ignored;
  if (fs::remove(folder / kCommit, ignored)) sync(folder);  // or it might speak of the next one's files
}

// What a killed process left: decided or not.
void recover(const fs::path& folder) {
  if (fs::exists(folder / kCommit)) return finish_commit(folder, parts_in(folder));
  std::error_code ignored;
  for (const fs::path& part : parts_in(folder)) fs::remove(part, ignored);
}

}  // namespace

CacheFiles::CacheFiles(const fs::path& root, const CacheKey& key)
    : folder_(root / folder_of(key)), period_(period_of(key.interval)) {
  std::error_code error;
  if (fs::exists(folder_ / kCommit, error)) if_lock_is_free(root, [&] { recover(folder_); });
}

std::vector<CacheFile> CacheFiles::present(TimeRange whole) const {
  std::vector<CacheFile> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder_, error), end; !error && entry != end; entry.increment(error)) {
    const fs::path& path = entry->path();
    if (path.extension() != kEnding) continue;
    const auto period = range_of_name(period_, path.stem().string());
    if (period && !common(*period, whole).is_empty()) files.push_back({path, *period});
  }
  std::sort(files.begin(), files.end(),
            [](const CacheFile& a, const CacheFile& b) { return a.period.from_ns < b.period.from_ns; });
  return files;
}

CacheFile CacheFiles::at(std::int64_t ns) const {
  return {folder_ / (name_at(period_, ns) + kEnding), range_at(period_, ns)};
}

StagedFiles::StagedFiles(const CacheFiles& files) : folder_(files.folder()) {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (!error && ::access(folder_.c_str(), W_OK) != 0) error = {errno, std::generic_category()};
  if (error) throw BadInput(folder_.string() + ": cannot be written: " + error.message());
  recover(folder_);
}

StagedFiles::~StagedFiles() {
  std::error_code ignored;
  for (const fs::path& target : targets_) fs::remove(part_of(target), ignored);
}

fs::path StagedFiles::add(const CacheFile& file) {
  targets_.push_back(file.path);
  return part_of(file.path);
}

void StagedFiles::commit() {
  std::vector<fs::path> parts;
  for (const fs::path& target : targets_) sync(parts.emplace_back(part_of(target)));
  if (parts.size() > 1) {
    if (std::ofstream marker(folder_ / kCommit); !marker)
      throw IoFailure((folder_ / kCommit).string() + ": cannot be written: " + error_text(errno));
    sync(folder_);
  }
  targets_.clear();  // from here on they are what the cache holds
  finish_commit(folder_, parts);
}

}  // namespace hftsim
