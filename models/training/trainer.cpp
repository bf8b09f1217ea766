#include "models/training/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/core/errors.h"
#include "engine/core/fnv.h"
#include "engine/core/rng.h"
#include "models/training/evaluation.h"

namespace hftsim::models {

namespace {

template <class Value>
std::uint64_t hash_of(const std::vector<Value>& values, std::uint64_t hash) {
  return fnv1a({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Value)}, hash);
}

std::string hash_of(const TrainingSet& set) {
  std::uint64_t hash = hash_of(set.rows, kFnvBasis);
  for (const WindowSet* windows : {&set.training, &set.validation}) {
    hash = hash_of(windows->labels, hash_of(windows->first_rows, hash));
  }
  return fmt::format("{:016x}", hash);
}

void check(const TrainerOptions& options) {
  const auto at_least_1 = [](const char* name, std::uint32_t value) {
    if (value == 0) throw BadInput(name, "0", "1 or more");
  };
  at_least_1("epochs", options.epochs);
  at_least_1("patience", options.patience);
  at_least_1("batch", options.batch);
}

double accuracy_of(std::span<const float> probabilities, std::span<const float> labels) {
  std::size_t right = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) right += (probabilities[i] > 0.5F) == (labels[i] > 0.5F);
  return static_cast<double>(right) / static_cast<double>(labels.size());
}

class Trainer {
 public:
  Trainer(TrainableNetwork& network, const TrainingSet& set, const TrainerOptions& options,
          const TrainingObserver& observer)
      : network_(network), set_(set), options_(options), observer_(observer) {}

  TrainingResult run() {
    network_.set_rows(set_.rows.data(), set_.row_count);
    first_weights_ = network_.weights();
    start();
    std::optional<TrainingEnd> end = end_by_history();
    while (!end) {
      end = run_epoch(epochs_done() + 1);
      if (!end) end = end_by_history();
    }
    network_.set_weights(best_epoch_ > 0 ? best_weights_ : first_weights_);
    return {*end, history_, best_epoch_, message(*end)};
  }

 private:
  std::uint32_t epochs_done() const { return static_cast<std::uint32_t>(history_.size()); }

  // Fixed before the first epoch: hashing the rows takes a while.
  void start() {
    if (options_.checkpoint.empty()) return;
    identity_ = identity_of(options_);
    identity_["data"] = hash_of(set_);
    if (options_.resume && std::filesystem::exists(options_.checkpoint)) resume();
  }

  void resume() {
    Checkpoint checkpoint = read_checkpoint(options_.checkpoint);
    expect_same_identity(options_.checkpoint, checkpoint.identity, identity_);
    network_.set_weights(checkpoint.weights);
    network_.set_optimizer_state(checkpoint.optimizer_state);
    history_ = std::move(checkpoint.history);
    best_weights_ = std::move(checkpoint.best_weights);
    for (const EpochRecord& record : history_) {
      if (record.best) keep_as_best(record);
    }
  }

  void keep_as_best(const EpochRecord& record) {
    best_epoch_ = record.epoch;
    best_loss_ = record.validation_loss;
  }

  std::optional<TrainingEnd> end_by_history() const {
    if (epochs_done() - best_epoch_ >= options_.patience) return TrainingEnd::no_improvement;
    if (epochs_done() >= options_.epochs) return TrainingEnd::all_epochs;
    return std::nullopt;
  }

  // Nothing where the epoch came to its end.
  std::optional<TrainingEnd> run_epoch(std::uint32_t epoch) {
    EpochRecord record{.epoch = epoch};
    if (const auto end = run_batches(record)) return end;
    std::vector<float> probabilities = predict(network_, set_.validation);
    record.validation_loss = log_loss(probabilities, set_.validation.labels);
    record.validation_accuracy = accuracy_of(probabilities, set_.validation.labels);
    if (!std::isfinite(record.validation_loss))
      return diverged("validation loss", record.validation_loss, epoch);
    record.best = record.validation_loss < best_loss_;
    if (record.best) {
      keep_as_best(record);
      best_weights_ = network_.weights();
    }
    history_.push_back(record);
    save_checkpoint();
    if (observer_.on_epoch) observer_.on_epoch(record);
    return std::nullopt;
  }

