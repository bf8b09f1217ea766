// hftsim walkforward: trains a model per fold, runs the strategy on the bars that each has not seen, and keeps
// one run over all of them.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "engine/core/errors.h"
#include "models/training/history.h"
#include "tools/bars_per_year.h"
#include "tools/commands/commands.h"
#include "tools/commands/interrupt.h"
#include "tools/commands/kept_run.h"
#include "tools/summary.h"
#include "tools/training_arguments.h"
#include "tools/walk_forward.h"

namespace hftsim {
namespace {

struct Arguments {
  TrainingArguments training;
  WalkForwardPlan plan;
  std::optional<std::size_t> step;
  std::string strategy = "momentum", out;
  std::vector<std::string> settings;
  KeepOptions keep;
  bool no_report = false, resume = false;
};

constexpr const char* kExamples = R"(Example:
  hftsim walkforward --data BTCUSDT-1m.parquet --train-bars 4000 --test-bars 1000 --epochs 10 --out runs/wf
With --resume it goes on where Ctrl-C ended it. A model per fold is trained on --train-bars bars, the last --validation-split of which choose its epoch, and speaks of
the --test-bars behind them. The run, its report and its models (OUT/folds) are kept in OUT: `hftsim backtest
OUT/config.toml` repeats it without training.)";

std::string fold_name(std::size_t fold) {
  return fmt::format("fold-{:02}", fold + 1);
}

// What this command decides itself, for training and run alike.
void require_own_setting(const std::string& setting) {
  for (const char* key :
       {"data.", "run.start", "run.out", "model.path", "model.from", "model.weights", "strategy.name"}) {
    if (setting.starts_with(key)) {
      throw BadInput("--set", setting, "another key: walkforward sets this one, by its own options");
    }
  }
  if (setting == "model.predictor=stateful") {
    throw BadInput("--set", setting, "another predictor: models are trained on windows");
  }
}

std::filesystem::path folds_of(const Arguments& arguments) {
  return std::filesystem::path(arguments.out) / "folds";
}

bool came_to_its_end(const std::filesystem::path& summary) {
  if (!std::filesystem::exists(summary)) return false;
  const Json json = Json::parse(read_text_file(summary), nullptr, false);
  return !json.is_object() || !json.value("partial", false);
}

// Whether there is something to go on from.
bool goes_on(const Arguments& arguments) {
  if (!arguments.resume || !std::filesystem::is_directory(folds_of(arguments))) return false;
  const std::filesystem::path out = arguments.out;
  if (!arguments.keep.force && came_to_its_end(out / "summary.json")) {
    throw BadInput("--resume", out.string() + ", whose run came to its end",
                   "one that was cut off; --force replaces the run and keeps its models");
  }
  return true;
}

void remove_old_folds(const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with("fold-")) std::filesystem::remove(entry.path());
  }
}

// The run over all tests: its strategy begins with the first bar that some model speaks of.
RunConfig run_config(const Arguments& arguments, const BarFeatures& rows, const std::vector<Fold>& folds) {
  RunConfig config = arguments.training.data_config();
  set_key(config, "features.list", std::vector<std::string>{"none"}, "walkforward");  // what the models need
  for (const std::string& setting : arguments.settings) {
    require_own_setting(setting);
    apply_setting(config, setting);
  }
  set_key(config, "strategy.name", arguments.strategy, "--strategy");
  set_key(config, "run.out", arguments.out, "--out");
  std::vector<std::string> paths, from;
  for (std::size_t k = 0; k < folds.size(); ++k) {
    paths.push_back((folds_of(arguments) / (fold_name(k) + ".pt")).string());
    from.push_back(iso_utc(rows.closed_at(folds[k].test_first)));
  }
  set_key(config, "run.start", from.front(), "walkforward");
  set_key(config, "model.path", paths, "walkforward");
  set_key(config, "model.from", from, "walkforward");
  resolve(config);
  return config;
}

// What the run over the tests would refuse: before a model is trained. Bars without a fixed interval may close together.
void check_run(const RunConfig& config, const RunData& data, const BarFeatures& rows,
               const std::vector<Fold>& folds) {
  if (config.metrics.bars_per_year <= 0) bars_per_year(data.instruments());
  for (const Fold& fold : folds) {
    const Timestamp first = rows.closed_at(fold.test_first);
    if (rows.closed_at(fold.test_first - 1) < first) continue;
    throw BadInput("--train-bars", "a fold that ends between bars which close together, at " + iso_utc(first),
                   "another number of bars, here or in --test-bars, or larger bars");
  }
}

void print_fold(const BarFeatures& rows, std::size_t number, std::size_t count, const Fold& fold) {
  fmt::print("fold {}/{}: trained on {} to {}, tested on {} to {}\n", number + 1, count,
             iso_utc(rows.closed_at(fold.train_first)), iso_utc(rows.closed_at(fold.test_first - 1)),
             iso_utc(rows.closed_at(fold.test_first)), iso_utc(rows.closed_at(fold.test_last - 1)));
  std::fflush(stdout);
}

// Stricter than `hftsim train`'s: what was kept of folds is what they would become anew.
TrainingOptions fold_options(const Arguments& arguments, const std::filesystem::path& bundle) {
  TrainingOptions options = arguments.training.options();
  models::TrainerOptions& trainer = options.trainer;
  trainer.checkpoint = bundle.string() + ".checkpoint";
  trainer.resume = arguments.resume;
  trainer.identity["train-bars"] = std::to_string(arguments.plan.train_rows);
  trainer.identity["test-bars"] = std::to_string(arguments.plan.test_rows);
  trainer.identity["step"] = std::to_string(arguments.plan.step_rows);
  trainer.identity["epochs"] = std::to_string(trainer.epochs);
  trainer.identity["patience"] = std::to_string(trainer.patience);
  return options;
}

