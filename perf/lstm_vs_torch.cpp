// Claim: a PriceLSTM runs natively 2.8 times as fast as in LibTorch at least, 10 times where one window comes alone.
//
// Workload: the network as the trainer makes it (60 rows of 84 features, 2 x 64 units), normal rows, one thread;
// overlapping windows in calls of 256, 64 and 1.
// Contenders: LibTorch with the frozen TorchScript bundle; the native kernel with the same weights.
// Checked first: both against the definition in double.
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "models/native/price_lstm.h"
#include "models/torch_loader.h"
#include "perf/bench.h"
#include "tests/models/naive_lstm.h"

namespace hftsim::perf {
namespace {

using inference::WindowModel;

constexpr std::uint32_t kFeatures = 84, kLookback = 60;
constexpr std::size_t kRows = 1024;

struct Models {
  std::vector<models::NamedTensor> weights;
  std::unique_ptr<WindowModel> torch, native;
};

Models make_models() {
  ::setenv("HFTSIM_TORCH_PLUGIN", HFTSIM_TORCH_PLUGIN_FILE, 0);
  models::NetworkSpec spec;
  spec.features = kFeatures;
  spec.lookback = kLookback;
  const auto network = models::torch_plugin().make_network(spec);
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("lstm_vs_torch." + std::to_string(::getpid()) + ".pt");
  network->save(file.string(), {});
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  Models made{network->weights(), models::torch_plugin().load(bytes, file.string(), kLookback, kFeatures, 1),
              nullptr};
  std::filesystem::remove(file);
  made.native = std::make_unique<models::PriceLstm>(made.weights, kLookback);
  return made;
}

double error_of(const WindowModel& model, models::NaiveLstm& naive, const std::vector<float>& rows) {
  constexpr std::size_t kWindows = 40;
  std::vector<float> out(kWindows);
  model.predict(rows.data(), kWindows, out.data(), 0);
  double error = 0;
  for (std::size_t w = 0; w < kWindows; ++w) {
    error = std::max(error,
                     std::fabs(static_cast<double>(out[w]) - naive.window(&rows[w * kFeatures], kLookback)));
  }
  return error;
}

Sample predict(const WindowModel& model, const std::vector<float>& rows, std::size_t windows,
               std::uint64_t calls) {
  std::vector<float> out(windows);
  const std::size_t starts = kRows - windows - kLookback + 1;
  return timed(windows * calls, [&] {
    for (std::uint64_t call = 0; call < calls; ++call) {
      model.predict(&rows[call * windows % starts * kFeatures], windows, out.data(), 0);
      keep(out.data());
    }
  });
}

int run(std::uint64_t calls) {
  const Models models = make_models();
  const std::vector<float> rows = models::random_rows(kRows, kFeatures, 1);
  models::NaiveLstm naive(models.weights);
  for (const auto* model : {&models.torch, &models.native}) {
    const double error = error_of(**model, naive, rows);
    require(error <= 1e-6, "off by " + std::to_string(error));
  }
  for (const std::size_t windows : {256U, 64U, 1U}) {
    const std::uint64_t here = windows == 1 ? 8 * calls : calls;
    const auto samples = take_turns({[&] { return predict(*models.torch, rows, windows, here); },
                                     [&] {
                                       return predict(*models.native, rows, windows, here);
                                     }});
    const Spread ratio =
        print("lstm_native_vs_torch", std::to_string(windows) + " windows", samples[0], samples[1]);
    claim(windows == 1 ? ">= 10 times" : ">= 2.8 times", ratio.median >= (windows == 1 ? 10 : 2.8));
  }
  return 0;
}

}  // namespace
}  // namespace hftsim::perf

int main(int argc, char** argv) {
  return hftsim::perf::run(hftsim::perf::count_argument(argc, argv, 10));
}
