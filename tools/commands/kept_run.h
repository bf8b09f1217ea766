// A run that is kept in a folder: what `hftsim backtest` does, and `hftsim walkforward` with its models.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "replay/journal_file.h"
#include "tools/backtest_run.h"
#include "tools/run_directory.h"
#include "tools/summary.h"

namespace hftsim {

// The models of a resolved config. Throws BadInput as RunModel does, with the key's place in the config.
RunModel model_of(const RunConfig& config);

// What is kept of a run while it goes and after it ended.
class RunKeeper {
 public:
  // Makes run.out, or a new folder below runs/, and writes the config to it. Throws BadInput as RunDirectory does.
  RunKeeper(const RunConfig& config, bool force);

  JournalSink& journal() { return *journal_; }
  const RunDirectory& directory() const { return run_; }

  // Over the one that is there: a config may be complete only later.
  void keep_config(const RunConfig& config);
  void keep_tables(const RunConfig& config, const RunData& data, EquitySeries& equity);
  void keep_summary(const Json& summary);

 private:
  RunDirectory run_;
  std::optional<JournalFile> journal_;
};

struct KeepOptions {
  bool json = false;  // print the summary alone
  bool report = true;
  bool force = false;  // replace the run that is in run.out
};

// Runs the resolved config, prints what came of it and keeps it in `kept`; without one in a folder of its own, or
// nowhere where run.out is none. Throws BadInput before anything is written where the run cannot begin, and after
// the run was kept where its data turned bad or a model failed (IoFailure where that was for want of memory);
// CommandFailed where it was interrupted.
void run_and_keep(RunConfig config, const KeepOptions& options, std::unique_ptr<RunKeeper> kept = nullptr);

}  // namespace hftsim
