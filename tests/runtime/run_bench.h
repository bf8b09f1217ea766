// A whole run without files: bars through features, a strategy, the bar venue and an account, with everything
// that was written kept to look at.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/core/isa.h"
#include "engine/execution/bar_venue_config.h"
#include "engine/inference/inference_stage.h"
#include "engine/runtime/feature_names.h"
#include "engine/runtime/pipeline.h"
#include "engine/runtime/trading_core.h"
#include "strategies/registry.h"

namespace hftsim::test {

struct Bars {
  std::vector<Event> events;
  std::vector<Instrument> instruments;
};

// Seeded, realistic bars.
Bars generated_bars(std::uint64_t bars, std::uint64_t seed = 1, std::size_t symbols = 1);

// Bars of one instrument, a minute each, that open and close as listed; lots are not rounded.
struct Candle {
  double open, high, low, close;
  double volume = 1000;
};
Bars bars_of(const std::vector<Candle>& candles);
Bars flat_bars(std::size_t count, double price = 100);
// When bar `index` of bars_of() closes.
constexpr Timestamp close_of(std::size_t index) {
  return Timestamp(static_cast<std::int64_t>(index + 1) * kMinute.value);
}

// Gives events from memory; throws `failure` in place of event `fail_at`.
class MemorySource final : public EventSource {
 public:
  explicit MemorySource(const Bars& bars) : bars_(bars) {}
  std::span<const Instrument> instruments() const override { return bars_.instruments; }
  std::size_t read(std::span<Event> out) override;
  std::span<const Event> next(std::span<Event> room) override;

  bool in_place = false;  // shows its events where they lie
  std::size_t most_per_read = SIZE_MAX;
  std::size_t fail_at = SIZE_MAX;
  std::exception_ptr failure;

 private:
  std::span<const Event> take(std::size_t most);

  const Bars& bars_;
  std::size_t next_ = 0;
};

struct RunSetup {
  std::string strategy = "momentum";
  StrategyParams params;
  std::string features = "none";  // besides the strategy's
  TradingConfig trading;
  BarVenueConfig venue;
  PipelineOptions pipeline;
  Isa isa = detect_isa();
  // Makes the run's inference stage; none without. Its inputs are looked up among the run's features.
  std::function<std::unique_ptr<inference::InferenceStage>(const FeatureNames&, std::size_t instruments,
                                                           std::uint32_t block_events)>
      make_inference;
  bool keep = true;  // records and marks; without, they are hashed only
};

struct RunOutcome {
  std::vector<JournalRecord> records;
  std::vector<EquityMark> marks;
  std::string hash;
  RunCounters counters;
  PipelineStats stats;
  std::exception_ptr failure;  // what the pipeline threw
  double equity = 0, cash = 0, fees = 0, realized = 0;

  std::vector<JournalRecord> of(JournalKind kind) const;
  std::vector<JournalRecord> reports(ReportKind kind) const;
  std::vector<JournalRecord> fills() const { return reports(ReportKind::filled); }
  std::uint64_t refused(Reason reason) const { return counters.refusals[static_cast<std::size_t>(reason)]; }
};

// With the strategy of the registry that the setup names.
RunOutcome run_bars(const RunSetup& setup, const Bars& bars);
RunOutcome run_source(const RunSetup& setup, EventSource& source);
// With a strategy of the test's own; `setup.strategy` and its params are ignored.
RunOutcome run_strategy(const RunSetup& setup, EventSource& source, Strategy& strategy);

// Does what the test says on each bar, and remembers what it was told.
class ScriptedStrategy final : public Strategy {
 public:
  using OnBar = std::function<void(std::size_t bar, const StrategyContext&, OrderGateway&)>;
  struct Heard {
    ExecutionReport report;
    Timestamp now;
    double position;
  };

  explicit ScriptedStrategy(OnBar on_bar) : on_bar_(std::move(on_bar)) {}
  void start(const FeatureLookup&, std::span<const Instrument>) override {}
  bool needs_warm_row() const override { return false; }
  void on_bar(const StrategyContext& context, OrderGateway& gateway) override {
    on_bar_(bar_++, context, gateway);
  }
  void on_report(const StrategyContext& context, OrderGateway&, const ExecutionReport& report) override {
    heard.push_back({report, context.now(), context.account().position(report.instrument).quantity.value});
  }

  std::vector<Heard> heard;

 private:
  OnBar on_bar_;
  std::size_t bar_ = 0;
};

RunOutcome run_script(const RunSetup& setup, const Bars& bars, ScriptedStrategy& strategy);
RunOutcome run_script(const RunSetup& setup, const Bars& bars, ScriptedStrategy::OnBar on_bar);

// Neither fees nor risk limits; market orders fill at the next open.
RunSetup plain_setup();

}  // namespace hftsim::test
