// How every benchmark here measures and prints: contenders take turns in one process, and what is reported is
// the ratio of each round's pair, its median and its range. Absolute times on a shared machine move by a factor
// of two within minutes; the ratio of neighbours in time holds.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/allocation_counter.h"
#include "engine/core/clock.h"

namespace hftsim::perf {

inline constexpr int kRuns = 9;  // interleaved rounds; never fewer than 7

// One run of one contender.
struct Sample {
  double ns_per_event = 0;
  double allocations_per_event = 0;  // of the calling thread
};

// Times `work`, which handles `events` events; what a contender does outside of it is not timed.
template <class Work>
Sample timed(std::uint64_t events, Work work) {
  const std::uint64_t allocations = thread_allocation_count;
  const std::int64_t start_ns = monotonic_ns();
  work();
  const auto ns = static_cast<double>(monotonic_ns() - start_ns);
  const auto count = static_cast<double>(events);
  return {ns / count, static_cast<double>(thread_allocation_count - allocations) / count};
}

// Lowest, median and highest of some runs.
struct Spread {
  double low = 0, median = 0, high = 0;
};

inline Spread spread_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {values.front(), values[values.size() / 2], values.back()};
}

using Contender = std::function<Sample()>;
using Samples = std::vector<Sample>;

// Every contender once per round; each round begins with the next one, so that none always runs first. One
// round before the first is thrown away.
inline std::vector<Samples> take_turns(const std::vector<Contender>& contenders, int runs = kRuns) {
  std::vector<Samples> all(contenders.size());
  for (const Contender& contender : contenders) contender();
  for (int run = 0; run < runs; ++run) {
    for (std::size_t i = 0; i < contenders.size(); ++i) {
      const std::size_t turn = (i + static_cast<std::size_t>(run)) % contenders.size();
      all[turn].push_back(contenders[turn]());
    }
  }
  return all;
}

inline Spread ns_of(const Samples& samples) {
  std::vector<double> values;
  for (const Sample& sample : samples) values.push_back(sample.ns_per_event);
  return spread_of(values);
}

// How many times faster than `base`, round by round.
inline Spread ratio_of(const Samples& base, const Samples& samples) {
  std::vector<double> values;
  for (std::size_t i = 0; i < base.size(); ++i) {
    values.push_back(base[i].ns_per_event / samples[i].ns_per_event);
  }
  return spread_of(values);
}

// "name   workload   41.2 ns -> 2.3 ns   x17.9 (17.1..18.4)   allocs/event 0   runs 9"
inline Spread print(std::string_view name, std::string_view workload, const Samples& base,
                    const Samples& samples) {
  const Spread ratio = ratio_of(base, samples);
  double allocations = 0;
  for (const Sample& sample : samples) allocations = std::max(allocations, sample.allocations_per_event);
  std::printf("%-44.*s %-28.*s %9.1f ns -> %9.1f ns   x%.2f (%.2f..%.2f)   allocs/event %.3g   runs %zu\n",
              static_cast<int>(name.size()), name.data(), static_cast<int>(workload.size()), workload.data(),
              ns_of(base).median, ns_of(samples).median, ratio.median, ratio.low, ratio.high, allocations,
              samples.size());
  std::fflush(stdout);
  return ratio;
}

// A result that is not the reference's ends the benchmark: what is wrong needs no timing.
inline void require(bool holds, const std::string& what) {
  if (holds) return;
  std::fprintf(stderr, "wrong result: %s\n", what.c_str());
  std::exit(1);
}

// Says whether the claim of the file held in these runs. Printed, never enforced: the machine may be busy.
inline void claim(const std::string& text, bool held) {
  std::printf("claim: %s: %s\n", text.c_str(), held ? "held" : "NOT held in these runs");
}

// Keeps a result that nothing reads from being optimised away.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "r,m"(value) : "memory");
}

// The first argument as a count, or the default: small for a smoke run.
inline std::uint64_t count_argument(int argc, char** argv, std::uint64_t otherwise) {
  if (argc < 2) return otherwise;
  const std::uint64_t count = std::strtoull(argv[1], nullptr, 10);
  if (count == 0) {
    std::fprintf(stderr, "usage: %s [COUNT > 0]\n", argv[0]);
    std::exit(2);
  }
  return count;
}

}  // namespace hftsim::perf
