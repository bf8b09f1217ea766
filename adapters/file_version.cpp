#include "adapters/file_version.h"

#include <sys/stat.h>

namespace hftsim {
namespace {

std::int64_t ns_of(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

std::optional<FileVersion> version_of(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return std::nullopt;
  return FileVersion{status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size),
                     ns_of(status.st_mtim), ns_of(status.st_ctim)};
}

}  // namespace hftsim
