// Claim: the 85 default features over whole blocks cost less than half of what they cost one bar at a time,
// and a small fraction of recomputing each window; every further set of windows costs the same again.
//
// Workload: one-minute bars of a random walk (the argument says how many), blocks of 256, one thread.
// Contenders: recomputing every window from its definition in double, which is O(W) per bar; the same graph
// one bar at a time, as live; the graph over blocks, with each instruction set this processor has.
// Checked first: blocks and single bars are the same bits, and both within 1e-9 of the naive columns.
#include <cmath>
#include <cstring>

#include "engine/features/catalog.h"
#include "engine/features/feature_set.h"
#include "perf/bench.h"
#include "perf/features_bars.h"

namespace hftsim::perf {
namespace {

using features::FeatureSet;

constexpr std::size_t kBlock = 256, kStride = kBlock + 8;
constexpr std::size_t kWindows[] = {5, 10, 20};
// The columns that the naive contender computes, per window.
constexpr const char* kNaiveColumns[] = {"sma_",  "price_position_",  "volatility_",
                                         "atr_",  "parkinson_vol_",   "volume_sma_",
                                         "vwap_", "trade_intensity_", "buy_pressure_ma_"};
constexpr std::size_t kNaiveCount = std::size(kNaiveColumns);

double true_range(const BarBody& bar, double before) {
  return std::max({bar.high - bar.low, std::fabs(bar.high - before), std::fabs(bar.low - before)});
}

// The nine windowed aggregates of the set at bar i, in the order of kNaiveColumns.
void recompute(const std::vector<Event>& bars, std::size_t i, std::size_t window, double* out) {
  double close = 0, low = bars[i].bar.low, high = bars[i].bar.high, range = 0, log_range = 0, volume = 0;
  double dollars = 0, trades = 0, pressure = 0, change = 0, squares = 0;
  for (std::size_t j = i + 1 - window; j <= i; ++j) {
    const BarBody& bar = bars[j].bar;
    const double before = bars[j - 1].bar.close, log_ratio = std::log(bar.high / bar.low);
    close += bar.close;
    low = std::min(low, bar.low);
    high = std::max(high, bar.high);
    range += true_range(bar, before);
    log_range += log_ratio * log_ratio;
    volume += bar.volume;
    dollars += bar.close * bar.volume;
    trades += bars[j].trades;
    pressure += bar.high > bar.low ? (bar.close - bar.low) / (bar.high - bar.low) : 0.5;
    change += bar.close / before - 1;
  }
  const auto n = static_cast<double>(window);
  for (std::size_t j = i + 1 - window; j <= i; ++j) {
    const double deviation = bars[j].bar.close / bars[j - 1].bar.close - 1 - change / n;
    squares += deviation * deviation;
  }
  const double values[kNaiveCount] = {close / n,
                                      (bars[i].bar.close - low) / (high - low),
                                      std::sqrt(squares / (n - 1)),
                                      range / n,
                                      std::sqrt(log_range / (4 * n * std::log(2.0))),
                                      volume / n,
                                      dollars / volume,
                                      trades / n,
                                      pressure / n};
  std::copy(std::begin(values), std::end(values), out);
}

Sample naive(const std::vector<Event>& bars) {
  return timed(bars.size(), [&] {
    double row[kNaiveCount];
    for (std::size_t i = 20; i < bars.size(); ++i) {
      for (const std::size_t window : kWindows) {
        recompute(bars, i, window, row);
        keep(row);
      }
    }
  });
}

Sample one_by_one(FeatureSet& set, const std::vector<Event>& bars) {
  return timed(bars.size(), [&] {
    for (const Event& bar : bars) keep(set.update(bar).data());
  });
}

Sample in_blocks(FeatureSet& set, const std::vector<Event>& bars) {
  std::vector<double> out(set.size() * kStride);
  return timed(bars.size(), [&] {
    for (std::size_t i = 0; i < bars.size(); i += kBlock) {
      set.update(std::span(bars).subspan(i, std::min(kBlock, bars.size() - i)), out.data(), kStride);
      keep(out.data());
    }
  });
}

void check(const std::vector<Event>& bars) {
  FeatureSet blocks(features::default_features()), single(features::default_features());
  std::vector<double> columns(blocks.size() * bars.size());
  blocks.update(bars, columns.data(), bars.size());
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const std::span<const double> row = single.update(bars[i]);
    for (std::size_t f = 0; f < row.size(); ++f) {
      const bool same = std::memcmp(&row[f], &columns[f * bars.size() + i], sizeof(double)) == 0;
      require(same, blocks.names()[f] + " of bar " + std::to_string(i) + " differs between block and bar");
    }
    for (const std::size_t window : kWindows) {
      double values[kNaiveCount];
      if (i >= 20) recompute(bars, i, window, values);
      for (std::size_t k = 0; i >= 20 && k < kNaiveCount; ++k) {
        const double value = row[blocks.slot(kNaiveColumns[k] + std::to_string(window))];
        require(std::fabs(value - values[k]) <= 1e-9 * std::fabs(values[k]) + 1e-12,
                kNaiveColumns[k] + std::to_string(window) + " of bar " + std::to_string(i));
      }
    }
  }
}

int run(std::uint64_t count) {
  const std::vector<Event> bars = walking_bars(count);
  check({bars.begin(), bars.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(3000, count))});
  const std::vector<std::string> names = features::default_features();
  FeatureSet single(names);
  std::vector<FeatureSet> blocks;
  std::vector<Contender> contenders = {[&] { return naive(bars); },
                                       [&] {
                                         return one_by_one(single, bars);
                                       }};
  const std::vector<Isa> isas = supported_isas();
  for (const Isa isa : isas) blocks.emplace_back(names, features::FeatureSetOptions{kMinute, isa});
  for (FeatureSet& set : blocks) contenders.push_back([&] { return in_blocks(set, bars); });

  const std::vector<Samples> samples = take_turns(contenders);
  print("features_single_vs_recomputed_windows", "27 of 85 recomputed", samples[0], samples[1]);
  Spread ratio;
  for (std::size_t k = 0; k < isas.size(); ++k) {
    const std::string isa = " (" + std::string(name_of(isas[k])) + ")";
    print("features_block_vs_recomputed_windows" + isa, "27 of 85 recomputed", samples[0], samples[2 + k]);
    ratio = print("features_block_vs_single" + isa, "85 features", samples[1], samples[2 + k]);
  }
  claim("blocks cost less than half of single bars", ratio.median >= 2);
  return 0;
}

}  // namespace
}  // namespace hftsim::perf

int main(int argc, char** argv) {
  return hftsim::perf::run(hftsim::perf::count_argument(argc, argv, 100'000));
}
