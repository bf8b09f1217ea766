// Claim: a thread per stage gives the same bytes, and with cheap stages it gains little, which is why one
// thread is the default.
//
//   inline      source ──▶ features ──▶ trading core        one thread, one block
//   pipelined   source ══▶ features ══▶ trading core        three threads, eight blocks, ══ is a queue
//
// Workload: 4 million seeded bars (the argument) through 85 features and momentum.
// Contenders: inline; pipelined with the default idle strategy.
// Checked first: both hashes.
#include <cstdio>

#include "engine/bus/agent.h"
#include "perf/replay_bench.h"

namespace hftsim::perf {
namespace {

Outcome replay_in(ThreadMode mode, const Bars& bars) {
  PipelineOptions options;
  options.threads = mode;
  return replay(bars, options);
}

}  // namespace

int run(std::uint64_t count) {
  const Bars bars = generated_bars(count);
  const Outcome on_one = replay_in(ThreadMode::run_inline, bars);
  const Outcome on_three = replay_in(ThreadMode::pipelined, bars);
  require(on_one.counters.trades > 0, "the run never trades");
  require(on_one.hash == on_three.hash, "pipelined decides otherwise than inline");

  std::uint64_t waits = 0;
  const auto samples = take_turns({[&] { return replay_in(ThreadMode::run_inline, bars).sample; },
                                   [&] {
                                     const Outcome outcome = replay_in(ThreadMode::pipelined, bars);
                                     waits = outcome.stats.waits;
                                     return outcome.sample;
                                   }});
  print("replay_pipelined_vs_inline", std::to_string(count) + " bars, momentum", samples[0], samples[1]);
  std::printf("  cores %d, waits in the last run %llu\n", core_count(),
              static_cast<unsigned long long>(waits));
  return 0;
}

}  // namespace hftsim::perf

int main(int argc, char** argv) {
  return hftsim::perf::run(hftsim::perf::count_argument(argc, argv, 4'000'000));
}
