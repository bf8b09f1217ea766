// What training came to, for people: never an accuracy without what always saying the same would reach.
#pragma once

#include <string>

#include "tools/model_training.h"

namespace hftsim {

// Windows and classes, the verdict on the accuracy, loss, Brier score and AUC, the calibration table.
std::string training_report(const TrainedModel& model);

}  // namespace hftsim
