// Plays the trading thread's part while nothing happens: a second features stage, model, strategy, account and venue, wired
// as the run's, that go through the last bars of one instrument again and again and whose decisions nobody hears of.
// What they leave behind is code in the processor's caches and branches that it has learned: a bar that comes a second
// or a minute after the last would else meet neither.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/arena.h"
#include "engine/core/block.h"
#include "tools/run_config.h"
#include "tools/run_model.h"
#include "tools/run_wiring.h"

namespace hftsim {

// One thread's, but for the construction. Allocates nothing afterwards, once it has played some hundred bars.
class Understudy {
 public:
  // The model has to outlive it. Models that are not native are left out: they would take milliseconds.
  Understudy(const RunConfig& config, const Instrument& instrument, RunModel& model);

  // Any bar of the instrument that the run has seen.
  void remember(const Event& bar);

  // Some microseconds of what its models have to do before the next bar. False: nothing.
  bool work_ahead();

  // Plays the next bar, with what a venue needs for fills before it. False: there is none yet.
  bool play();

  std::uint64_t bars_played() const { return played_; }
  const TradingCore& core() const { return wiring_.core; }

 private:
  static constexpr std::size_t kBarsKept = 64;

  const BarBody& next_bar();
  void put_ticks(const BarBody& bar);
  void process(std::uint32_t events);
  void exaggerate(Block& block) const;

  RunConfig config_;
  std::vector<Instrument> instruments_;    // one
  std::optional<RunModel> without_model_;  // in place of the run's
  RunWiring wiring_;
  Arena arena_;
  BlockPool blocks_;                       // one
  std::array<BarBody, kBarsKept> bars_{};  // a ring
  std::size_t remembered_ = 0, at_ = 0;
  bool goes_back_ = false;
  std::int64_t now_ns_ = 0;
  std::uint64_t played_ = 0;
};

}  // namespace hftsim
