// The folder a run is kept in: config.toml, journal, summary.json, trades.parquet, equity.parquet, report.html.
#pragma once

#include <filesystem>
#include <string>

namespace hftsim {

class RunDirectory {
 public:
  // Makes the folder. Throws BadInput where it holds a run already and `force` is not given, or where it cannot
  // be made or written. With `force` the old run's files are removed, nothing else.
  RunDirectory(std::filesystem::path path, bool force);

  // A name below runs/ that is not taken: runs/momentum-BTCUSDT-1m-3.
  static std::filesystem::path next_free(const std::string& strategy, const std::string& data_stem);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path config() const { return path_ / "config.toml"; }
  std::filesystem::path summary() const { return path_ / "summary.json"; }
  std::filesystem::path journal() const { return path_ / "journal"; }
  std::filesystem::path trades() const { return path_ / "trades.parquet"; }
  std::filesystem::path equity() const { return path_ / "equity.parquet"; }
  std::filesystem::path candles() const { return path_ / "candles.parquet"; }
  std::filesystem::path report() const { return path_ / "report.html"; }

  // An existing run, to read. Throws BadInput where it is none, saying what is missing.
  static RunDirectory open(const std::filesystem::path& path);

 private:
  explicit RunDirectory(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
};

// Writes all or nothing under `path`. Throws IoFailure naming it.
void write_text_file(const std::filesystem::path& path, const std::string& text);
std::string read_text_file(const std::filesystem::path& path);

}  // namespace hftsim
