#include "models/torch/network.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/dropout.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/jit/runtime/graph_executor.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

#include "models/torch/adam.h"
#include "models/torch/architectures.h"
#include "models/torch/lstm_layer.h"
#include "models/torch/script_file.h"
#include "models/torch/torch_errors.h"
#include "models/torch/torch_threads.h"

namespace hftsim::models {

namespace {

constexpr std::size_t kPredictBatch = 128;
constexpr double kDropout = 0.2;

c10::Device device_of(const std::string& wanted) {
  const bool there = at::hasCUDA();
  if (wanted == "cpu" || (wanted == "auto" && !there)) return c10::Device(c10::kCPU);
  if (wanted != "cuda" && wanted != "auto") throw BadInput("device", "'" + wanted + "'", "auto, cpu or cuda");
  if (!there) {
    throw BadInput("device", "cuda, where LibTorch sees no CUDA device",
                   "cpu or auto, or a LibTorch built with CUDA and a driver for the card");
  }
  return c10::Device(c10::kCUDA, 0);
}

std::vector<at::Tensor> parameters_of(const torch::jit::Module& module) {
  std::vector<at::Tensor> parameters;
  for (const at::Tensor& parameter : module.parameters()) parameters.push_back(parameter);
  return parameters;
}

std::string shape_text(c10::IntArrayRef shape) {
  std::string text;
  for (const std::int64_t size : shape) text += (text.empty() ? "(" : ", ") + std::to_string(size);
  return text + ")";
}

NamedTensor named(const std::string& name, const at::Tensor& tensor) {
  const at::Tensor values = tensor.detach().to(c10::kCPU).contiguous();
  const float* data = values.data_ptr<float>();
  return {name, values.sizes().vec(), std::vector<float>(data, data + values.numel())};
}

class ScriptTrainer final : public TrainableNetwork {
 public:
  explicit ScriptTrainer(const NetworkSpec& spec)
      : spec_(spec),
        device_(device_of(spec.device)),
        module_(on_device(make_script_network(spec), device_)),
        optimizer_(parameters_of(module_), spec.learning_rate) {
    set_seed(spec.seed);  // LibTorch's generator begins with a seed from the clock
  }

  std::string device() const override { return device_.str(); }

  void set_rows(const float* rows, std::size_t count) override {
    rows_ = rows;
    row_count_ = count;
    if (device_.is_cpu()) return;
    with_torch_errors("moving the rows to " + device(), [&] {
      const auto size = static_cast<std::int64_t>(count);
      rows_on_device_ =
          at::from_blob(const_cast<float*>(rows), {size, std::int64_t{spec_.features}}).to(device_);
    });
  }

  void seed(std::uint64_t seed) override { set_seed(seed); }

  double train(std::span<const std::uint32_t> first_rows, std::span<const float> labels) override {
    assert(first_rows.size() == labels.size() && !labels.empty());
    return with_torch_errors("training", [&] { return step(first_rows, labels); });
  }

  void predict(std::span<const std::uint32_t> first_rows, std::span<float> probabilities) override {
    assert(first_rows.size() == probabilities.size());
    with_torch_errors("predicting", [&] {
      const c10::InferenceMode no_gradients;
      const Settings settings(*this, false);
      for (std::size_t done = 0; done < first_rows.size(); done += kPredictBatch) {
        const std::size_t count = std::min(kPredictBatch, first_rows.size() - done);
        const at::Tensor answer = module_.forward({gather(first_rows.subspan(done, count))}).toTensor();
        const at::Tensor values = answer.to(c10::kCPU).contiguous();
        std::copy_n(values.data_ptr<float>(), count, probabilities.data() + done);
      }
    });
  }

  std::vector<NamedTensor> weights() const override {
    std::vector<NamedTensor> all;
    for (const auto& parameter : module_.named_parameters())
      all.push_back(named(parameter.name, parameter.value));
    return all;
  }

