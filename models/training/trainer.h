// Trains a network: batches shuffled by the seed, early stopping, the best epoch's weights kept, a checkpoint
// after every epoch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "models/torch_plugin.h"
#include "models/training/checkpoint.h"
#include "models/training/history.h"
#include "models/training/training_set.h"

namespace hftsim::models {

struct TrainerOptions {
  std::uint32_t epochs = 50;
  std::uint32_t patience = 10;  // epochs without a lower validation loss, after which training ends
  std::uint32_t batch = 32;
  std::uint64_t seed = 1;              // of the shuffling and of dropout
  std::filesystem::path checkpoint{};  // empty: none is written
  bool resume = false;                 // go on from the checkpoint; without one there, start anew
  TrainingIdentity identity{};         // what else has to be the same to go on: architecture, features, ...
};

struct TrainingProgress {
  std::uint32_t epoch = 0, epochs = 0;  // the one under way, from 1
  std::size_t batches_done = 0, batches = 0;
};

// Each may be empty.
struct TrainingObserver {
  std::function<void(const TrainingProgress&)> on_batch;
  std::function<void(const EpochRecord&)> on_epoch;
  std::function<bool()> is_cancelled;  // asked before every batch
};

enum class TrainingEnd : std::uint8_t {
  all_epochs,
  no_improvement,  // for `patience` epochs
  cancelled,
  diverged,  // a loss that is not finite
};

struct TrainingResult {
  TrainingEnd end = TrainingEnd::all_epochs;
  std::vector<EpochRecord> history;
  std::uint32_t best_epoch = 0;  // whose weights the network has now; 0: no epoch ended, the first weights
  std::string message;           // why it ended and what was kept, for people
};

// Calls network.set_rows() with the set's rows, which have to live as long as the network uses them.
//
// The same network, set, batch and seed give the same weights, whether training ran through or was cut off and
// resumed; an epoch that was cut off is done again from its start. More epochs and another patience may be asked
// for on resuming.
//
// Throws BadInput: options out of range; a checkpoint of other options or data, by name; IoFailure: a checkpoint
// that cannot be written.
TrainingResult train(TrainableNetwork& network, const TrainingSet& set, const TrainerOptions& options,
                     const TrainingObserver& observer = {});

// What has to be the same to go on, but for the data: the options' identity, their batch and seed.
TrainingIdentity identity_of(const TrainerOptions& options);

// Probabilities of a set's windows. The network has its rows already.
std::vector<float> predict(TrainableNetwork& network, const WindowSet& windows);

}  // namespace hftsim::models
