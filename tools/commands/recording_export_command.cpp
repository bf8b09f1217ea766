// hftsim recording export: a recording as tables or lines that anything reads.
#include <fmt/format.h>

#include <map>
#include <optional>

#include "adapters/binance/capture_writer.h"
#include "adapters/event_table.h"
#include "adapters/lower_case.h"
#include "adapters/table_target.h"
#include "engine/core/errors.h"
#include "replay/recording_source.h"
#include "tools/commands/interrupt.h"
#include "tools/commands/recording_command.h"
#include "tools/progress_bar.h"
#include "tools/recording_survey.h"

namespace hftsim {
namespace {

enum class Format { by_name, capture };

struct Arguments {
  std::string file, out, market;
  std::vector<std::string> kinds;
  Format format = Format::by_name;
  bool force = false;
};

bool is_lines(const std::filesystem::path& path) {
  const std::string extension = lower_case(path.extension().string());
  return extension == ".jsonl" || extension == ".ndjson";
}

// "ticks.csv.gz" becomes "ticks-trade.csv.gz".
std::filesystem::path path_for(const std::filesystem::path& out, EventKind kind) {
  std::string name = out.filename().string();
  const std::size_t ending = lower_case(name).ends_with(".csv.gz") ? name.size() - 7 : name.rfind('.');
  name.insert(ending, "-" + std::string(name_of(kind)));
  return out.parent_path() / name;
}

std::vector<EventKind> kinds_in(RecordingReader& reader) {
  RecordingSurvey survey(reader.header().instruments.size());
  if (!reader.kind_counts()) {
    for (auto events = reader.next(); !events.empty(); events = reader.next()) survey.add(events);
  }
  const auto counts = reader.kind_counts().value_or(survey.by_kind());
  std::vector<EventKind> kinds;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    if (counts[k] > 0) kinds.push_back(static_cast<EventKind>(k));
  }
  return kinds;
}

std::vector<EventKind> chosen_kinds(const Arguments& arguments) {
  std::vector<EventKind> kinds;
  for (const std::string& name : arguments.kinds) kinds.push_back(parse_event_kind(name, "--kind"));
  if (!kinds.empty()) return kinds;
  RecordingReader reader(arguments.file);
  kinds = kinds_in(reader);
  if (kinds.empty()) throw BadInput(arguments.file, "a recording without events", "at least one");
  return kinds;
}

template <class Write>
void write_one(const Arguments& arguments, const std::filesystem::path& path, Write write) {
  RecordingSource source(arguments.file, {.keep_times = true});
  ProgressBar bar("export " + path.filename().string(), "events", source.size_hint());
  const std::uint64_t rows = write(source, [&](std::uint64_t events) {
    stop_if_interrupted(path.string());
    bar.update(events);
  });
  fmt::print("{}: {} rows\n", path.string(), rows);
}

void export_tables(const Arguments& arguments) {
  const std::filesystem::path input(arguments.file), out(arguments.out);
  table_target(out);
  const std::vector<EventKind> kinds = chosen_kinds(arguments);
  std::vector<std::filesystem::path> paths;
  for (const EventKind kind : kinds) {
    paths.push_back(kinds.size() == 1 ? out : path_for(out, kind));
    require_free_target(paths.back(), arguments.force, {&input, 1});
  }
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    write_one(arguments, paths[i], [&](EventSource& source, const EventProgress& on_progress) {
      return write_event_table(paths[i], source, kinds[i], on_progress);
    });
  }
}

void export_lines(const Arguments& arguments) {
  const std::filesystem::path input(arguments.file), out(arguments.out);
  if (!arguments.kinds.empty())
    throw BadInput("--kind", "it with lines of JSON", "all kinds, which they hold");
  if (std::filesystem::is_directory(out)) throw BadInput("--out", out.string() + ", a directory", "a file");
  require_free_file(out, arguments.force, {&input, 1});
  write_one(arguments, out, [&](EventSource& source, const EventProgress& on_progress) {
    return write_event_lines(out, source, on_progress);
  });
}

// As it was told, or as an import has left it in the recording.
Market market_of(const Arguments& arguments, const std::string& source) {
  if (!arguments.market.empty()) return parse_market(arguments.market, "--market");
  for (const Market market : {Market::spot, Market::usdm}) {
    if (source.starts_with(fmt::format("Binance {} capture", name_of(market)))) return market;
  }
  throw BadInput(arguments.file, "a recording of '" + source + "', which names no market",
                 "--market spot or usdm");
}

void export_capture(const Arguments& arguments) {
  const std::filesystem::path input(arguments.file), out(arguments.out);
  if (!arguments.kinds.empty()) throw BadInput("--kind", "it with a capture", "all kinds, which it holds");
  const std::string name = lower_case(out.filename().string());
  if (!name.ends_with(".jsonl") && !name.ends_with(".jsonl.gz"))
    throw BadInput("--out", "'" + arguments.out + "'", "a name that ends in .jsonl or .jsonl.gz");
  if (std::filesystem::is_directory(out)) throw BadInput("--out", out.string() + ", a directory", "a file");
  require_free_file(out, arguments.force, {&input, 1});
  RecordingSource source(arguments.file, {.keep_times = true});
  binance::CaptureWriteOptions options;
  options.market = market_of(arguments, source.reader().header().source);
  options.recv_correction_ns = source.reader().header().recv_correction_ns;
  ProgressBar bar("export " + out.filename().string(), "events", source.size_hint());
  const auto written = binance::write_capture(out, source, options, [&](std::uint64_t events) {
    stop_if_interrupted(out.string());
    bar.update(events);
  });
  fmt::print("{}: {} messages\n", out.string(), written.messages);
  if (written.left_out > 0) fmt::print("{} marks and timers are no messages\n", written.left_out);
}

void export_recording(const Arguments& arguments) {
  catch_interrupts();
  if (arguments.format == Format::capture) return export_capture(arguments);
  is_lines(arguments.out) ? export_lines(arguments) : export_tables(arguments);
}

}  // namespace

void add_recording_export(CLI::App& recording) {
  CLI::App* command =
      recording.add_subcommand("export", "Parquet, CSV, lines of JSON with everything in it, or a capture");
  auto arguments = std::make_shared<Arguments>();
  command->add_option("file", arguments->file, "Recording (.hfr)")->required();
  command
      ->add_option(
          "--out", arguments->out,
          "FILE.parquet, FILE.csv, FILE.csv.gz: a table of each kind (FILE-trade.parquet, ...) where there "
          "are several; FILE.jsonl: one file")
      ->required();
  command->add_option("--kind", arguments->kinds, "Only trade, quote, book_change, ...; repeatable")
      ->allow_extra_args(false);
  command
      ->add_option("--format", arguments->format,
                   "by-name: as the name's ending says; capture: Binance's messages, as `import` takes them")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Format>{{"by-name", Format::by_name},
                                                                        {"capture", Format::capture}})
                      .description("by-name|capture"))
      ->default_str("by-name");
  command->add_option("--market", arguments->market,
                      "spot or usdm: of a capture whose recording was not imported from one");
  command->add_flag("--force", arguments->force, "Replace the files that --out names");
  command->footer(
      "Examples:\n  hftsim recording export day.hfr --kind trade --out trades.parquet\n"
      "  hftsim recording export day.hfr --out day.jsonl\n"
      "  hftsim recording export day.hfr --format capture --out day-messages.jsonl.gz");
  command->callback([arguments] { export_recording(*arguments); });
}

}  // namespace hftsim
