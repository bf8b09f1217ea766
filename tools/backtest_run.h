// One backtest, from a resolved config to its result: wires data, features, strategy, venue, account and
// pipeline together. Writes nothing by itself; journal and equity go to the sinks it is given.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "engine/portfolio/equity_series.h"
#include "engine/portfolio/metrics.h"
#include "engine/runtime/journal.h"
#include "tools/run_config.h"
#include "tools/run_data.h"
#include "tools/run_model.h"
#include "tools/run_result.h"

namespace hftsim {

struct RunSinks {
  JournalSink* journal = nullptr;             // null: hashed only
  EquitySink* equity = nullptr;               // null: hashed only
  const std::atomic<bool>* cancel = nullptr;  // ends the run after the current block
  std::function<void(std::uint64_t events)> on_progress;
};

struct RunWiring;

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
  const RunConfig& config_;
  RunData& data_;
  std::unique_ptr<RunWiring> wiring_;
};

inline RunResult run_backtest(const RunConfig& config, RunData& data, const RunSinks& sinks) {
  RunModel model(config);
  return Backtest(config, data, model).run(sinks);
}

// Figures of a finished run; reads the series several times.
Metrics metrics_of(const RunConfig& config, const RunResult& result, EquitySeries& equity);

}  // namespace hftsim
