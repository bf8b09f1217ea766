// The plugin's one symbol.
#include <ATen/Parallel.h>
#include <torch/version.h>

#include "models/torch/network.h"
#include "models/torch/quantize.h"
#include "models/torch/torch_errors.h"
#include "models/torch/window_model.h"
#include "models/torch_plugin.h"

namespace hftsim::models {

namespace {

class LibTorch final : public TorchPlugin {
 public:
  LibTorch() {
    // Fails where something else in the process has set it; nothing of ours uses these threads.
    try {
      at::set_num_interop_threads(1);
    } catch (const c10::Error&) {
    }
  }

  std::string version() const override { return "LibTorch " TORCH_VERSION; }

  std::unique_ptr<inference::WindowModel> load(const std::string& bytes, const std::string& name,
                                               std::uint32_t lookback, std::uint32_t features,
                                               unsigned threads) override {
    return load_window_model(bytes, name, lookback, features, threads);
  }

  std::unique_ptr<TrainableNetwork> make_network(const NetworkSpec& spec) override {
    return make_script_trainer(spec);
  }

  void quantize(const std::string& bytes, const std::string& name, const std::string& to,
                const ExtraFiles& extra_files) override {
    with_torch_errors("quantizing " + name, [&] { quantize_script(bytes, name, to, extra_files); });
  }
};

}  // namespace

}  // namespace hftsim::models

extern "C" [[gnu::visibility("default")]] hftsim::models::TorchPlugin* hftsim_torch_plugin(
    std::uint32_t version) {
  static hftsim::models::LibTorch plugin;
  return version == hftsim::models::kTorchPluginVersion ? &plugin : nullptr;
}
