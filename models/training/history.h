// What training said, epoch by epoch.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace hftsim::models {

struct EpochRecord {
  std::uint32_t epoch = 0;     // from 1
  double training_loss = 0;    // mean binary cross-entropy of the epoch's batches, with dropout
  double validation_loss = 0;  // without
  double validation_accuracy = 0;
  bool best = false;  // lowest validation loss so far
};

// "epoch,training_loss,validation_loss,validation_accuracy,best" and a line per epoch; numbers that read back to
// the same bits.
std::string history_csv(std::span<const EpochRecord> history);

}  // namespace hftsim::models
