// One instrument's windows for a WindowModel: keeps the rows that the next windows share with the last ones, and
// spreads the windows of a call over the executor's workers.
#pragma once

#include <memory>
#include <vector>

#include "engine/core/executor.h"
#include "engine/inference/predictor.h"
#include "engine/inference/window_model.h"

namespace hftsim::inference {

class WindowBatcher final : public Predictor {
 public:
  // Room for `rows_per_call` rows beside the ones kept; more of them go in several turns. `executor` has to
  // outlive it.
  WindowBatcher(std::shared_ptr<const WindowModel> model, Executor& executor, std::size_t rows_per_call);

  void predict(const float* rows, std::size_t count, float* out) override;
  void observe(const float* rows, std::size_t count) override;

 private:
  void predict_some(const float* rows, std::size_t count, float* out);
  void run(std::size_t windows, float* out);
  void append(const float* rows, std::size_t count);
  void keep_last(std::size_t rows);

  std::shared_ptr<const WindowModel> model_;
  Executor& executor_;
  std::size_t features_, history_, rows_per_call_;
  std::vector<float> rows_;  // what is kept, then the new ones
  std::size_t kept_ = 0;     // at most `history_`, a window less its last row
};

}  // namespace hftsim::inference