// Before anything of the old run is touched. The data are compared where a fold is trained.
void check_resumable(const Arguments& arguments, const std::vector<std::string>& bundles) {
  for (const std::string& bundle : bundles) {
    const models::TrainerOptions trainer = fold_options(arguments, bundle).trainer;
    if (!std::filesystem::exists(trainer.checkpoint)) continue;
    models::TrainingIdentity found = models::read_checkpoint(trainer.checkpoint).identity;
    found.erase("data");
    models::expect_same_identity(trainer.checkpoint, found, models::identity_of(trainer));
  }
}

void print_kept(const models::TrainerOptions& trainer) {
  if (!trainer.resume || !std::filesystem::exists(trainer.checkpoint)) return;
  const std::size_t epochs = models::read_checkpoint(trainer.checkpoint).history.size();
  fmt::print("  kept: {} epoch{}\n", epochs, epochs == 1 ? "" : "s");
  std::fflush(stdout);
}

void train_fold(const Arguments& arguments, const BarFeatures& rows, const Fold& fold,
                const std::filesystem::path& bundle) {
  const TrainingOptions options = fold_options(arguments, bundle);
  print_kept(options.trainer);
  const TrainedModel model = train_model(rows, fold.train_first, fold.test_first, options, bundle,
                                         observe_training("  ", options.trainer.epochs));
  std::filesystem::path history = bundle;
  write_text_file(history.replace_extension(".history.csv"), models::history_csv(model.result.history));
  if (interrupt_requested) throw CommandFailed();
  if (model.result.best_epoch == 0 || model.result.end == models::TrainingEnd::diverged) {
    throw IoFailure(bundle.string() + ": " + model.result.message);
  }
  fmt::print("  {}\n", model.result.message);
  for (const std::string& feature : model.non_finite) fmt::print("  not finite, became 0: {}\n", feature);
  check_fold(rows, fold, model.metadata, options, bundle.string());
}

// What the run asks of its models (predictor, precision, threads) and of their features: before the other folds
// are trained for nothing.
void check_first(RunConfig config) {
  config.model.path.resize(1);
  config.model.from.resize(1);
  model_of(config);
}

// Of each fold and of all together: out of sample, so that a verdict means something.
class Forecasts {
 public:
  void add(const FoldForecast& fold) {
    all_.probabilities.insert(all_.probabilities.end(), fold.probabilities.begin(), fold.probabilities.end());
    all_.labels.insert(all_.labels.end(), fold.labels.begin(), fold.labels.end());
    if (!fold.labels.empty()) fmt::print("  out of sample: {}\n", verdict_of(fold));
  }

  void print() const {
    if (!all_.labels.empty()) fmt::print("all folds out of sample: {}\n", verdict_of(all_));
  }

 private:
  static std::string verdict_of(const FoldForecast& forecast) {
    return models::verdict(models::evaluate(forecast.probabilities, forecast.labels));
  }

  FoldForecast all_;
};

void walk_forward(Arguments arguments) {
  arguments.plan.step_rows = arguments.step.value_or(arguments.plan.test_rows);
  arguments.keep.report = !arguments.no_report;
  arguments.training.options();  // checks them before anything is read
  const std::vector<std::string> names = arguments.training.feature_names();
  catch_interrupts();
  RunData data(arguments.training.data_config());
  const BarFeatures rows(data, names);
  const std::vector<Fold> folds = plan_folds(rows.rows(), arguments.plan);
  const RunConfig config = run_config(arguments, rows, folds);
  check_run(config, data, rows, folds);
  const bool keeps_folds = goes_on(arguments);
  if (keeps_folds) check_resumable(arguments, config.model.path);

  auto kept = std::make_unique<RunKeeper>(config, arguments.keep.force || keeps_folds);
  std::filesystem::create_directories(folds_of(arguments));
  if (!keeps_folds) remove_old_folds(folds_of(arguments));
  Forecasts forecasts;
  for (std::size_t k = 0; k < folds.size(); ++k) {
    print_fold(rows, k, folds.size(), folds[k]);
    train_fold(arguments, rows, folds[k], config.model.path[k]);
    if (k == 0) check_first(config);
    forecasts.add(forecast(rows, folds[k], config.model.path[k]));
  }
  forecasts.print();
  run_and_keep(config, arguments.keep, std::move(kept));
}

}  // namespace

void add_walkforward_command(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("walkforward", "Train a model per fold and test each on bars it has not seen");
  arguments->training.add_to(*command);
  command->add_option("--train-bars", arguments->plan.train_rows, "Bars a model is trained on")
      ->capture_default_str();
  command->add_option("--test-bars", arguments->plan.test_rows, "Bars behind them that it is tested on")
      ->capture_default_str();
  command->add_option("--step", arguments->step, "Bars from fold to fold; default: --test-bars");
  command->add_option("--strategy", arguments->strategy, "Name of the strategy: hftsim strategies")
      ->capture_default_str();
  command->add_option("--set", arguments->settings, "section.key=value of the run; repeatable")
      ->allow_extra_args(false);
  command->add_option("--out", arguments->out, "Run directory")->required();
  command->add_flag("--no-report", arguments->no_report, "Do not write report.html");
  command->add_flag("--resume", arguments->resume,
                    "Go on with the folds that --out has of a run that was cut off");
  command->add_flag("--force", arguments->keep.force, "Replace the run that is in --out");
  command->footer(kExamples);
  command->callback([arguments] { walk_forward(*arguments); });
}

}  // namespace hftsim
