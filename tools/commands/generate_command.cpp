// hftsim generate: seeded, realistic bars as a file.
#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "adapters/bar_time.h"
#include "adapters/bar_writer.h"
#include "adapters/table_target.h"
#include "engine/core/errors.h"
#include "replay/bar_generator.h"
#include "tools/commands/commands.h"
#include "tools/commands/interrupt.h"
#include "tools/progress_bar.h"
#include "tools/recording_output.h"

namespace hftsim {
namespace {

struct Arguments {
  std::string bars = "100000", seed = "1", interval = "1m", out;
  std::uint64_t symbols = 1;
  bool force = false;
};

// As typed: reading "-1" as an unsigned number would wrap around.
std::uint64_t checked_count(const std::string& text, const char* option, std::uint64_t least,
                            std::uint64_t most) {
  std::uint64_t count = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, count);
  if (error != std::errc{} || end != last || count < least || count > most) {
    throw BadInput(option, "'" + text + "'", fmt::format("a whole number from {} to {}", least, most));
  }
  return count;
}

BarGeneratorOptions options_of(const Arguments& arguments) {
  BarGeneratorOptions options;
  options.interval = checked_interval(arguments.interval, "--interval");
  options.bars = checked_count(arguments.bars, "--bars", 1, options.bars_max());
  options.seed = checked_count(arguments.seed, "--seed", 0, std::numeric_limits<std::uint64_t>::max());
  options.symbols = generated_symbols(arguments.symbols);
  return options;
}

// One file per symbol: a reader takes the bars of one instrument from a file.
std::filesystem::path path_for(const std::string& out, const std::string& symbol, std::uint64_t symbols) {
  if (symbols == 1) return out;
  const std::filesystem::path path(out);
  return path.parent_path() / (symbol + "-" + path.filename().string());
}

// Other symbols do not move a symbol's bars, so each is generated alone.
void generate_symbol(const Arguments& arguments, BarGeneratorOptions options, const GeneratedSymbol& symbol) {
  options.symbols = {symbol};
  BarGenerator generator(options);
  const std::filesystem::path path = path_for(arguments.out, symbol.name, arguments.symbols);
  ProgressBar bar("generate " + symbol.name, "bars", options.bars);
  const std::uint64_t bars = write_bars(path, generator, [&](std::uint64_t written) {
    stop_if_interrupted(path.string());
    bar.update(written);
  });
  fmt::print("{}: {} bars of {}\n", path.string(), bars, symbol.name);
}

// All symbols in one file.
void generate_recording(const Arguments& arguments, const BarGeneratorOptions& options) {
  require_free_recording(arguments.out, arguments.force);
  catch_interrupts();
  BarGenerator generator(options);
  ProgressBar bar("generate", "bars", generator.size_hint());
  const RecordingHeader header{.source = fmt::format("generated bars, seed {}", options.seed)};
  const std::uint64_t bars =
      write_recording(arguments.out, generator, header, {}, [&](std::uint64_t written) {
        stop_if_interrupted(arguments.out);
        bar.update(written);
      });
  fmt::print("{}: {} bars of {} symbols\n", arguments.out, bars, options.symbols.size());
}

// All or none: what stands in the way of one symbol's file is said before the first is made.
void generate(const Arguments& arguments) {
  const BarGeneratorOptions options = options_of(arguments);
  if (names_recording(arguments.out)) return generate_recording(arguments, options);
  for (const GeneratedSymbol& symbol : options.symbols) {
    require_free_target(path_for(arguments.out, symbol.name, arguments.symbols), arguments.force);
  }
  catch_interrupts();
  for (const GeneratedSymbol& symbol : options.symbols) generate_symbol(arguments, options, symbol);
}

}  // namespace

void add_generate_command(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("generate", "Write seeded, realistic bars: the same bytes for the same seed");
  command->add_option("--bars", arguments->bars, "Bars of each symbol")
      ->capture_default_str()
      ->type_name("UINT");
  command->add_option("--seed", arguments->seed, "Seed")->capture_default_str()->type_name("UINT");
  command->add_option("--symbols", arguments->symbols, "Correlated symbols; a file each, but for .hfr")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  command->add_option("--interval", arguments->interval, "1s, 1m, 5m, 1h, 1d")->capture_default_str();
  command
      ->add_option("--out", arguments->out, "FILE.parquet, FILE.csv, FILE.csv.gz, or FILE.hfr, a recording")
      ->required();
  command->add_flag("--force", arguments->force, "Replace the files that --out names");
  command->footer("Example:\n  hftsim generate --bars 1000000 --seed 7 --out bars.parquet");
  command->callback([arguments] { generate(*arguments); });
}

}  // namespace hftsim
