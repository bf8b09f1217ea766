// Claim: what the bar reader does beyond fetching (checking names and types, converting, validating every bar)
// costs less than fetching does.
//
// Workload: one million seeded bars (the argument) in a Parquet file of seven columns, zstd, in the page cache.
// Contenders: DuckDB's chunks of the same seven columns, in which one column is added up and the rest is left
// as it lies; BarReader.
// Checked: the sum of all closes, bit for bit, on every run.
#include <cstdio>
#include <filesystem>

#include "adapters/bar_reader.h"
#include "adapters/bar_writer.h"
#include "adapters/duckdb_connection.h"
#include "adapters/parquet_file.h"
#include "perf/bench.h"
#include "replay/bar_generator.h"

namespace hftsim::perf {
namespace {

// A file that is gone at the end.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& name)
      : path_(std::filesystem::temp_directory_path() / (std::to_string(monotonic_ns()) + name)) {}
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

BarGenerator generator_of(std::uint64_t count) {
  BarGeneratorOptions options;
  options.bars = count;
  return BarGenerator(options);
}

// The bars of the file once more, without the file.
double sum_of_closes(std::uint64_t count) {
  BarGenerator generator = generator_of(count);
  std::vector<Event> events(2048);
  double closes = 0;
  while (const std::size_t got = generator.read(events)) {
    for (std::size_t i = 0; i < got; ++i) closes += events[i].bar.close;
  }
  return closes;
}

Sample fetch(const std::filesystem::path& path, std::uint64_t count, double expected) {
  double closes = 0;
  const Sample sample = timed(count, [&] {
    DuckDbConnection connection;
    DuckDbResult result = connection.stream("SELECT timestamp, open, high, low, close, volume, trades FROM " +
                                            parquet_table(path));
    while (result.next()) {
      const auto* close = static_cast<const double*>(result.data(4));
      for (std::size_t row = 0; row < result.rows(); ++row) closes += close[row];
    }
  });
  require(closes == expected, "fetched closes add up to " + std::to_string(closes));
  return sample;
}

Sample read(const std::filesystem::path& path, std::uint64_t count, double expected) {
  std::vector<Event> events(256);
  double closes = 0;
  std::uint64_t bars = 0;
  const Sample sample = timed(count, [&] {
    BarReader reader(path);
    while (const std::size_t got = reader.read(events)) {
      for (std::size_t i = 0; i < got; ++i) closes += events[i].bar.close;
      bars += got;
    }
  });
  require(bars == count && closes == expected, "closes that were read add up to " + std::to_string(closes));
  return sample;
}

}  // namespace

int run(std::uint64_t count) {
  const TemporaryFile file("-bars.parquet");
  BarGenerator generator = generator_of(count);
  write_bars(file.path(), generator);
  const double closes = sum_of_closes(count);
  const auto samples = take_turns({[&] { return fetch(file.path(), count, closes); },
                                   [&] {
                                     return read(file.path(), count, closes);
                                   }});
  const Spread ratio =
      print("bar_reader_vs_duckdb_fetch", std::to_string(count) + " bars", samples[0], samples[1]);
  claim("reading takes less than twice the fetch", ratio.median > 0.5);
  return 0;
}

}  // namespace hftsim::perf

int main(int argc, char** argv) {
  return hftsim::perf::run(hftsim::perf::count_argument(argc, argv, 1'000'000));
}
