// One backtest, from a resolved config to its result: wires data, features, strategy, venue, account and
// pipeline together. Writes nothing by itself; journal and equity go to the sinks it is given.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/portfolio/equity_series.h"
#include "engine/portfolio/metrics.h"
#include "engine/portfolio/round_trips.h"
#include "engine/runtime/journal.h"
#include "engine/runtime/pipeline.h"
#include "engine/runtime/run_counters.h"
#include "tools/halt_watch.h"
#include "tools/run_config.h"
#include "tools/run_data.h"
#include "tools/run_model.h"

namespace hftsim {

struct RunSinks {
  JournalSink* journal = nullptr;             // null: hashed only
  EquitySink* equity = nullptr;               // null: hashed only
  const std::atomic<bool>* cancel = nullptr;  // ends the run after the current block
  std::function<void(std::uint64_t events)> on_progress;
};

// What the models of a run were asked.
struct ModelUse {
  std::uint64_t predictions = 0;
  std::uint64_t in_training = 0;      // on bars that trained them
  std::uint64_t in_validation = 0;    // on bars that chose among their epochs
  double lowest = 0, highest = 0;     // of the predictions
  std::uint64_t replaced_inputs = 0;  // not finite
};

struct RunResult {
  RunCounters counters;
  RoundTripStats round_trips;
  Money initial{0}, final_equity{0}, realized{0}, fees{0}, turnover{0};
  PipelineStats pipeline;
  std::string journal_hash;
  double bars_per_year = 0;
  std::vector<std::string> features;
  std::optional<ModelUse> model;  // none: there was none
  std::optional<Halt> halt;
  std::string failure;     // what ended the run early; "" where nothing did
  bool bad_input = false;  // the failure was that of the data or of a model's bundle

  bool partial() const { return pipeline.cancelled || !failure.empty(); }
};

class Backtest {
 public:
  // Throws BadInput where the run cannot begin (an unknown feature, a sizer without its quantity): before anything
  // is written or an old run removed. Config, data and model have to outlive it.
  Backtest(const RunConfig& config, RunData& data, RunModel& model);
  ~Backtest();

  // Once. Bad data or a model that fails in the middle end the run: the result is partial and says why. Other
  // failures (a full disk) throw.
  RunResult run(const RunSinks& sinks);

 private:
  struct Wiring;

  const RunConfig& config_;
  RunData& data_;
  std::unique_ptr<Wiring> wiring_;
};

inline RunResult run_backtest(const RunConfig& config, RunData& data, const RunSinks& sinks) {
  RunModel model(config);
  return Backtest(config, data, model).run(sinks);
}

// Figures of a finished run; reads the series several times.
Metrics metrics_of(const RunConfig& config, const RunResult& result, EquitySeries& equity);

}  // namespace hftsim