  void set_weights(std::span<const NamedTensor> weights) override {
    const c10::InferenceMode leave_no_trace(false);
    const at::NoGradGuard no_gradients;
    std::size_t used = 0;
    for (const auto& parameter : module_.named_parameters()) {
      const auto given = std::find_if(weights.begin(), weights.end(), [&](const NamedTensor& weight) {
        return weight.name == parameter.name;
      });
      if (given == weights.end()) throw BadInput("weights", "no " + parameter.name, "one of every parameter");
      set_parameter(parameter.value, *given);
      ++used;
    }
    if (used != weights.size()) {
      throw BadInput("weights", std::to_string(weights.size()) + " tensors",
                     std::to_string(used) + ", those of " + spec_.architecture);
    }
  }

  std::string optimizer_state() const override { return optimizer_.state(); }
  void set_optimizer_state(const std::string& state) override { optimizer_.set_state(state); }

  void save(const std::string& path, const ExtraFiles& extra_files) const override {
    with_torch_errors("writing " + path, [&] {
      torch::jit::Module copy = module_.deepcopy();
      copy.to(c10::Device(c10::kCPU));
      copy.eval();
      save_script(copy, path, extra_files);
    });
  }

 private:
  // What holds during one call: threads, dropout or not, operations as they are written.
  class Settings {
   public:
    Settings(ScriptTrainer& network, bool dropout) {
      use_torch_threads(network.spec_.threads);
      network.module_.train(dropout);
    }

   private:
    torch::jit::GraphOptimizerEnabledGuard as_written_{false};
  };

  void set_seed(std::uint64_t seed) const {
    const auto set = [seed](const at::Generator& generator) {
      at::Generator mutable_generator = generator;
      const std::lock_guard<std::mutex> lock(mutable_generator.mutex());
      mutable_generator.set_current_seed(seed);
    };
    set(at::globalContext().defaultGenerator(c10::Device(c10::kCPU)));
    if (device_.is_cuda()) set(at::globalContext().defaultGenerator(device_));
  }

  static torch::jit::Module on_device(torch::jit::Module module, c10::Device device) {
    module.to(device);
    return module;
  }

  double step(std::span<const std::uint32_t> first_rows, std::span<const float> labels) {
    const Settings settings(*this, true);
    const auto count = static_cast<std::int64_t>(labels.size());
    const at::Tensor targets = at::from_blob(const_cast<float*>(labels.data()), {count}).to(device_);
    optimizer_.zero_gradients();
    const at::Tensor logits = training_logits(first_rows);
    const at::Tensor loss = at::binary_cross_entropy_with_logits(logits, targets);
    const auto value = loss.item<double>();
    loss.backward();
    optimizer_.step();
    return value;
  }

  at::Tensor training_logits(std::span<const std::uint32_t> first_rows) {
    if (!lstm_.empty()) return lstm_logits(first_rows);
    return logits_(std::vector<c10::IValue>{gather(first_rows)}).toTensor();
  }

  // As the script has it, the same dropout included, but faster to differentiate.
  at::Tensor lstm_logits(std::span<const std::uint32_t> first_rows) {
    at::Tensor h = gather_by_step(first_rows);
    for (std::size_t layer = 0; layer < lstm_.size(); ++layer) {
      if (layer > 0) h = at::dropout(h, kDropout, true);
      h = lstm_layer(h, lstm_[layer]);
    }
    return head_(std::vector<c10::IValue>{h.select(0, -1)}).toTensor();
  }

  // Empty where the script itself is trained.
  std::vector<LstmWeights> lstm_weights() const {
    std::vector<LstmWeights> layers;
    if (!device_.is_cpu() || !module_.hasattr("lstm")) return layers;
    const torch::jit::Module lstm = module_.attr("lstm").toModule();
    for (const char* end : {"_l0", "_l1"}) {
      const auto parameter = [&](const char* name) {
        return lstm.attr(std::string(name) + end).toTensor();
      };
      layers.push_back(
          {parameter("weight_ih"), parameter("weight_hh"), parameter("bias_ih"), parameter("bias_hh")});
    }
    return layers;
  }

