#include "adapters/table_target.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include "adapters/lower_case.h"
#include "engine/core/errors.h"

namespace hftsim {
namespace {

namespace fs = std::filesystem;

constexpr int kLinksMax = 40;  // as Linux has it
constexpr const char* kFile = "a file that ends in .parquet, .csv or .csv.gz";

// What the links say, even where nothing is there yet. fs::canonical would ask for the file.
fs::path behind_links(fs::path path) {
  std::error_code error;
  for (int links = 0; fs::is_symlink(fs::symlink_status(path, error)); ++links) {
    const fs::path to = fs::read_symlink(path, error);
    if (error || links == kLinksMax) throw BadInput(path.string(), "a link that leads nowhere", kFile);
    path = path.parent_path() / to;
  }
  return path;
}

TableFormat format_of(const fs::path& path) {
  const std::string name = lower_case(path.filename().string());
  if (name.ends_with(".parquet")) return TableFormat::parquet;
  if (name.ends_with(".csv")) return TableFormat::csv;
  if (name.ends_with(".csv.gz")) return TableFormat::csv_gzip;
  throw BadInput(path.string(), "a name that does not say the format", kFile);
}

// Files appear in their folder when they are complete.
void require_folder_of(const fs::path& file, const std::string& name) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : ".";
  std::error_code error;
  if (!fs::is_directory(folder, error))
    throw BadInput(name, "no folder " + folder.string(), "one that is there");
  if (::access(folder.c_str(), W_OK | X_OK) == 0) return;
  throw BadInput(name + ": the folder " + folder.string() + " cannot be written to: " + std::strerror(errno));
}

}  // namespace

TableTarget table_target(const fs::path& path) {
  const fs::path file = behind_links(path);
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (fs::is_directory(status)) throw BadInput(path.string(), "a directory", kFile);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    throw BadInput(path.string(), "a device, pipe or socket", kFile);
  }
  return {file, format_of(path)};
}

void require_free_target(const fs::path& path, bool force, std::span<const fs::path> inputs) {
  table_target(path);
  require_free_file(path, force, inputs);
}

void require_free_file(const fs::path& path, bool force, std::span<const fs::path> inputs) {
  const fs::path file = behind_links(path);
  std::error_code error;
  for (const fs::path& input : inputs) {
    if (fs::equivalent(file, input, error)) {
      throw BadInput(path.string(), "the file that is read: " + input.string(), "another file to write to");
    }
  }
  if (!force && fs::exists(file, error)) {
    throw BadInput(path.string() + " exists already; give another name, or --force to replace it");
  }
  require_folder_of(file, path.string());
}

}  // namespace hftsim
