// Where training stands after an epoch, so that it goes on as if it had never stopped.
//
// The file: 8 bytes "HFTSIMTC"; uint32 version; uint32 CRC32C of all that follows; uint64 size of the JSON text;
// the JSON text (identity, history, names and shapes of the tensors); the weights and then the best epoch's,
// float32, each tensor after the other; the optimiser's state to the end. Little-endian.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "models/named_tensor.h"
#include "models/training/history.h"

namespace hftsim::models {

// What must be the same for training to go on: options and data by name, as text.
using TrainingIdentity = std::map<std::string, std::string>;

struct Checkpoint {
  TrainingIdentity identity;
  std::vector<EpochRecord> history;  // one per epoch done; at least one
  std::vector<NamedTensor> weights;
  std::vector<NamedTensor> best_weights;  // same names and shapes
  std::string optimizer_state;
};

// Whole or not at all: written beside `path` and renamed. Throws IoFailure.
void write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);

// Throws BadInput where the file is not one, or not what was written.
Checkpoint read_checkpoint(const std::filesystem::path& path);

// Throws BadInput with the first name whose value differs, and both values.
void expect_same_identity(const std::filesystem::path& path, const TrainingIdentity& found,
                          const TrainingIdentity& wanted);

}  // namespace hftsim::models
