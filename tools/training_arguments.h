// What `hftsim train` and `hftsim walkforward` are told alike, as options of the command line.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "tools/bar_features.h"
#include "tools/model_training.h"
#include "tools/run_config.h"

namespace hftsim {

struct TrainingArguments {
  std::string data, interval, bars, policy = "reject";
  std::string model = "lstm", features = "default", windows = "5,10,20", device = "auto";
  std::uint32_t lookback = 60, horizon = 1, epochs = 50, patience = 10, batch = 32;
  double validation_split = 0.2, learning_rate = 0.001;
  std::uint64_t seed = 1;
  std::uint32_t threads = 0;  // 0: as many as there are cores

  // Parsing throws BadInput for a number that is none or out of range.
  void add_to(CLI::App& command);

  // Data as a run reads it, for RunData.
  RunConfig data_config() const;
  std::vector<std::string> feature_names() const;
  TrainingOptions options() const;  // throws BadInput with the option that is wrong
};

// "epoch  3/50  training 0.6931 ...", a line per epoch with the time left, and a bar of the epoch's batches.
models::TrainingObserver observe_training(const std::string& what, std::uint32_t epochs);

}  // namespace hftsim
