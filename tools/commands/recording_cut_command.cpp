// hftsim recording cut, merge: recordings out of recordings.
#include <fmt/format.h>

#include <map>

#include "adapters/bar_time.h"
#include "adapters/event_table.h"
#include "engine/core/errors.h"
#include "replay/merged_source.h"
#include "replay/recording_source.h"
#include "tools/commands/interrupt.h"
#include "tools/commands/recording_command.h"
#include "tools/commands/recording_output_options.h"
#include "tools/progress_bar.h"
#include "tools/recording_output.h"

namespace hftsim {
namespace {

std::uint64_t write(const RecordingOutputOptions& output, EventSource& source, const RecordingHeader& header,
                    const char* what) {
  catch_interrupts();
  ProgressBar bar(what, "events", source.size_hint());
  return write_recording(output.out, source, header, output.options(), [&](std::uint64_t events) {
    stop_if_interrupted(output.out);
    bar.update(events);
  });
}

struct CutArguments {
  std::string file, from, to;
  std::vector<std::string> symbols, kinds;
  RecordingOutputOptions output;
};

std::int64_t time_or(const std::string& text, const char* option, std::int64_t otherwise) {
  return text.empty() ? otherwise : checked_time(text, option);
}

EventKinds checked_kinds(const std::vector<std::string>& names) {
  if (names.empty()) return EventKinds::all();
  EventKinds kinds;
  for (const std::string& name : names) kinds.add(parse_event_kind(name, "--kind"));
  return kinds;
}

void cut(const CutArguments& arguments) {
  const std::filesystem::path input(arguments.file);
  RecordingSourceOptions options;
  options.from_ns = time_or(arguments.from, "--from", INT64_MIN);
  options.to_ns = time_or(arguments.to, "--to", INT64_MAX);
  if (options.to_ns <= options.from_ns) throw BadInput("--to", arguments.to, "a time after --from");
  options.kinds = checked_kinds(arguments.kinds);
  options.symbols = arguments.symbols;
  options.keep_times = true;
  require_free_recording(arguments.output.out, arguments.output.force, {&input, 1});
  RecordingSource source(arguments.file, options);
  const std::uint64_t events = write(arguments.output, source, source.reader().header(), "cut");
  fmt::print("{}: {} of {} events\n", arguments.output.out, events, source.reader().event_count());
  if (!source.reader().tail().complete)
    fmt::print("{}: {}\n", arguments.file, source.reader().tail().describe());
}

struct MergeArguments {
  std::vector<std::string> files;
  bool share = false, drop_duplicates = false;
  RecordingOutputOptions output;
};

// What holds for all of them; their sources are named one after the other.
RecordingHeader common_header(const std::vector<RecordingSource*>& sources) {
  RecordingHeader header = sources.front()->reader().header();
  for (const RecordingSource* source : std::span(sources).subspan(1)) {
    const RecordingReader& reader = source->reader();
    if (reader.order() != header.order) {
      throw BadInput(reader.name(), "a recording in the order of the other clock",
                     "the same order in all of them");
    }
    if (reader.header().recv_correction_ns != header.recv_correction_ns) {
      throw BadInput(reader.name(),
                     fmt::format("receive times corrected by {} ns", reader.header().recv_correction_ns),
                     fmt::format("{} ns as in the others", header.recv_correction_ns));
    }
    if (reader.header().source != sources.front()->reader().header().source)
      header.source += "; " + reader.header().source;
  }
  return header;
}

void require_own_symbols(const std::vector<RecordingSource*>& sources) {
  std::map<std::string, std::string> file_of;
  for (const RecordingSource* source : sources) {
    for (const Instrument& instrument : source->instruments()) {
      const auto [known, is_new] = file_of.emplace(instrument.symbol, source->reader().name());
      if (is_new) continue;
      throw BadInput(source->reader().name(), instrument.symbol + ", which is in " + known->second + " too",
                     "one recording of a symbol, or --share-symbols to make them one instrument");
    }
  }
}

void merge(const MergeArguments& arguments) {
  const std::vector<std::filesystem::path> inputs(arguments.files.begin(), arguments.files.end());
  require_free_recording(arguments.output.out, arguments.output.force, inputs);
  std::vector<std::unique_ptr<EventSource>> sources;
  std::vector<RecordingSource*> recordings;
  for (const std::string& file : arguments.files) {
    auto source = std::make_unique<RecordingSource>(file, RecordingSourceOptions{.keep_times = true});
    recordings.push_back(source.get());
    sources.push_back(std::move(source));
  }
  const RecordingHeader header = common_header(recordings);
  if (!arguments.share) require_own_symbols(recordings);
  MergedSource merged(std::move(sources),
                      {.share_symbols = arguments.share,
                       .duplicates = arguments.drop_duplicates ? Duplicates::drop : Duplicates::count,
                       .order = header.order});
  const std::uint64_t events = write(arguments.output, merged, header, "merge");
  fmt::print("{}: {} events of {} instruments\n", arguments.output.out, events, merged.instruments().size());
  if (merged.duplicates() == 0) return;
  fmt::print("{} events are in two files, byte by byte: {}\n", merged.duplicates(),
             arguments.drop_duplicates ? "kept once" : "kept twice; --drop-duplicates keeps one");
}

}  // namespace

void add_recording_cut(CLI::App& recording) {
  CLI::App* command =
      recording.add_subcommand("cut", "Part of a recording, or all of it stored in another way");
  auto arguments = std::make_shared<CutArguments>();
  command->add_option("file", arguments->file, "Recording (.hfr)")->required();
  command->add_option("--from", arguments->from,
                      "First time, by the recording's order: 2024-08-08T12:00 or an epoch");
  command->add_option("--to", arguments->to, "Time before which it ends");
  command->add_option("--symbol", arguments->symbols, "Only that instrument; repeatable")
      ->allow_extra_args(false);
  command->add_option("--kind", arguments->kinds, "Only trade, quote, ...; repeatable")
      ->allow_extra_args(false);
  add_recording_output(*command, arguments->output);
  command->footer(
      "Examples:\n  hftsim recording cut day.hfr --from 2024-08-08T12:00 --to 2024-08-08T13:00 --out "
      "hour.hfr\n"
      "  hftsim recording cut day.hfr --zstd 3 --out small.hfr");
  command->callback([arguments] { cut(*arguments); });
}

void add_recording_merge(CLI::App& recording) {
  CLI::App* command = recording.add_subcommand("merge", "Several recordings as one, in one order");
  auto arguments = std::make_shared<MergeArguments>();
  command->add_option("files", arguments->files, "Recordings (.hfr)")->required();
  command->add_flag("--share-symbols", arguments->share,
                    "A symbol in several files is one instrument: halves of a day, trades and quotes apart");
  command->add_flag("--drop-duplicates", arguments->drop_duplicates,
                    "Events that are in two files, byte by byte, come once; they are counted");
  add_recording_output(*command, arguments->output);
  command->footer("Example:\n  hftsim recording merge morning.hfr evening.hfr --share-symbols --out day.hfr");
  command->callback([arguments] { merge(*arguments); });
}

}  // namespace hftsim
