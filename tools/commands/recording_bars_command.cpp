// hftsim recording bars: bars made of a recording's trades, as a recording or a table.
#include <fmt/format.h>

#include "adapters/event_table.h"
#include "adapters/table_target.h"
#include "engine/core/errors.h"
#include "replay/trade_bar_source.h"
#include "tools/bar_spec_text.h"
#include "tools/commands/interrupt.h"
#include "tools/commands/recording_command.h"
#include "tools/progress_bar.h"
#include "tools/recorded_bars.h"
#include "tools/recording_output.h"

namespace hftsim {
namespace {

struct Arguments {
  std::string file, bars, out;
  std::vector<std::string> symbols, keep;
  bool partial = false, force = false;
};

EventKinds kinds_to_keep(const Arguments& arguments) {
  EventKinds kinds;
  for (const std::string& name : arguments.keep) {
    const EventKind kind = parse_event_kind(name, "--keep");
    if (kind == EventKind::bar) throw BadInput("--keep", "bar", "other kinds: bars are what is made");
    kinds.add(kind);
  }
  if (!arguments.keep.empty() && !names_recording(arguments.out)) {
    throw BadInput("--keep", "it with " + arguments.out, "a recording (.hfr), which takes all kinds");
  }
  return kinds;
}

void require_free_output(const Arguments& arguments) {
  const std::filesystem::path input(arguments.file), out(arguments.out);
  if (names_recording(out)) {
    require_free_recording(out, arguments.force, {&input, 1});
  } else {
    table_target(out);
    require_free_target(out, arguments.force, {&input, 1});
  }
}

std::string counts_text(const TradeCounts& counts, bool partial) {
  std::string text = fmt::format("{} bars of {} trades", counts.bars, counts.trades);
  const auto add = [&](std::uint64_t count, const char* what) {
    if (count > 0) text += fmt::format("\n{:>12} {}", count, what);
  };
  add(counts.empty_bars, "bars without a trade, flat at the last close");
  add(counts.missing_bars, "bars missing: the stream was cut off or silent");
  add(counts.partial_bars, partial ? "incomplete bars at the ends, in addition"
                                   : "incomplete bars at the ends, left out (--partial keeps them)");
  add(counts.off_book, "trades not of the book, left out");
  add(counts.impossible, "trades without a positive price and quantity, left out");
  add(counts.repeated, "trades that came twice, left out");
  return text;
}

void make_bars(const Arguments& arguments) {
  TradeBarOptions options;
  options.spec = parse_bar_spec(arguments.bars, "--bars");
  options.pass = kinds_to_keep(arguments);
  options.keep_partial = arguments.partial;
  require_free_output(arguments);
  auto recording =
      std::make_unique<RecordingSource>(arguments.file, RecordingSourceOptions{.symbols = arguments.symbols});
  const RecordingReader& reader = recording->reader();
  require_kind(reader, EventKind::trade, "trades in it, to make bars of");
  RecordingHeader header = reader.header();
  header.order = EventOrder::exchange;
  header.source += "; bars of " + arguments.bars;
  TradeBarSource source(std::move(recording), std::move(options));
  catch_interrupts();
  ProgressBar bar("bars", "events", reader.event_count());
  const auto on_progress = [&](std::uint64_t) {
    stop_if_interrupted(arguments.out);
    bar.update(source.events());
  };
  if (names_recording(arguments.out)) {
    write_recording(arguments.out, source, header, {}, on_progress);
  } else {
    write_event_table(arguments.out, source, EventKind::bar, on_progress);
  }
  fmt::print("{}: {}\n", arguments.out, counts_text(source.counts(), arguments.partial));
  if (!reader.tail().complete) fmt::print("{}: {}\n", arguments.file, reader.tail().describe());
}

}  // namespace

void add_recording_bars(CLI::App& recording) {
  CLI::App* command = recording.add_subcommand("bars", "Bars made of its trades, as a recording or a table");
  auto arguments = std::make_shared<Arguments>();
  command->add_option("file", arguments->file, "Recording (.hfr)")->required();
  command
      ->add_option("--bars", arguments->bars,
                   "1m (time), 1000t (trades), 50v (base units), 1e6d (quote units; 1d to 400d are days)")
      ->required();
  command
      ->add_option(
          "--out", arguments->out,
          "FILE.hfr, FILE.parquet, FILE.csv, FILE.csv.gz; the timestamp of bars without a fixed interval is "
          "their close")
      ->required();
  command->add_option("--symbol", arguments->symbols, "Only that instrument; repeatable")
      ->allow_extra_args(false);
  command->add_option("--keep", arguments->keep, "In a recording also trade, quote, ...; repeatable")
      ->allow_extra_args(false);
  command->add_flag("--partial", arguments->partial, "Keep the incomplete bars at both ends");
  command->add_flag("--force", arguments->force, "Replace the file that --out names");
  command->footer(
      "Examples:\n  hftsim recording bars day.hfr --bars 1m --out BTCUSDT-1m.parquet\n"
      "  hftsim recording bars day.hfr --bars 1000t --keep trade --out ticks.hfr");
  command->callback([arguments] { make_bars(*arguments); });
}

}  // namespace hftsim
