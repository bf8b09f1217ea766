// hftsim generate: seeded, realistic bars as a file.
#include <fmt/format.h>

#include <vector>

#include "adapters/bar_time.h"
#include "adapters/parquet_writer.h"
#include "engine/core/errors.h"
#include "replay/bar_generator.h"
#include "tools/commands/commands.h"
#include "tools/progress_bar.h"

namespace hftsim {
namespace {

struct Arguments {
  std::uint64_t bars = 100'000, seed = 1, symbols = 1;
  std::string interval = "1m", out;
};

BarGeneratorOptions options_of(const Arguments& arguments) {
  BarGeneratorOptions options;
  options.bars = arguments.bars;
  options.seed = arguments.seed;
  options.symbols = generated_symbols(arguments.symbols);
  const auto interval = parse_interval(arguments.interval);
  if (!interval) throw BadInput("--interval", "'" + arguments.interval + "'", "1s, 1m, 5m, 1h, 1d, ...");
  options.interval = *interval;
  return options;
}

std::vector<TableColumn> columns() {
  return {{"timestamp", ColumnType::timestamp_ns},
          {"open", ColumnType::float64},
          {"high", ColumnType::float64},
          {"low", ColumnType::float64},
          {"close", ColumnType::float64},
          {"volume", ColumnType::float64},
          {"trades", ColumnType::int64}};
}

void put(RowBatch& batch, std::size_t row, const Event& bar, std::int64_t interval_ns) {
  batch.int64(0)[row] = bar.ts_ns - interval_ns;
  batch.float64(1)[row] = bar.bar.open;
  batch.float64(2)[row] = bar.bar.high;
  batch.float64(3)[row] = bar.bar.low;
  batch.float64(4)[row] = bar.bar.close;
  batch.float64(5)[row] = bar.bar.volume;
  batch.int64(6)[row] = bar.trades;
}

// One file per symbol: a reader takes the bars of one instrument from a file.
std::filesystem::path path_for(const std::string& out, const std::string& symbol, std::size_t symbols) {
  if (symbols == 1) return out;
  const std::filesystem::path path(out);
  return path.parent_path() / (symbol + "-" + path.filename().string());
}

void generate_symbol(const Arguments& arguments, const BarGeneratorOptions& options, std::size_t index) {
  BarGenerator generator(options);
  const std::string& symbol = options.symbols[index].name;
  const std::filesystem::path path = path_for(arguments.out, symbol, options.symbols.size());
  ProgressBar bar("generate " + symbol, "bars", options.bars);
  std::vector<Event> events(2048 * options.symbols.size());
  std::uint64_t done = 0;
  write_table(path, columns(), [&](RowBatch& batch) {
    const std::size_t wanted = std::min(batch.capacity(), events.size() / options.symbols.size());
    const std::size_t count = generator.read(std::span(events).first(wanted * options.symbols.size()));
    std::size_t row = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (events[i].instrument == index) put(batch, row++, events[i], options.interval.value);
    }
    bar.update(done += row);
    return row;
  });
  fmt::print("{}: {} bars of {}\n", path.string(), options.bars, symbol);
}

}  // namespace

void add_generate_command(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("generate", "Write seeded, realistic bars: the same bytes for the same seed");
  command->add_option("--bars", arguments->bars, "Bars of each symbol")->capture_default_str();
  command->add_option("--seed", arguments->seed, "Seed")->capture_default_str();
  command->add_option("--symbols", arguments->symbols, "Correlated symbols, a file each")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  command->add_option("--interval", arguments->interval, "1s, 1m, 5m, 1h, 1d")->capture_default_str();
  command->add_option("--out", arguments->out, "FILE.parquet or FILE.csv")->required();
  command->footer("Example:\n  hftsim generate --bars 1000000 --seed 7 --out bars.parquet");
  command->callback([arguments] {
    const BarGeneratorOptions options = options_of(*arguments);
    for (std::size_t i = 0; i < options.symbols.size(); ++i) generate_symbol(*arguments, options, i);
  });
}

}  // namespace hftsim
