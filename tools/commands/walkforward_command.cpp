// hftsim walkforward: trains a model per fold, runs the strategy on the bars that each has not seen, and keeps
// one run over all of them.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "engine/core/errors.h"
#include "models/training/history.h"
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
  bool no_report = false;
};

constexpr const char* kExamples = R"(Example:
  hftsim walkforward --data BTCUSDT-1m.parquet --train-bars 4000 --test-bars 1000 --epochs 10 --out runs/wf
A model per fold is trained on --train-bars bars, the last --validation-split of which choose its epoch, and speaks of
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
    paths.push_back((std::filesystem::path(arguments.out) / "folds" / (fold_name(k) + ".pt")).string());
    from.push_back(iso_utc(rows.closed_at(folds[k].test_first)));
  }
  set_key(config, "run.start", from.front(), "walkforward");
  set_key(config, "model.path", paths, "walkforward");
  set_key(config, "model.from", from, "walkforward");
  resolve(config);
  return config;
}

void print_fold(const BarFeatures& rows, std::size_t number, std::size_t count, const Fold& fold) {
  fmt::print("fold {}/{}: trained on {} to {}, tested on {} to {}\n", number + 1, count,
             iso_utc(rows.closed_at(fold.train_first)), iso_utc(rows.closed_at(fold.test_first - 1)),
             iso_utc(rows.closed_at(fold.test_first)), iso_utc(rows.closed_at(fold.test_last - 1)));
  std::fflush(stdout);
}

void train_fold(const Arguments& arguments, const BarFeatures& rows, const Fold& fold,
                const std::filesystem::path& bundle) {
  const TrainingOptions options = arguments.training.options();
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

  auto kept = std::make_unique<RunKeeper>(config, arguments.keep.force);
  const std::filesystem::path bundles = kept->directory().path() / "folds";
  std::filesystem::create_directories(bundles);
  remove_old_folds(bundles);
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
  command->add_flag("--force", arguments->keep.force, "Replace the run that is in --out");
  command->footer(kExamples);
  command->callback([arguments] { walk_forward(*arguments); });
}

}  // namespace hftsim
