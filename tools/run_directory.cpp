#include "tools/run_directory.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "engine/core/errors.h"

namespace hftsim {
namespace {

namespace fs = std::filesystem;

bool holds_run(const RunDirectory& run) {
  return fs::exists(run.config()) || fs::exists(run.journal());
}

void remove_run(const RunDirectory& run) {
  for (const fs::path& file : {run.config(), run.summary(), run.journal(), run.trades(), run.equity(),
                               run.candles(), run.report()}) {
    fs::remove(file);
  }
}

}  // namespace

RunDirectory::RunDirectory(fs::path path, bool force) : path_(std::move(path)) {
  std::error_code error;
  if (fs::exists(path_) && !fs::is_directory(path_)) {
    throw BadInput("--out", path_.string() + ", which is a file", "a folder");
  }
  if (holds_run(*this)) {
    if (!force) {
      throw BadInput("--out: " + path_.string() +
                     " holds a run already; give another folder, or --force to replace it");
    }
    remove_run(*this);
  }
  fs::create_directories(path_, error);
  if (error) throw BadInput("--out: " + path_.string() + " cannot be made: " + error.message());
  if (access(path_.c_str(), W_OK) != 0) {
    throw BadInput("--out: " + path_.string() + " is not writable: " + std::strerror(errno));
  }
}

fs::path RunDirectory::next_free(const std::string& strategy, const std::string& data_stem) {
  const std::string stem = strategy + "-" + data_stem;
  for (int number = 1;; ++number) {
    const fs::path path = fs::path("runs") / (stem + "-" + std::to_string(number));
    if (!fs::exists(path)) return path;
  }
}

RunDirectory RunDirectory::open(const fs::path& path) {
  RunDirectory run(path);
  if (!fs::is_directory(path)) throw BadInput(path.string() + ": no such run directory");
  for (const fs::path& needed : {run.config(), run.journal()}) {
    if (!fs::exists(needed)) {
      throw BadInput(path.string() + " holds no run: " + needed.filename().string() + " is missing");
    }
  }
  return run;
}

void write_text_file(const fs::path& path, const std::string& text) {
  const fs::path partial = path.string() + ".part";
  std::ofstream file(partial, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  std::error_code error;
  if (file) fs::rename(partial, path, error);
  if (!file || error) {
    const std::string why = error ? error.message() : std::strerror(errno);
    fs::remove(partial, error);
    throw IoFailure(path.string() + " cannot be written: " + why);
  }
}

std::string read_text_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw BadInput(path.string() + ": cannot be opened for reading");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace hftsim
