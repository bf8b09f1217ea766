// hftsim generate: seeded, realistic bars as a file, or the trades, quotes and books inside them.
#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "adapters/bar_time.h"
#include "adapters/bar_writer.h"
#include "adapters/event_table.h"
#include "adapters/table_target.h"
#include "engine/core/errors.h"
#include "replay/bar_generator.h"
#include "replay/trade_generator.h"
#include "tools/commands/commands.h"
#include "tools/commands/interrupt.h"
#include "tools/progress_bar.h"
#include "tools/recording_output.h"

namespace hftsim {
namespace {

// A minute has some 12,000 quotes and trades, 0.8 MB.
constexpr std::uint64_t kBars = 100'000, kBarsWithTrades = 60;

struct Arguments {
  std::string bars, seed = "1", interval = "1m", level = "bars", out;
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
  options.bars = arguments.level == "bars" ? kBars : kBarsWithTrades;
  if (!arguments.bars.empty()) {
    options.bars = checked_count(arguments.bars, "--bars", 1, options.bars_max());
  }
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

// A source whose bars are counted on the way, for a progress bar: how many events there will be is not known.
class BarCounter final : public EventSource {
 public:
  explicit BarCounter(EventSource& source) : source_(source) {}
  std::span<const Instrument> instruments() const override { return source_.instruments(); }
  std::size_t read(std::span<Event> out) override {
    const std::size_t count = source_.read(out);
    for (const Event& event : out.first(count)) bars_ += event.kind == EventKind::bar;
    return count;
  }
  std::uint64_t bars() const { return bars_; }

 private:
  EventSource& source_;
  std::uint64_t bars_ = 0;
};

// All symbols in one file.
std::uint64_t write_all(const Arguments& arguments, EventSource& generator, std::uint64_t bars) {
  BarCounter counted(generator);
  ProgressBar bar("generate", "bars", bars);
  const auto on_progress = [&](std::uint64_t) {
    stop_if_interrupted(arguments.out);
    bar.update(counted.bars());
  };
  if (!names_recording(arguments.out)) {
    return write_event_table(arguments.out, counted, EventKind::trade, on_progress);
  }
  const RecordingHeader header{.source =
                                   fmt::format("generated {}, seed {}", arguments.level, arguments.seed)};
  return write_recording(arguments.out, counted, header, {}, on_progress);
}

void generate_bar_recording(const Arguments& arguments, const BarGeneratorOptions& options) {
  require_free_recording(arguments.out, arguments.force);
  catch_interrupts();
  BarGenerator generator(options);
  const std::uint64_t bars = write_all(arguments, generator, generator.size_hint());
  fmt::print("{}: {} bars of {} symbols\n", arguments.out, bars, options.symbols.size());
}

// A recording of all kinds, or a table of the trades.
void generate_trades(const Arguments& arguments, const BarGeneratorOptions& bars) {
  const bool book = arguments.level == "book";
  if (book || names_recording(arguments.out)) {
    require_free_recording(arguments.out, arguments.force);
  } else {
    require_free_target(arguments.out, arguments.force);
  }
  catch_interrupts();
  TradeGenerator generator({bars, book ? TradeLevel::book : TradeLevel::trades});
  const std::uint64_t events = write_all(arguments, generator, bars.bars * bars.symbols.size());
  fmt::print("{}: {} {} inside {} bars of {} symbol{}\n", arguments.out, events,
             names_recording(arguments.out) ? "events" : "trades", bars.bars, bars.symbols.size(),
             bars.symbols.size() == 1 ? "" : "s");
}

// All or none: what stands in the way of one symbol's file is said before the first is made.
void generate(const Arguments& arguments) {
  const BarGeneratorOptions options = options_of(arguments);
  if (arguments.level != "bars") return generate_trades(arguments, options);
  if (names_recording(arguments.out)) return generate_bar_recording(arguments, options);
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
      app.add_subcommand("generate", "Write seeded, realistic market data: the same bytes for the same seed");
  command->add_option("--bars", arguments->bars, "Bars of each symbol [100000; 60 at the other levels]")
      ->type_name("UINT");
  command
      ->add_option(
          "--level", arguments->level,
          "bars; trades: quotes and trades too, some 12,000 events a minute; book: order books as well")
      ->capture_default_str()
      ->check(CLI::IsMember({"bars", "trades", "book"}));
  command->add_option("--seed", arguments->seed, "Seed")->capture_default_str()->type_name("UINT");
  command
      ->add_option("--symbols", arguments->symbols,
                   "Correlated symbols; at the level bars a file each, but for .hfr")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  command->add_option("--interval", arguments->interval, "1s, 1m, 5m, 1h, 1d")->capture_default_str();
  command
      ->add_option(
          "--out", arguments->out,
          "FILE.parquet, FILE.csv, FILE.csv.gz (of the level trades: the trades alone), or FILE.hfr, a "
          "recording of everything")
      ->required();
  command->add_flag("--force", arguments->force, "Replace the files that --out names");
  command->footer(
      "Examples:\n  hftsim generate --bars 1000000 --seed 7 --out bars.parquet\n"
      "  hftsim generate --level trades --bars 60 --symbols 2 --out hour.hfr\n"
      "  hftsim generate --level book --bars 60 --out book.hfr");
  command->callback([arguments] { generate(*arguments); });
}

}  // namespace hftsim
