#include "tests/runtime/run_bench.h"

#include <algorithm>
#include <utility>

#include "engine/execution/bar_venue.h"
#include "engine/features/catalog.h"
#include "engine/features/feature_stage.h"
#include "engine/runtime/feature_names.h"
#include "replay/bar_generator.h"

namespace hftsim::test {
namespace {

class Keeper final : public JournalSink, public EquitySink {
 public:
  explicit Keeper(RunOutcome& outcome) : outcome_(outcome) {}
  void write(std::span<const JournalRecord> records) override {
    outcome_.records.insert(outcome_.records.end(), records.begin(), records.end());
  }
  void append(std::span<const EquityMark> marks) override {
    outcome_.marks.insert(outcome_.marks.end(), marks.begin(), marks.end());
  }

 private:
  RunOutcome& outcome_;
};

std::vector<std::string> features_of(const RunSetup& setup, const Strategy& strategy) {
  std::string list = setup.features;
  for (const std::string& name : strategy.features()) list += "," + name;
  return features::parse_feature_list(list);
}

}  // namespace

Bars generated_bars(std::uint64_t bars, std::uint64_t seed, std::size_t symbols) {
  BarGeneratorOptions options;
  options.bars = bars;
  options.seed = seed;
  options.symbols = generated_symbols(symbols);
  BarGenerator generator(options);
  Bars made;
  made.instruments.assign(generator.instruments().begin(), generator.instruments().end());
  made.events.resize(bars * symbols);
  std::size_t done = 0;
  while (const std::size_t count = generator.read(std::span(made.events).subspan(done))) done += count;
  return made;
}

Bars bars_of(const std::vector<Candle>& candles) {
  Bars made;
  made.instruments.resize(1);
  made.instruments[0].symbol = "TEST";
  made.instruments[0].lot_size = 0;
  for (std::size_t i = 0; i < candles.size(); ++i) {
    const Candle& c = candles[i];
    made.events.push_back(make_bar(close_of(i), 0, {c.open, c.high, c.low, c.close, c.volume}, 1));
  }
  return made;
}

Bars flat_bars(std::size_t count, double price) {
  return bars_of(std::vector<Candle>(count, {price, price, price, price}));
}

std::span<const Event> MemorySource::take(std::size_t most) {
  if (next_ == fail_at) std::rethrow_exception(failure);
  const std::size_t end = std::min(bars_.events.size(), fail_at);
  const std::size_t count = std::min({most, most_per_read, end - next_});
  return std::span(bars_.events).subspan(std::exchange(next_, next_ + count), count);
}

std::size_t MemorySource::read(std::span<Event> out) {
  const std::span<const Event> events = take(out.size());
  std::ranges::copy(events, out.begin());
  return events.size();
}

std::span<const Event> MemorySource::next(std::span<Event> room) {
  return in_place ? take(room.size()) : EventSource::next(room);
}

std::vector<JournalRecord> RunOutcome::of(JournalKind kind) const {
  std::vector<JournalRecord> found;
  std::ranges::copy_if(records, std::back_inserter(found),
                       [kind](const JournalRecord& r) { return r.kind == kind; });
  return found;
}

std::vector<JournalRecord> RunOutcome::reports(ReportKind kind) const {
  std::vector<JournalRecord> found = of(JournalKind::report);
  std::erase_if(found,
                [kind](const JournalRecord& r) { return r.detail != static_cast<std::uint8_t>(kind); });
  return found;
}

RunOutcome run_strategy(const RunSetup& setup, EventSource& source, Strategy& strategy) {
  RunOutcome outcome;
  Keeper keeper(outcome);
  const FeatureNames names(features_of(setup, strategy));
  strategy.start(names, source.instruments());
  features::FeatureStage stage(names.names(), source.instruments(), setup.pipeline.block_events, setup.isa);
  Journal journal(setup.keep ? &keeper : nullptr, setup.keep ? &keeper : nullptr);
  const auto make_venue = [&](VenueLedger& ledger) {
    return std::make_unique<BarVenue>(setup.venue, setup.trading.desk.latency, source.instruments(), ledger);
  };
  TradingCore core(setup.trading, source.instruments(), strategy, make_venue, journal);
  std::unique_ptr<inference::InferenceStage> inference;
  if (setup.make_inference) {
    inference = setup.make_inference(names, source.instruments().size(), setup.pipeline.block_events);
  }
  Pipeline pipeline(source, stage, inference.get(), core, static_cast<std::uint32_t>(names.names().size()),
                    setup.pipeline);
  try {
    pipeline.run();
  } catch (...) {
    outcome.failure = std::current_exception();
  }
  outcome.stats = pipeline.stats();
  core.finish(outcome.failure != nullptr || outcome.stats.cancelled);
  outcome.hash = journal.hash_hex();
  outcome.counters = core.counters();
  outcome.equity = core.account().equity().value;
  outcome.cash = core.account().cash().value;
  outcome.fees = core.account().fees().value;
  outcome.realized = core.account().realized().value;
  return outcome;
}

RunOutcome run_source(const RunSetup& setup, EventSource& source) {
  const std::unique_ptr<Strategy> strategy = make_strategy(setup.strategy, setup.params);
  return run_strategy(setup, source, *strategy);
}

RunOutcome run_bars(const RunSetup& setup, const Bars& bars) {
  MemorySource source(bars);
  return run_source(setup, source);
}

RunOutcome run_script(const RunSetup& setup, const Bars& bars, ScriptedStrategy& strategy) {
  MemorySource source(bars);
  return run_strategy(setup, source, strategy);
}

RunOutcome run_script(const RunSetup& setup, const Bars& bars, ScriptedStrategy::OnBar on_bar) {
  ScriptedStrategy strategy(std::move(on_bar));
  return run_script(setup, bars, strategy);
}

RunSetup plain_setup() {
  RunSetup setup;
  setup.trading.risk = {};
  setup.trading.risk.max_drawdown = 0;
  setup.trading.risk.max_daily_loss = 0;
  setup.trading.risk.stop_loss = 0;
  setup.venue.fees = {};
  setup.venue.fees.maker_fee = 0;
  setup.venue.fees.taker_fee = 0;
  return setup;
}

}  // namespace hftsim::test
