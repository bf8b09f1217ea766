// hftsim train: trains a direction model on a file of bars and writes its bundle.
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

#include "adapters/table_target.h"
#include "engine/core/errors.h"
#include "models/torch_loader.h"
#include "models/training/history.h"
#include "tools/commands/commands.h"
#include "tools/commands/interrupt.h"
#include "tools/model_training.h"
#include "tools/run_directory.h"
#include "tools/summary.h"
#include "tools/training_arguments.h"
#include "tools/training_report.h"

namespace hftsim {
namespace {

struct Arguments {
  TrainingArguments training;
  std::string out;
  bool resume = false, force = false;
};

constexpr const char* kExamples = R"(Examples:
  hftsim train --data BTCUSDT-1m.parquet --out model.pt
  hftsim train --data BTCUSDT-1m.parquet --epochs 2 --lookback 30 --features rsi_14,return_1,volume_ratio_20 --out small/model.pt
  hftsim train --data BTCUSDT-1m.parquet --resume --out model.pt      goes on where Ctrl-C ended it
  hftsim backtest --data BTCUSDT-1m.parquet --set model.path=model.pt
Bars that trained a model say nothing about it: hftsim walkforward tests on bars it has not seen.)";

struct OutFiles {
  std::filesystem::path bundle, history, checkpoint;
};

// Tried before anything is trained: an epoch may take minutes.
void require_writable(const std::filesystem::path& file) {
  const std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
  if (!std::filesystem::is_directory(folder)) {
    throw BadInput("--out", folder.string(), "a folder that exists");
  }
  if (std::filesystem::is_directory(file)) throw BadInput("--out", file.string() + ", a folder", "a file");
  const std::filesystem::path tried = file.string() + ".partial";
  const bool can = static_cast<bool>(std::ofstream(tried, std::ios::binary));
  const int error = errno;
  std::error_code ignored;
  std::filesystem::remove(tried, ignored);
  if (!can)
    throw BadInput("--out", file.string() + ": " + std::strerror(error), "a place that can be written");
}

// One folder per model: the next one's history would take its place.
void require_free_history(const std::filesystem::path& history, bool replace) {
  if (replace || !std::filesystem::exists(history)) return;
  throw BadInput(history.string() +
                 " exists already, of a model trained before; give --out another folder, or " +
                 "--force to replace it");
}

OutFiles out_files(const Arguments& arguments) {
  const std::filesystem::path out = arguments.out;
  if (out.extension() != ".pt") throw BadInput("--out", "'" + arguments.out + "'", "a file that ends in .pt");
  const OutFiles files = {out, out.parent_path() / "history.csv", arguments.out + ".checkpoint"};
  const std::filesystem::path data = arguments.training.data;
  const bool goes_on = arguments.resume && std::filesystem::exists(files.checkpoint);
  if (arguments.resume && !goes_on && !arguments.force && std::filesystem::exists(files.bundle)) {
    throw BadInput("--resume", "no " + files.checkpoint.string(),
                   "the checkpoint that " + arguments.out + " was trained with; --force trains it anew");
  }
  const bool replace = arguments.force || goes_on;
  require_free_file(files.bundle, replace, {&data, 1});
  require_free_history(files.history, replace);
  require_free_file(files.history, true, {&data, 1});
  if (!replace && std::filesystem::exists(files.checkpoint)) {
    throw BadInput(files.checkpoint.string() +
                   " exists already: --resume goes on from it, --force starts anew");
  }
  for (const auto& file : {files.bundle, files.history, files.checkpoint}) require_writable(file);
  return files;
}

void print_data(const Arguments& arguments, const BarFeatures& rows, const RunData& data) {
  fmt::print("{}: {} bars, {} rows of {} features ({} bars until all are known)\n", arguments.training.data,
             data.bars(), rows.rows(), rows.names().size(), rows.bars_before());
  fmt::print("{}", finding_rows(data.findings()));
  std::fflush(stdout);  // what follows may take minutes
}

RunData open_data(const RunConfig& config) {
  try {
    return RunData(config);
  } catch (const BadInput& error) {
    throw with_place(config, error);
  }
}

void train(const Arguments& arguments) {
  const OutFiles files = out_files(arguments);
  TrainingOptions options = arguments.training.options();
  options.trainer.checkpoint = files.checkpoint;
  options.trainer.resume = arguments.resume;
  const std::vector<std::string> names = arguments.training.feature_names();
  models::torch_plugin();  // where it is missing, that is said at once
  RunData data = open_data(arguments.training.data_config());
  catch_interrupts();
  const BarFeatures rows(data, names);
  print_data(arguments, rows, data);

  const TrainedModel model =
      train_model(rows, 0, rows.rows(), options, files.bundle, observe_training("", options.trainer.epochs));
  fmt::print("{}\n", model.result.message);
  if (model.result.best_epoch == 0) throw CommandFailed();
  write_text_file(files.history, models::history_csv(model.result.history));
  fmt::print("{}", training_report(model));
  fmt::print("  {:<14}{}\n  {:<14}{}\n  {:<14}{} (--resume goes on from it)\n", "model",
             files.bundle.string(), "history", files.history.string(), "checkpoint",
             files.checkpoint.string());
  if (model.result.end == models::TrainingEnd::cancelled ||
      model.result.end == models::TrainingEnd::diverged) {
    throw CommandFailed();
  }
}

}  // namespace

void add_train_command(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("train", "Train a model that says whether the close will rise");
  arguments->training.add_to(*command);
  command
      ->add_option("--out", arguments->out,
                   "The bundle, FILE.pt; history.csv goes beside it, so have a folder per model")
      ->required();
  command->add_flag("--resume", arguments->resume, "Go on from the checkpoint that --out has");
  command->add_flag("--force", arguments->force, "Replace the file that --out names");
  command->footer(kExamples);
  command->callback([arguments] { train(*arguments); });
}

}  // namespace hftsim
