// Claim, as targets that each run judges: replay costs little beyond its features. Bars through 85 features,
// momentum, fills at the next open, risk and a hashed equity curve run at no less than 60 % of the rate of the
// features alone, and the trading core takes no more than 25 ns per event: a bar, and every signal, order, report
// and refusal that follows from it.
//
//   in memory ──▶ features ──▶ trading core ──▶ hash      one thread, blocks of 256
//
// Workload: 10 million seeded bars (the argument), generated before anything is timed. The price, range and
// volume of every bar are random; momentum gives an opinion on about one bar in six.
// Contenders: replay; the feature set alone over the same bars; the trading core alone, behind features
// computed beforehand; the same strategy as one hand-written loop.
// Checked first: the hash of a replay bar by bar and of the trading core alone are the replay's; equity and
// fills are those of the hand-written loop on features by their definition.
#include <array>
#include <cmath>
#include <cstdio>

#include "engine/features/feature_set.h"
#include "perf/hand_written_momentum.h"
#include "perf/replay_bench.h"

namespace hftsim::perf {
namespace {

constexpr std::uint32_t kBlock = 256;
constexpr std::uint64_t kTradingBarsMax = 200'000;  // 80 bytes each: what stays in the last-level cache

Bars first_of(const Bars& bars, std::uint64_t count) {
  const auto end = bars.events.begin() + static_cast<std::ptrdiff_t>(std::min(count, bars.events.size()));
  return {{bars.events.begin(), end}, bars.instruments};
}

// Features by their definition, recomputed on every bar.
HandWrittenMomentum by_definition(const Bars& bars) {
  const std::uint64_t warm_from = features::FeatureSet(feature_names()).warmup_bars();
  HandWrittenMomentum run(bars.instruments[0]);
  for (std::size_t i = 0; i < bars.events.size(); ++i) {
    const BarBody& bar = bars.events[i].bar;
    if (i < 20) {
      run.on_bar(bar, 0, 0, false);
      continue;
    }
    double volume = 0;
    for (std::size_t k = 0; k < 20; ++k) volume += bars.events[i - k].bar.volume;
    run.on_bar(bar, bar.close - bars.events[i - 10].bar.close, bar.volume / (volume / 20), i >= warm_from);
  }
  return run;
}

void check(const Bars& bars) {
  PipelineOptions one_by_one;
  one_by_one.block_events = 1;
  const Outcome blocks = replay(bars), single = replay(bars, one_by_one);
  const Outcome alone = TradingBench(bars).run();
  require(single.hash == blocks.hash, "bar by bar decides otherwise than in blocks");
  require(alone.hash == blocks.hash, "the trading core alone decides otherwise than in a replay");
  const HandWrittenMomentum reference = by_definition(bars);
  require(blocks.counters.trades > 0 && blocks.counters.trades == reference.fills(),
          "fills: " + std::to_string(blocks.counters.trades) + ", by definition " +
              std::to_string(reference.fills()));
  require(std::fabs(blocks.equity.value - reference.equity()) <= 1e-9 * reference.equity(),
          "equity: " + std::to_string(blocks.equity.value) + ", by definition " +
              std::to_string(reference.equity()));
}

Sample features_alone(const Bars& bars) {
  features::FeatureSet set(feature_names());
  const std::uint32_t stride = BlockPool::stride_for(kBlock);
  std::vector<double> rows(std::size_t{stride} * set.size());
  return timed(bars.events.size(), [&] {
    const std::span<const Event> events(bars.events);
    for (std::size_t i = 0; i < events.size(); i += kBlock) {
      set.update(events.subspan(i, std::min<std::size_t>(kBlock, events.size() - i)), rows.data(), stride);
    }
    keep(rows[0]);
  });
}

Sample hand_written(TradingBench& bench, const Bars& bars) {
  HandWrittenMomentum run(bars.instruments[0]);
  const Sample sample = timed(bars.events.size(), [&] {
    bench.for_each([&run](const BarBody& bar, double momentum, double volume_ratio, bool warm) {
      run.on_bar(bar, momentum, volume_ratio, warm);
    });
    keep(run.curve());
  });
  return sample;
}

double per_event(const StageMeter& stage, std::uint64_t events) {
  return static_cast<double>(stage.busy_ns()) / static_cast<double>(events);
}

void print_stages(const std::vector<PipelineStats>& runs) {
  const auto median = [&runs](StageMeter PipelineStats::*stage) {
    std::vector<double> values;
    for (const PipelineStats& stats : runs) values.push_back(per_event(stats.*stage, stats.events));
    return spread_of(values);
  };
  const auto line = [](const char* name, const Spread& ns) {
    std::printf("  %-10s %6.1f ns/bar (%.1f..%.1f)\n", name, ns.median, ns.low, ns.high);
  };
  line("read", median(&PipelineStats::read));
  line("features", median(&PipelineStats::features));
  line("trading", median(&PipelineStats::trading));
}

void replay_against_features(const Bars& bars, const std::string& workload) {
  std::vector<PipelineStats> stages;
  const auto full = [&] {
    const Outcome outcome = replay(bars);
    stages.push_back(outcome.stats);
    return outcome.sample;
  };
  const auto samples = take_turns({[&] { return features_alone(bars); }, full});
  stages.erase(stages.begin());  // the round before the first
  const Spread ratio = print("replay_vs_features_alone", workload, samples[0], samples[1]);
  const Spread ns = ns_of(samples[1]);
  std::printf("  replay %.2f M bars/s (%.2f..%.2f)\n", 1e3 / ns.median, 1e3 / ns.high, 1e3 / ns.low);
  print_stages(stages);
  claim("replay at 60 % of the features' rate or more", ratio.median >= 0.6);
}

void trading_core_alone(const Bars& bars, const std::string& workload) {
  TradingBench bench(bars);
  const double bar_count = static_cast<double>(bars.events.size());
  const double events_per_bar = 1 + static_cast<double>(bench.run().records) / bar_count;
  const auto samples = take_turns({[&] { return hand_written(bench, bars); },
                                   [&] {
                                     return bench.run().sample;
                                   }});
  print("trading_core_vs_hand_written_loop", workload, samples[0], samples[1]);
  const double per_event = ns_of(samples[1]).median / events_per_bar;
  std::printf("  %.2f events per bar: %.1f ns per event\n", events_per_bar, per_event);
  claim("trading core within 25 ns per event", per_event <= 25);
}

std::string workload_of(const Bars& bars) {
  return std::to_string(bars.events.size()) + " bars, momentum";
}

}  // namespace

int run(std::uint64_t count) {
  const Bars bars = generated_bars(count);
  const Bars fewer = first_of(bars, kTradingBarsMax);
  check(first_of(bars, 200'000));
  const Outcome outcome = replay(fewer);
  std::printf("signals on %.3f of the bars, fills on %.4f\n",
              static_cast<double>(outcome.counters.signals_buy + outcome.counters.signals_sell) /
                  static_cast<double>(outcome.counters.bars),
              static_cast<double>(outcome.counters.trades) / static_cast<double>(outcome.counters.bars));
  replay_against_features(bars, workload_of(bars));
  trading_core_alone(fewer, workload_of(fewer));
  return 0;
}

}  // namespace hftsim::perf

int main(int argc, char** argv) {
  return hftsim::perf::run(hftsim::perf::count_argument(argc, argv, 10'000'000));
}
