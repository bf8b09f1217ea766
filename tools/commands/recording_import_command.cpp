// hftsim recording import: captures of exchange messages as a recording.
#include <fmt/format.h>

#include <functional>
#include <map>
#include <optional>

#include "tools/commands/interrupt.h"
#include "tools/commands/recording_command.h"
#include "tools/commands/recording_output_options.h"
#include "tools/progress_bar.h"
#include "tools/recording_import.h"
#include "tools/recording_output.h"

namespace hftsim {
namespace {

struct Arguments {
  std::vector<std::string> files;
  ImportClock clock = ImportClock::exchange;
  std::string symbol;
  double window_seconds = 10;
  RecordingOutputOptions output;
};

const std::map<std::string, ImportClock> kClocks{{"exchange", ImportClock::exchange},
                                                 {"receive", ImportClock::receive},
                                                 {"corrected", ImportClock::corrected}};

// Drawn once the size is known, which the first look does not say.
class ImportBar {
 public:
  explicit ImportBar(const std::string& out) : out_(out) {}
  void operator()(std::uint64_t bytes, std::uint64_t of) {
    stop_if_interrupted(out_);
    if (!bar_ || of != of_) bar_.emplace("import", "bytes", of_ = of);
    bar_->update(bytes);
  }

 private:
  std::string out_;
  std::optional<ProgressBar> bar_;
  std::uint64_t of_ = 0;
};

void import_files(const Arguments& arguments) {
  catch_interrupts();
  const std::vector<std::filesystem::path> paths(arguments.files.begin(), arguments.files.end());
  require_free_recording(arguments.output.out, arguments.output.force, paths);
  ImportOptions options;
  options.clock = arguments.clock;
  options.symbol = arguments.symbol;
  options.window_ns = static_cast<std::int64_t>(arguments.window_seconds * 1e9);
  options.recording = arguments.output.options();
  ImportSummary summary;
  {
    ImportBar bar(arguments.output.out);
    summary = import_captures(paths, arguments.output.out, options, std::ref(bar));
  }
  fmt::print("{}: {} events of {} instruments\n{}", arguments.output.out, summary.events,
             summary.depth.size(), describe(summary));
}

}  // namespace

void add_recording_import(CLI::App& recording) {
  CLI::App* command =
      recording.add_subcommand("import", "Captures of Binance's messages, spot or USD-M, as a recording");
  auto arguments = std::make_shared<Arguments>();
  command
      ->add_option(
          "files", arguments->files,
          "Captures (docs/binance.md), plain, .gz or .zst; several are merged by their receive times")
      ->required();
  command
      ->add_option(
          "--clock", arguments->clock,
          "exchange: in the order of the exchange's times; receive: in that of receipt; corrected: the "
          "same, receive times moved until none is before its message was sent")
      ->transform(
          CLI::CheckedTransformer(kClocks, CLI::ignore_case).description("exchange|receive|corrected"))
      ->default_str("exchange");
  command->add_option("--symbol", arguments->symbol, "Whose the REST bodies are that name no symbol");
  command
      ->add_option("--window", arguments->window_seconds,
                   "Seconds by which a message may be older than the newest before it")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 86'400.0));
  add_recording_output(*command, arguments->output);
  command->footer(
      "Examples:\n  hftsim recording import btcusdt.jsonl.gz -o btcusdt.hfr\n"
      "  hftsim recording import day.ws.zst day.http.zst --clock corrected -o day.hfr");
  command->callback([arguments] { import_files(*arguments); });
}

}  // namespace hftsim
