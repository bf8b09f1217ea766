// What hftsim asks of LibTorch. libhftsim_torch.so implements it and is loaded when a run first needs it
// (torch_loader.h): LibTorch costs half a second at start, and a PriceLSTM runs without it.
//
// Nothing but these interfaces crosses the border; both sides are built together. Rows are float32, row-major
// (rows, features), scaled. Everything throws BadInput for what the user gave, std::bad_alloc where memory runs out (the
// caller knows what is to be lowered) and std::runtime_error, with LibTorch's own words, for the rest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/inference/window_model.h"
#include "models/named_tensor.h"

namespace hftsim::models {

// Files inside a bundle's zip, by name: metadata, weights.
using ExtraFiles = std::map<std::string, std::string>;

struct NetworkSpec {
  std::string architecture = "PriceLSTM";  // or "PriceTransformer"
  std::uint32_t features = 84;
  std::uint32_t lookback = 60;
  double learning_rate = 0.001;
  std::uint64_t seed = 1;
  std::string device = "cpu";  // "cpu", "cuda", "auto": cuda where there is one
  unsigned threads = 1;
};

// A network that is being trained, with its optimiser (Adam).
class TrainableNetwork {
 public:
  virtual ~TrainableNetwork() = default;

  virtual std::string device() const = 0;  // which one it is on: "cpu", "cuda:0"

  // The rows that windows are views of; kept by the caller for as long as the network lives.
  virtual void set_rows(const float* rows, std::size_t count) = 0;

  // Seeds dropout: what follows depends on this, the weights and the batches alone.
  virtual void seed(std::uint64_t seed) = 0;

  // One step of the optimiser on the windows that begin at these rows. labels: 0 or 1. Returns the mean binary
  // cross-entropy of the batch before the step.
  virtual double train(std::span<const std::uint32_t> first_rows, std::span<const float> labels) = 0;

  // Probabilities of the windows that begin at these rows, without dropout.
  virtual void predict(std::span<const std::uint32_t> first_rows, std::span<float> probabilities) = 0;

  // The parameters under the names that torch.nn gives them: "lstm.weight_ih_l0", "fc1.bias".
  virtual std::vector<NamedTensor> weights() const = 0;
  virtual void set_weights(std::span<const NamedTensor> weights) = 0;

  // The optimiser's state, for a checkpoint; an opaque text of bytes.
  virtual std::string optimizer_state() const = 0;
  virtual void set_optimizer_state(const std::string& state) = 0;

  // TorchScript: forward(x: (batch, lookback, features) float32) -> (batch) probabilities. Written whole or not
  // at all.
  virtual void save(const std::string& path, const ExtraFiles& extra_files) const = 0;
};

class TorchPlugin {
 public:
  virtual ~TorchPlugin() = default;

  virtual std::string version() const = 0;  // "LibTorch 1.13.1"

  // Any TorchScript bundle, from its file's bytes, which need not outlive the call: what has been checked is what
  // runs, whatever becomes of the file. `name` is for messages; `threads` are those torch uses inside one call.
  virtual std::unique_ptr<inference::WindowModel> load(const std::string& bytes, const std::string& name,
                                                       std::uint32_t lookback, std::uint32_t features,
                                                       unsigned threads) = 0;

  virtual std::unique_ptr<TrainableNetwork> make_network(const NetworkSpec& spec) = 0;

  // Writes the bundle of these bytes with the weights of its LSTM and linear layers as int8 (dynamic quantisation).
  virtual void quantize(const std::string& bytes, const std::string& name, const std::string& to,
                        const ExtraFiles& extra_files) = 0;
};

// The one symbol of the plugin. Null where the caller was built for another version of these interfaces.
inline constexpr std::uint32_t kTorchPluginVersion = 2;
using TorchPluginEntry = TorchPlugin* (*)(std::uint32_t version);
inline constexpr const char* kTorchPluginSymbol = "hftsim_torch_plugin";

}  // namespace hftsim::models
