#include "models/torch/window_model.h"

#include <ATen/Parallel.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/jit/runtime/graph_executor.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <utility>
#include <vector>

#include "engine/core/rng.h"
#include "models/torch/script_file.h"
#include "models/torch/torch_errors.h"
#include "models/torch/torch_threads.h"

namespace hftsim::models {

namespace {

constexpr std::size_t kBatch =
    128;  // larger intermediate tensors are given back to the system and cleared anew
constexpr std::size_t kTrialWindows = 7;

class ScriptModel final : public inference::WindowModel {
 public:
  ScriptModel(std::string path, torch::jit::Module module, std::uint32_t lookback, std::uint32_t features,
              unsigned threads)
      : path_(std::move(path)),
        module_(std::move(module)),
        lookback_(lookback),
        features_(features),
        threads_(threads) {}

  std::uint32_t lookback() const override { return lookback_; }
  std::uint32_t features() const override { return features_; }
  std::size_t batch() const override { return kBatch; }

  void predict(const float* rows, std::size_t windows, float* out, unsigned) const override {
    use_torch_threads(threads_);
    for (std::size_t done = 0; done < windows; done += kBatch) {
      const std::size_t count = std::min(kBatch, windows - done);
      with_torch_errors(path_, [&] { predict_batch(rows + done * features_, count, out + done); });
      check(out + done, count);
    }
  }

 private:
  void predict_batch(const float* rows, std::size_t windows, float* out) const {
    const c10::InferenceMode no_gradients;
    const torch::jit::GraphOptimizerEnabledGuard as_loaded(
        false);  // the same operations from the first call on
    const auto count = static_cast<std::int64_t>(windows);
    const std::int64_t stride = features_;
    // from_blob wants a pointer to what may change; nothing of ours writes through it.
    const at::Tensor view = at::from_blob(const_cast<float*>(rows), {count, std::int64_t{lookback_}, stride},
                                          {stride, stride, 1});
    copy_out(answer(view), count, out);
  }

  at::Tensor answer(const at::Tensor& view) const {
    torch::jit::Module module = module_;  // a handle: forward() is not const
    const c10::IValue value = module.forward({view});
    if (!value.isTensor()) refuse("a " + value.tagKind());
    return value.toTensor();
  }

  void copy_out(const at::Tensor& answer, std::int64_t count, float* out) const {
    const bool one_each = answer.dim() == 1 || (answer.dim() == 2 && answer.size(1) == 1);
    if (!one_each || answer.size(0) != count || !answer.is_floating_point()) {
      std::string shape;
      for (const std::int64_t size : answer.sizes())
        shape += (shape.empty() ? "" : ", ") + std::to_string(size);
      refuse("a tensor of shape (" + shape + "), " + c10::toString(answer.scalar_type()));
    }
    const at::Tensor values = answer.reshape({count}).to(c10::kFloat).contiguous();
    std::copy_n(values.data_ptr<float>(), count, out);
  }

  void check(const float* probabilities, std::size_t count) const {
    for (std::size_t i = 0; i < count; ++i) {
      if (!(probabilities[i] >= 0 && probabilities[i] <= 1)) refuse(std::to_string(probabilities[i]));
    }
  }

  [[noreturn]] void refuse(const std::string& answer) const {
    throw BadInput(path_,
                   answer + " from forward() of windows (batch, " + std::to_string(lookback_) + ", " +
                       std::to_string(features_) + ")",
                   "one probability per window, (batch) or (batch, 1) floats in 0..1");
  }

  std::string path_;
  torch::jit::Module module_;
  std::uint32_t lookback_, features_;
  unsigned threads_;
};

// Rows as a scaler makes them.
std::vector<float> trial_rows(std::uint32_t lookback, std::uint32_t features) {
  RandomStream random(1, "torch trial");
  std::vector<float> rows((kTrialWindows + lookback - 1) * features);
  for (float& value : rows) value = static_cast<float>(random.normal());
  return rows;
}

std::vector<float> try_out(const ScriptModel& model, const std::vector<float>& rows) {
  std::vector<float> out(kTrialWindows);
  try {
    model.predict(rows.data(), kTrialWindows, out.data(), 0);
  } catch (const BadInput&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw BadInput(error.what() + std::string(", on a batch of ") + std::to_string(kTrialWindows) +
                   " windows; expected a forward() that takes (batch, " + std::to_string(model.lookback()) +
                   ", " + std::to_string(model.features()) + ") float32");
  }
  return out;
}

// Empty where LibTorch cannot freeze it.
std::unique_ptr<ScriptModel> frozen(const std::string& path, const torch::jit::Module& module,
                                    std::uint32_t lookback, std::uint32_t features, unsigned threads) {
  try {
    torch::jit::Module still = torch::jit::freeze(module);
    return std::make_unique<ScriptModel>(path, torch::jit::optimize_for_inference(still), lookback, features,
                                         threads);
  } catch (const std::exception&) {
    return nullptr;
  }
}

bool same(const std::vector<float>& a, const std::vector<float>& b) {
  constexpr float kTolerance = 1e-6F;
  return std::equal(a.begin(), a.end(), b.begin(),
                    [](float x, float y) { return std::fabs(x - y) <= kTolerance; });
}

}  // namespace

std::unique_ptr<inference::WindowModel> load_window_model(const std::string& bytes, const std::string& name,
                                                          std::uint32_t lookback, std::uint32_t features,
                                                          unsigned threads) {
  torch::jit::Module module = load_script(bytes, name);
  module.eval();
  auto plain = std::make_unique<ScriptModel>(name, module, lookback, features, threads);
  const std::vector<float> rows = trial_rows(lookback, features);
  const std::vector<float> wanted = try_out(*plain, rows);
  auto fast = frozen(name, module, lookback, features, threads);
  if (fast == nullptr) return plain;
  try {
    if (same(try_out(*fast, rows), wanted)) return fast;
  } catch (const BadInput&) {  // what freezing broke the plain module still does
  }
  return plain;
}

}  // namespace hftsim::models
