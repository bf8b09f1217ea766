// Walk-forward training: models trained on a window that moves through time, each tested on the bars behind its
// own. Rows are those of BarFeatures.
//
//   fold 1   |---- train ----|- test -|
//   fold 2            |---- train ----|- test -|          step = test here
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "models/bundle.h"
#include "models/training/evaluation.h"
#include "tools/bar_features.h"
#include "tools/model_training.h"

namespace hftsim {

struct WalkForwardPlan {
  std::size_t train_rows = 4000;
  std::size_t test_rows = 1000;
  std::size_t step_rows = 1000;  // at most test_rows: bars in between would be tested by nobody
};

// Trains on rows [train_first, test_first), the end of which chooses the epoch; speaks of [test_first, test_last).
struct Fold {
  std::size_t train_first = 0, test_first = 0, test_last = 0;
};

// Every fold whose test begins before the rows end; a fold speaks until the next one does, the last one to the
// end of its test. Throws BadInput for a plan that makes no sense or needs more rows than there are.
std::vector<Fold> plan_folds(std::size_t rows, const WalkForwardPlan& plan);

// That the model has seen nothing of its test: the bars it names end before it, and its scaler is, to the bit,
// that of the training rows alone. Throws BadInput with `place`, naming what leaks.
void check_fold(const BarFeatures& rows, const Fold& fold, const models::BundleMetadata& model,
                const TrainingOptions& options, const std::string& place);

// What the fold's bundle says of its test rows whose outcome is known, and what came.
struct FoldForecast {
  std::vector<float> probabilities, labels;
};
FoldForecast forecast(const BarFeatures& rows, const Fold& fold, const std::filesystem::path& bundle);

}  // namespace hftsim