  // The batch's windows, (lookback, batch, features).
  at::Tensor gather_by_step(std::span<const std::uint32_t> first_rows) const {
    const auto count = static_cast<std::int64_t>(first_rows.size());
    const std::int64_t lookback = spec_.lookback, features = spec_.features;
    const at::Tensor batch = at::empty({lookback, count, features}, c10::kFloat);
    float* out = batch.data_ptr<float>();
    for (std::size_t step = 0; step < spec_.lookback; ++step) {
      for (const std::uint32_t first : first_rows) {
        assert(std::size_t{first} + spec_.lookback <= row_count_);
        std::memcpy(out, rows_ + (first + step) * spec_.features, spec_.features * sizeof(float));
        out += spec_.features;
      }
    }
    return batch;
  }

  // The batch's windows, (batch, lookback, features).
  at::Tensor gather(std::span<const std::uint32_t> first_rows) const {
    const auto count = static_cast<std::int64_t>(first_rows.size());
    const std::int64_t lookback = spec_.lookback, features = spec_.features;
    if (device_.is_cpu()) {
      const at::Tensor batch = at::empty({count, lookback, features}, c10::kFloat);
      copy_windows(first_rows, batch.data_ptr<float>());
      return batch;
    }
    const at::Tensor firsts = at::empty({count}, c10::kLong);
    std::copy(first_rows.begin(), first_rows.end(), firsts.data_ptr<std::int64_t>());
    const std::int64_t windows = static_cast<std::int64_t>(row_count_) - lookback + 1;
    return rows_on_device_.as_strided({windows, lookback, features}, {features, features, 1})
        .index_select(0, firsts.to(device_));
  }

  void copy_windows(std::span<const std::uint32_t> first_rows, float* out) const {
    const std::size_t size = std::size_t{spec_.lookback} * spec_.features;
    for (const std::uint32_t first : first_rows) {
      assert(std::size_t{first} + spec_.lookback <= row_count_);
      std::memcpy(out, rows_ + std::size_t{first} * spec_.features, size * sizeof(float));
      out += size;
    }
  }

  static void set_parameter(at::Tensor parameter, const NamedTensor& weight) {
    const bool fits = parameter.sizes() == c10::IntArrayRef(weight.shape) &&
                      parameter.numel() == static_cast<std::int64_t>(weight.values.size());
    if (!fits) {
      throw BadInput("weights: " + weight.name, "shape " + shape_text(weight.shape),
                     shape_text(parameter.sizes()));
    }
    parameter.copy_(at::from_blob(const_cast<float*>(weight.values.data()), weight.shape));
  }

  NetworkSpec spec_;
  c10::Device device_;
  torch::jit::Module module_;
  torch::jit::Method logits_ = module_.get_method("logits"), head_ = module_.get_method("head");
  std::vector<LstmWeights> lstm_ = lstm_weights();
  Adam optimizer_;
  const float* rows_ = nullptr;
  std::size_t row_count_ = 0;
  at::Tensor rows_on_device_;  // where the device is not the CPU
};

void check(const NetworkSpec& spec) {
  const auto positive = [](const char* name, double value) {
    if (!(value > 0)) throw BadInput(name, std::to_string(value), "more than 0");
  };
  positive("features", spec.features);
  positive("lookback", spec.lookback);
  positive("learning_rate", spec.learning_rate);
}

}  // namespace

std::unique_ptr<TrainableNetwork> make_script_trainer(const NetworkSpec& spec) {
  check(spec);
  return with_torch_errors("making " + spec.architecture,
                           [&] { return std::make_unique<ScriptTrainer>(spec); });
}

}  // namespace hftsim::models
