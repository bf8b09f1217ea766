// The same decisions from every compiler, build type and instruction set: a run over generated bars has one
// hash, written down here. A change of it is a change of what the program decides (or of the generator, or of
// the journal's layout) and has to be meant; the message gives the new one.
#include <gtest/gtest.h>

#include <map>

#include "tests/runtime/run_bench.h"

namespace hftsim {
namespace {

using namespace test;

struct Golden {
  const char* strategy;
  const char* hash;
};

void PrintTo(const Golden& golden, std::ostream* out) {
  *out << golden.strategy;
}

// Defaults, the default features too, 20,000 bars of seed 1.
constexpr Golden kGolden[] = {
    {"breakout", "8351eef65ad72800ec452bf307c408d8"}, {"buy_and_hold", "259ba8a9af832c3d24048242765da780"},
    {"ensemble", "256f400f128bf4cc4b2c20805c020030"}, {"mean_reversion", "a36088ecb452f191d95ca266ce7cad0e"},
    {"momentum", "be09932d0e0bc0d403864a88bdfa051d"}, {"sma_cross", "d80d78c41f9c4bcc01f34191ccf9a472"},
};

RunSetup setup_of(const std::string& strategy) {
  RunSetup setup;
  setup.strategy = strategy;
  if (strategy == "ensemble") setup.params = {{"mode", std::string("weighted")}, {"min_confidence", 0.2}};
  setup.features = "default";
  setup.venue.fees.maker_fee = 0.0002;
  setup.venue.fees.taker_fee = 0.0005;
  setup.venue.slippage_bps = 0.5;
  setup.venue.impact = 0.1;
  setup.venue.participation = 0.05;
  return setup;
}

const Bars& bars() {
  static const Bars all = generated_bars(20'000, 1);
  return all;
}

class GoldenRun : public testing::TestWithParam<Golden> {};

TEST_P(GoldenRun, HasTheHashWrittenDown) {
  const RunOutcome run = run_bars(setup_of(GetParam().strategy), bars());
  EXPECT_GT(run.fills().size(), 0U);
  EXPECT_EQ(run.hash, GetParam().hash);
}

TEST_P(GoldenRun, IsTheSameOnEveryInstructionSet) {
  for (const Isa isa : supported_isas()) {
    RunSetup setup = setup_of(GetParam().strategy);
    setup.isa = isa;
    EXPECT_EQ(run_bars(setup, bars()).hash, GetParam().hash) << name_of(isa);
  }
}

TEST_P(GoldenRun, IsTheSameForEveryThreadModeAndBlock) {
  for (const ThreadMode threads : {ThreadMode::run_inline, ThreadMode::pipelined}) {
    for (const std::uint32_t block : {1U, 7U, 256U, 4096U}) {
      RunSetup setup = setup_of(GetParam().strategy);
      setup.pipeline.threads = threads;
      setup.pipeline.block_events = block;
      EXPECT_EQ(run_bars(setup, bars()).hash, GetParam().hash) << name_of(threads) << " " << block;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Strategies, GoldenRun, testing::ValuesIn(kGolden),
                         [](const auto& test) { return std::string(test.param.strategy); });

TEST(GoldenRun, NamesEveryStrategyOfTheRegistry) {
  std::vector<std::string> golden, registered;
  for (const Golden& g : kGolden) golden.emplace_back(g.strategy);
  for (const StrategySpec& spec : strategy_specs()) registered.push_back(spec.name);
  EXPECT_EQ(golden, registered);
}

TEST(GoldenRun, OneBarChangedByATickGivesAnotherHash) {
  Bars changed = bars();
  changed.events[12'345].bar.close += 0.01;
  for (const Golden& golden : kGolden) {
    EXPECT_NE(run_bars(setup_of(golden.strategy), changed).hash, golden.hash) << golden.strategy;
  }
}

TEST(GoldenRun, SeveralInstrumentsAreTheSameHoweverTheyAreCut) {
  const Bars three = generated_bars(3'000, 5, 3);
  const RunOutcome run = run_bars(setup_of("sma_cross"), three);
  EXPECT_EQ(run.marks.size(), 3'000U);
  for (const ThreadMode threads : {ThreadMode::run_inline, ThreadMode::pipelined}) {
    for (const std::uint32_t block : {1U, 7U, 256U, 4096U}) {
      RunSetup setup = setup_of("sma_cross");
      setup.pipeline.threads = threads;
      setup.pipeline.block_events = block;
      EXPECT_EQ(run_bars(setup, three).hash, run.hash) << name_of(threads) << " " << block;
    }
  }
}

}  // namespace
}  // namespace hftsim
