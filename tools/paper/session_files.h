// The folder of a live session: what a run's folder holds (config.toml, journal, summary.json), the recording, how the
// feed was reached, and the log. One process has it at a time.
//
// Recording and journal are written as NAME.part and get their names once they hold what a session can go on from, a
// new one's config last: a folder with a config can be resumed, one without can be begun in, whenever a process was
// killed.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "adapters/market.h"
#include "tools/paper/session_lock.h"
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

// A file while it is written: NAME.part.
inline std::filesystem::path part_of(std::filesystem::path file) {
  return file += ".part";
}

class SessionFiles {
 public:
  // A new folder. Throws BadInput as RunDirectory does, and where another process has it.
  SessionFiles(const std::filesystem::path& folder, bool force);
  // One that is there, to resume. Throws BadInput that says what is missing, or which process has it.
  static SessionFiles open(const std::filesystem::path& folder);

  const RunDirectory& run() const { return run_; }
  const std::filesystem::path& path() const { return run_.path(); }
  std::filesystem::path recording(const FeedAddress& address) const;
  std::filesystem::path address() const { return path() / "session.json"; }
  std::filesystem::path log() const { return path() / "log"; }

  // A new session's files, all written as parts, get their names.
  void begin(const std::string& config, const FeedAddress& address) const;
  // A resumed session's recording and journal do.
  void go_on(const FeedAddress& address) const;
  // Throws BadInput where the file is not what begin() writes.
  FeedAddress read_address() const;

 private:
  SessionFiles(std::unique_ptr<const SessionLock> lock, RunDirectory run)
      : lock_(std::move(lock)), run_(std::move(run)) {}
  void keep(const FeedAddress& address) const;

  std::unique_ptr<const SessionLock> lock_;  // first: before an old run is removed
  RunDirectory run_;
};

}  // namespace hftsim
