#include "tools/training_arguments.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <optional>

#include "engine/bus/agent.h"
#include "engine/core/clock.h"
#include "engine/core/errors.h"
#include "engine/features/catalog.h"
#include "tools/commands/interrupt.h"
#include "tools/progress_bar.h"

namespace hftsim {
namespace {

std::string architecture_of(const std::string& model) {
  if (model == "lstm") return "PriceLSTM";
  if (model == "transformer") return "PriceTransformer";
  throw BadInput("--model", "'" + model + "'", "lstm or transformer");
}

// What is said of an epoch, when it began, and the bar of the one under way.
class Display {
 public:
  Display(std::string what, std::uint32_t epochs) : what_(std::move(what)), epochs_(epochs) {}

  void on_batch(const models::TrainingProgress& progress) {
    if (!bar_ || progress.epoch != epoch_shown_) {
      epoch_shown_ = progress.epoch;
      bar_.emplace(fmt::format("{}epoch {}/{}", what_, progress.epoch, epochs_), "batches", progress.batches);
    }
    bar_->update(progress.batches_done);
  }

  void on_epoch(const models::EpochRecord& epoch) {
    bar_.reset();
    const std::int64_t now_ns = monotonic_ns();
    const double seconds = static_cast<double>(now_ns - epoch_start_ns_) * 1e-9;
    epoch_start_ns_ = now_ns;
    ++epochs_done_;
    const double mean = static_cast<double>(now_ns - start_ns_) * 1e-9 / epochs_done_;
    fmt::print(
        "{}epoch {:>{}}/{}  training {:.5f}  validation {:.5f}  accuracy {:5.2f} %  {}{:6.1f} s, at most {} "
        "left\n",
        what_, epoch.epoch, std::to_string(epochs_).size(), epochs_, epoch.training_loss,
        epoch.validation_loss, 100 * epoch.validation_accuracy, epoch.best ? "best  " : "      ", seconds,
        short_time(mean * (epochs_ - epoch.epoch)));
    std::fflush(stdout);
  }

 private:
  std::string what_;
  std::uint32_t epochs_;
  std::int64_t start_ns_ = monotonic_ns(), epoch_start_ns_ = start_ns_;
  std::uint32_t epochs_done_ = 0, epoch_shown_ = 0;
  std::optional<ProgressBar> bar_;
};

}  // namespace

void TrainingArguments::add_to(CLI::App& command) {
  command.add_option("--data", data, "Parquet or CSV file of bars, or generated")->required();
  command.add_option("--interval", interval, "1s, 1m, 5m, 1h, 1d; default: from the file");
  command.add_option("--policy", policy, "Bad bars: reject, skip or repair")->capture_default_str();
  command.add_option("--model", model, "lstm or transformer")->capture_default_str();
  command.add_option("--features", features, "Names, comma-separated; default: the default set but trades")
      ->capture_default_str();
  command.add_option("--windows", windows, "Windows of the default set")->capture_default_str();
  command.add_option("--lookback", lookback, "Rows in a window")->capture_default_str();
  command.add_option("--horizon", horizon, "Bars over which the close rises")->capture_default_str();
  command.add_option("--epochs", epochs, "At most")->capture_default_str();
  command.add_option("--patience", patience, "Epochs without a better validation loss until it stops")
      ->capture_default_str();
  command.add_option("--batch", batch, "Windows in a step of the optimiser")->capture_default_str();
  command.add_option("--learning-rate", learning_rate, "Of Adam")->capture_default_str();
  command
      .add_option("--validation-split", validation_split, "Last share of the rows, which choose the epoch")
      ->capture_default_str();
  command.add_option("--device", device, "auto, cpu or cuda; auto: cuda where there is one")
      ->capture_default_str();
  command.add_option("--threads", threads, "Default: as many as there are cores");
  command.add_option("--seed", seed, "Of weights, batches and dropout")->capture_default_str();
}

RunConfig TrainingArguments::data_config() const {
  RunConfig config;
  set_key(config, "data.path", std::vector<std::string>{data}, "--data");
  if (!interval.empty()) set_key(config, "data.interval", interval, "--interval");
  set_key(config, "data.policy", policy, "--policy");
  return config;
}

std::vector<std::string> TrainingArguments::feature_names() const {
  return model_features(features, hftsim::features::parse_windows(windows, "--windows"));
}

TrainingOptions TrainingArguments::options() const {
  TrainingOptions options;
  options.architecture = architecture_of(model);
  options.set = {lookback, horizon, validation_split};
  options.trainer.epochs = epochs;
  options.trainer.patience = patience;
  options.trainer.batch = batch;
  options.trainer.seed = seed;
  options.trainer.identity = {{"model", options.architecture},
                              {"features", features},
                              {"windows", windows},
                              {"lookback", std::to_string(lookback)},
                              {"horizon", std::to_string(horizon)},
                              {"validation-split", fmt::format("{}", validation_split)},
                              {"learning-rate", fmt::format("{}", learning_rate)}};
  options.learning_rate = learning_rate;
  options.device = device;
  options.threads = threads > 0 ? threads : static_cast<unsigned>(core_count());
  options.windows = hftsim::features::parse_windows(windows, "--windows");
  return options;
}

models::TrainingObserver observe_training(const std::string& what, std::uint32_t epochs) {
  const auto display = std::make_shared<Display>(what, epochs);
  models::TrainingObserver observer;
  observer.on_batch = [display](const models::TrainingProgress& progress) {
    display->on_batch(progress);
  };
  observer.on_epoch = [display](const models::EpochRecord& epoch) {
    display->on_epoch(epoch);
  };
  observer.is_cancelled = [] {
    return interrupt_requested.load(std::memory_order_relaxed);
  };
  return observer;
}

}  // namespace hftsim
