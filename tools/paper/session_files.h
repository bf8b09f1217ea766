// The folder of a live session: what a run's folder holds (config.toml, journal, summary.json), the recording, how the
// feed was reached, and the log.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "adapters/market.h"
#include "tools/run_directory.h"

namespace hftsim {

// Where the market data come from. Kept as session.json, so that --resume asks the same.
struct FeedAddress {
  Market market = Market::spot;
  std::string url, rest_url;  // "": the exchange's own
  std::string ca_file;
  bool depth = false;     // asks for the book's changes, too
  std::string recording;  // where it is, when not in the folder

  std::string describe() const;  // "spot ws://127.0.0.1:8080"
};

class SessionFiles {
 public:
  // A new folder. Throws BadInput as RunDirectory does.
  SessionFiles(const std::filesystem::path& folder, bool force) : run_(folder, force) {}
  // One that is there, to resume. Throws BadInput that says what is missing.
  static SessionFiles open(const std::filesystem::path& folder);

  const RunDirectory& run() const { return run_; }
  const std::filesystem::path& path() const { return run_.path(); }
  std::filesystem::path recording(const FeedAddress& address) const;
  std::filesystem::path address() const { return path() / "session.json"; }
  std::filesystem::path log() const { return path() / "log"; }

  void keep(const FeedAddress& address) const;
  // Throws BadInput where the file is not what keep() writes.
  FeedAddress read_address() const;

 private:
  explicit SessionFiles(RunDirectory run) : run_(std::move(run)) {}

  RunDirectory run_;
};

}  // namespace hftsim