  std::optional<TrainingEnd> run_batches(EpochRecord& record) {
    const std::size_t samples = set_.training.size(),
                      batches = (samples + options_.batch - 1) / options_.batch;
    const std::vector<std::uint32_t> order = shuffled(record.epoch);
    network_.seed(RandomStream(options_.seed, fmt::format("dropout of epoch {}", record.epoch)).next());
    double sum = 0;
    for (std::size_t done = 0; done < batches; ++done) {
      if (observer_.is_cancelled && observer_.is_cancelled()) return TrainingEnd::cancelled;
      const std::size_t first = done * options_.batch,
                        count = std::min<std::size_t>(options_.batch, samples - first);
      const double loss = train_batch(std::span(order).subspan(first, count));
      if (!std::isfinite(loss))
        return diverged(fmt::format("loss of batch {}", done + 1), loss, record.epoch);
      sum += loss * static_cast<double>(count);
      if (observer_.on_batch) observer_.on_batch({record.epoch, options_.epochs, done + 1, batches});
    }
    record.training_loss = sum / static_cast<double>(samples);
    return std::nullopt;
  }

  double train_batch(std::span<const std::uint32_t> samples) {
    batch_rows_.clear();
    batch_labels_.clear();
    for (const std::uint32_t sample : samples) {
      batch_rows_.push_back(set_.training.first_rows[sample]);
      batch_labels_.push_back(set_.training.labels[sample]);
    }
    return network_.train(batch_rows_, batch_labels_);
  }

  // Fisher and Yates.
  std::vector<std::uint32_t> shuffled(std::uint32_t epoch) const {
    std::vector<std::uint32_t> order(set_.training.size());
    std::iota(order.begin(), order.end(), 0U);
    RandomStream random(options_.seed, fmt::format("batches of epoch {}", epoch));
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
    return order;
  }

  void save_checkpoint() const {
    if (options_.checkpoint.empty()) return;
    write_checkpoint(options_.checkpoint,
                     {identity_, history_, network_.weights(), best_weights_, network_.optimizer_state()});
  }

  TrainingEnd diverged(const std::string& what, double value, std::uint32_t epoch) {
    divergence_ = fmt::format("the {} of epoch {} is {}: lower the learning rate, or look at the data", what,
                              epoch, value);
    return TrainingEnd::diverged;
  }

  std::string message(TrainingEnd end) const {
    return reason(end) + (best_epoch_ > 0 ? fmt::format("; kept epoch {} with validation loss {:.6f}",
                                                        best_epoch_, best_loss_)
                                          : std::string("; no epoch came to its end, nothing was learned"));
  }

  std::string reason(TrainingEnd end) const {
    switch (end) {
      case TrainingEnd::all_epochs:
        return fmt::format("all {} epochs done", options_.epochs);
      case TrainingEnd::no_improvement:
        return fmt::format("no lower validation loss for {} epochs", options_.patience);
      case TrainingEnd::cancelled:
        return fmt::format("stopped in epoch {}", epochs_done() + 1);
      case TrainingEnd::diverged:
        break;
    }
    return divergence_;
  }

  TrainableNetwork& network_;
  const TrainingSet& set_;
  const TrainerOptions& options_;
  const TrainingObserver& observer_;
  TrainingIdentity identity_;
  std::vector<EpochRecord> history_;
  std::vector<NamedTensor> first_weights_, best_weights_;
  std::uint32_t best_epoch_ = 0;
  double best_loss_ = std::numeric_limits<double>::infinity();
  std::string divergence_;
  std::vector<std::uint32_t> batch_rows_;
  std::vector<float> batch_labels_;
};

}  // namespace

TrainingResult train(TrainableNetwork& network, const TrainingSet& set, const TrainerOptions& options,
                     const TrainingObserver& observer) {
  check(options);
  return Trainer(network, set, options, observer).run();
}

TrainingIdentity identity_of(const TrainerOptions& options) {
  TrainingIdentity identity = options.identity;
  identity["batch"] = std::to_string(options.batch);
  identity["seed"] = std::to_string(options.seed);
  return identity;
}

std::vector<float> predict(TrainableNetwork& network, const WindowSet& windows) {
  std::vector<float> probabilities(windows.size());
  network.predict(windows.first_rows, probabilities);
  return probabilities;
}

}  // namespace hftsim::models
