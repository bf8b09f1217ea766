// What a run did up to some bar does not depend on what comes after it: for every strategy under every fill
// model, a run over the first n bars, one over more, and one over a different future agree on the past.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "tests/runtime/plain_inference.h"

namespace hftsim {
namespace {

using namespace test;

constexpr std::size_t kBars = 1600;

struct Subject {
  std::string name;
  std::string strategy;
  StrategyParams params;
};

struct Model {
  std::string name;
  std::function<void(RunSetup&)> apply;
  std::size_t symbols = 1;
};

void PrintTo(const Subject& subject, std::ostream* out) {
  *out << subject.name;
}
void PrintTo(const Model& model, std::ostream* out) {
  *out << model.name;
}

std::vector<Subject> subjects() {
  std::vector<Subject> all;
  for (const StrategySpec& spec : strategy_specs()) {
    if (spec.name != "ensemble") all.push_back({spec.name, spec.name, {}});
  }
  all.push_back({"sma_cross_short", "sma_cross", {{"short", true}}});
  const std::vector<std::string> members = {"momentum", "mean_reversion", "breakout"};
  for (const char* mode : {"majority", "unanimous", "weighted"}) {
    all.push_back({std::string("ensemble_") + mode,
                   "ensemble",
                   {{"members", members}, {"mode", std::string(mode)}, {"min_confidence", 0.1}}});
  }
  return all;
}

void with_latency(RunSetup& setup) {
  setup.trading.desk.latency = {Duration(30'000'000'000), Duration(50'000'000'000), Duration(70'000'000'000)};
}

std::vector<Model> models() {
  return {
      {"close",
       [](RunSetup& s) {
         s.venue.fill = FillRule::close;
       }},
      {"next_open",
       [](RunSetup&) {
       }},
      {"touch_path",
       [](RunSetup& s) {
         s.venue.limit_fill = LimitFill::touch;
         s.venue.intrabar = IntrabarRule::path;
       }},
      {"without_brackets",
       [](RunSetup& s) {
         s.trading.desk.brackets = false;
       }},
      {"shorts",
       [](RunSetup& s) {
         s.trading.desk.allow_short = true;
       }},
      {"latencies", with_latency},
      {"participation",
       [](RunSetup& s) {
         s.venue.participation = 0.001;
         s.venue.impact = 0.1;
         s.venue.slippage_bps = 1;
       }},
      {"three_instruments", [](RunSetup& s) { with_latency(s); }, 3},
      {"three_instruments_close", [](RunSetup& s) { s.venue.fill = FillRule::close; }, 3},
      {"prediction",
       [](RunSetup& s) {
         with_plain_model(s, calling_thread());
       }},
      {"pipelined",
       [](RunSetup& s) {
         s.pipeline.threads = ThreadMode::pipelined;
       }},
  };
}

RunSetup setup_of(const Subject& subject, const Model& model) {
  RunSetup setup;
  setup.strategy = subject.strategy;
  setup.params = subject.params;
  setup.trading.desk.allow_short = short_of(subject.params).value_or(false);
  model.apply(setup);
  return setup;
}

Bars first(const Bars& bars, std::size_t count) {
  Bars cut = bars;
  cut.events.resize(count);
  return cut;
}

// The same bars up to `count`, then others: prices a fifth higher and turned round in time.
Bars other_future(const Bars& bars, std::size_t count) {
  Bars other = bars;
  const std::size_t symbols = bars.instruments.size(), last = bars.events.size() - symbols;
  for (std::size_t i = count; i < bars.events.size(); ++i) {
    BarBody& body = other.events[i].bar;
    body = bars.events[last - (i - count) / symbols * symbols + (i - count) % symbols].bar;
    for (double* price : {&body.open, &body.high, &body.low, &body.close}) *price *= 1.2;
    body.volume *= 3;
  }
  return other;
}

// What a run that ends with the bar at `end` did before it was told that this was the end.
std::vector<JournalRecord> before_end(const RunOutcome& run, Timestamp end) {
  std::vector<JournalRecord> records = run.records;
  std::erase_if(records, [end](const JournalRecord& r) {
    return r.kind == JournalKind::end || r.reason == Reason::end_of_data || r.ts_ns > end.value;
  });
  return records;
}

void expect_begins_with(const RunOutcome& run, const std::vector<JournalRecord>& past, Timestamp end,
                        const char* what) {
  ASSERT_GE(run.records.size(), past.size()) << what;
  for (std::size_t i = 0; i < past.size(); ++i) {
    ASSERT_EQ(std::memcmp(&run.records[i], &past[i], sizeof past[i]), 0)
        << what << ", record " << i << "\n  " << describe(run.records[i]) << "\n  " << describe(past[i]);
  }
  if (run.records.size() > past.size()) {
    EXPECT_GE(run.records[past.size()].ts_ns, end.value) << what << " knows of more before the cut";
  }
}

// All marks but the last: what was under way at the end is settled in it.
void expect_marks_begin_with(const RunOutcome& run, const RunOutcome& past, const char* what) {
  ASSERT_GE(run.marks.size(), past.marks.size()) << what;
  const std::size_t bytes = (past.marks.size() - 1) * sizeof(EquityMark);
  EXPECT_EQ(std::memcmp(run.marks.data(), past.marks.data(), bytes), 0) << what;
}

class Truncation : public testing::TestWithParam<std::tuple<Subject, Model>> {};

TEST_P(Truncation, LeavesThePastAsItWas) {
  const auto& [subject, model] = GetParam();
  const RunSetup setup = setup_of(subject, model);
  const Bars all = generated_bars(kBars, 11, model.symbols);
  const RunOutcome whole = run_bars(setup, all);
  ASSERT_GT(whole.fills().size(), 0U) << "nothing happens in this run";
  for (const std::size_t bars : {1UL, 255UL, 256UL, 700UL, 1024UL, 1337UL, kBars - 1}) {
    SCOPED_TRACE("cut after " + std::to_string(bars) + " instants");
    const std::size_t count = bars * model.symbols;
    const Timestamp end = all.events[count - 1].ts();
    const RunOutcome cut = run_bars(setup, first(all, count));
    const std::vector<JournalRecord> past = before_end(cut, end);
    expect_begins_with(whole, past, end, "the longer run");
    expect_marks_begin_with(whole, cut, "the longer run");
    const RunOutcome other = run_bars(setup, other_future(all, count));
    expect_begins_with(other, past, end, "the run with another future");
    expect_marks_begin_with(other, cut, "the run with another future");
  }
}

INSTANTIATE_TEST_SUITE_P(EveryStrategyAndModel, Truncation,
                         testing::Combine(testing::ValuesIn(subjects()), testing::ValuesIn(models())),
                         [](const auto& test) {
                           return std::get<0>(test.param).name + "_" + std::get<1>(test.param).name;
                         });

// The comparison itself: a strategy that knew tomorrow's close would be caught.
TEST(Truncation, CatchesAStrategyThatSeesTheNextBar) {
  const Bars all = generated_bars(400, 3);
  const auto run = [](const Bars& bars) {
    return run_script(RunSetup{}, bars, [&](std::size_t bar, const StrategyContext&, OrderGateway& gateway) {
      const bool rises =
          bar + 1 < bars.events.size() && bars.events[bar + 1].bar.close > bars.events[bar].bar.close;
      gateway.signal({rises ? SignalSide::buy : SignalSide::sell, 1});
    });
  };
  const RunOutcome honest_past = run(first(all, 200));
  const RunOutcome other = run(other_future(all, 199));
  const auto past = before_end(honest_past, all.events[198].ts());
  const std::size_t shared = std::min(past.size(), other.records.size());
  EXPECT_NE(std::memcmp(past.data(), other.records.data(), shared * sizeof(JournalRecord)), 0);
}

}  // namespace
}  // namespace hftsim
