// The engine's side of perf/peers/pandas_features.py: prints the ns per bar of the 85 default features over blocks of
// 256 bars, the median of 25 passes after one to warm up. Given a folder too, it leaves there the bars (bars.csv)
// and the rows (features.f64: little-endian doubles, column by column) for the peer to check itself against.
//
//   features_for_peers [COUNT] [FOLDER]
#include <fmt/format.h>

#include <fstream>

#include "engine/features/catalog.h"
#include "engine/features/feature_set.h"
#include "perf/bench.h"
#include "perf/features_bars.h"

namespace hftsim::perf {
namespace {

constexpr std::size_t kBlock = 256, kStride = kBlock + 8;

void write_bars(const std::string& path, const std::vector<Event>& bars) {
  std::ofstream file(path);
  file << "open_ns,open,high,low,close,volume,trades\n";
  for (const Event& event : bars) {
    const BarBody& bar = event.bar;
    file << fmt::format("{},{},{},{},{},{},{}\n", event.ts_ns - kMinute.value, bar.open, bar.high, bar.low,
                        bar.close, bar.volume, event.trades);
  }
  require(file.good(), "cannot write " + path);
}

void write_features(const std::string& path, const std::vector<Event>& bars) {
  features::FeatureSet set(features::default_features());
  std::vector<double> out(set.size() * bars.size());
  set.update(bars, out.data(), bars.size());
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(out.data()),
             static_cast<std::streamsize>(out.size() * sizeof(double)));
  require(file.good(), "cannot write " + path);
}

double one_run_ns(const std::vector<Event>& bars) {
  features::FeatureSet set(features::default_features());
  std::vector<double> out(set.size() * kStride);
  const auto run = [&] {
    for (std::size_t i = 0; i < bars.size(); i += kBlock) {
      set.update(std::span(bars).subspan(i, std::min(kBlock, bars.size() - i)), out.data(), kStride);
      keep(out.data());
    }
  };
  run();
  std::vector<double> passes;
  for (int pass = 0; pass < 25; ++pass) passes.push_back(timed(bars.size(), run).ns_per_event);
  return spread_of(passes).median;
}

}  // namespace
}  // namespace hftsim::perf

int main(int argc, char** argv) {
  using namespace hftsim::perf;
  const auto bars = walking_bars(count_argument(argc, argv, 100'000));
  if (argc > 2) {
    write_bars(std::string(argv[2]) + "/bars.csv", bars);
    write_features(std::string(argv[2]) + "/features.f64", bars);
  }
  std::printf("ns_per_bar %.3f\n", one_run_ns(bars));
  return 0;
}
