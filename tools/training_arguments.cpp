#include "tools/training_arguments.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <limits>
#include <memory>
#include <optional>

#include "engine/bus/agent.h"
#include "engine/core/clock.h"
#include "engine/core/errors.h"
#include "engine/features/catalog.h"
#include "models/metadata_check.h"
#include "tools/commands/interrupt.h"
#include "tools/progress_bar.h"

namespace hftsim {
namespace {

std::string architecture_of(const std::string& model) {
  if (model == "lstm") return "PriceLSTM";
  if (model == "transformer") return "PriceTransformer";
  throw BadInput("--model", "'" + model + "'", "lstm or transformer");
}

constexpr std::uint32_t kEpochsMax = 1'000'000, kBatchMax = 1'000'000, kThreadsMax = 256;
constexpr std::uint64_t kSeedMax = std::numeric_limits<std::int64_t>::max();

// A whole number as an option: its own words, because CLI11 wraps -1 and does not say what it expects.
template <class Value>
void add_whole(CLI::App& command, const std::string& name, Value& value, Value min, Value max,
               const std::string& help) {
  const auto read = [name, &value, min, max](const std::string& text) {
    Value number{};
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end || number < min || number > max) {
      throw BadInput(name, "'" + text + "'", fmt::format("a whole number from {} to {}", min, max));
    }
    value = number;
  };
  CLI::Option* option = command.add_option_function<std::string>(name, read, help)->type_name("INT");
  if (value != 0) option->default_str(std::to_string(value));
}

// NaN is in no range.
void check_rates(double validation_split, double learning_rate) {
  if (!(validation_split > 0 && validation_split < 1)) {
    throw BadInput("--validation-split", fmt::format("{}", validation_split), "a share between 0 and 1");
  }
  if (!(learning_rate > 0 && learning_rate <= 1)) {
    throw BadInput("--learning-rate", fmt::format("{}", learning_rate), "above 0 and at most 1");
  }
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
  command
      .add_option("--data", data,
                  "Parquet or CSV file of bars, recording (.hfr), cache:SYMBOL/INTERVAL, or generated")
      ->required();
  command.add_option("--interval", interval, "Of the bars: 1s, 1m, 5m, 1h, 1d; default: from the file");
  command.add_option("--bars", bars, "Bars made of a recording's trades: 1m, 1000t, 50v, 1e6d");
  command.add_option("--policy", policy, "What happens to bad bars: reject, skip or repair")
      ->capture_default_str();
  command.add_option("--model", model, "Network: lstm or transformer")->capture_default_str();
  command
      .add_option("--features", features,
                  "What the model sees: names, comma-separated; default: the default features but `trades`")
      ->capture_default_str();
  command.add_option("--windows", windows, "Windows of the default features, bars")->capture_default_str();
  add_whole(command, "--lookback", lookback, 1U, models::kLookbackMax, "Rows (bars) in a window");
  add_whole(command, "--horizon", horizon, 1U, models::kHorizonMax,
            "The question: is the close so many bars later higher?");
  add_whole(command, "--epochs", epochs, 1U, kEpochsMax, "Passes over the training windows, at most");
  add_whole(command, "--patience", patience, 1U, kEpochsMax,
            "Epochs without a lower validation loss, after which it stops");
  add_whole(command, "--batch", batch, 1U, kBatchMax, "Windows in a step of the optimiser");
  command.add_option("--learning-rate", learning_rate, "Of the optimiser, Adam")->capture_default_str();
  command
      .add_option("--validation-split", validation_split,
                  "Share of the rows, the last ones, that choose the best epoch and do not train")
      ->capture_default_str();
  command.add_option("--device", device, "auto, cpu or cuda; auto: cuda where there is one")
      ->capture_default_str();
  add_whole(command, "--threads", threads, 1U, kThreadsMax, "Default: as many as there are cores");
  add_whole(command, "--seed", seed, std::uint64_t{0}, kSeedMax, "Of weights, batches and dropout");
}

RunConfig TrainingArguments::data_config() const {
  RunConfig config;
  set_key(config, "data.path", std::vector<std::string>{data}, "--data");
  if (!interval.empty()) set_key(config, "data.interval", interval, "--interval");
  if (!bars.empty()) set_key(config, "data.trade_bars", bars, "--bars");
  set_key(config, "data.policy", policy, "--policy");
  return config;
}

std::vector<std::string> TrainingArguments::feature_names() const {
  return model_features(features, hftsim::features::parse_windows(windows, "--windows"));
}

TrainingOptions TrainingArguments::options() const {
  check_rates(validation_split, learning_rate);
  if (device != "auto" && device != "cpu" && device != "cuda") {
    throw BadInput("--device", "'" + device + "'", "auto, cpu or cuda");
  }
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
