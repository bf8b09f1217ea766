#include "models/training/history.h"

#include <fmt/format.h>

namespace hftsim::models {

std::string history_csv(std::span<const EpochRecord> history) {
  std::string text = "epoch,training_loss,validation_loss,validation_accuracy,best\n";
  for (const EpochRecord& record : history) {
    text += fmt::format("{},{},{},{},{:d}\n", record.epoch, record.training_loss, record.validation_loss,
                        record.validation_accuracy, record.best);
  }
  return text;
}

}  // namespace hftsim::models
