// A model of the real bars: every predictor, however it is fed, and Python say the same of every window.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <numeric>

#include "models/native/price_lstm.h"
#include "models/torch_loader.h"
#include "replay/file_hash.h"
#include "tests/adapters/shared_data.h"
#include "tests/replay/temporary_folder.h"
#include "tests/tools/model_bench.h"
#include "tools/model_training.h"

namespace hftsim {
namespace {

using models::ModelBundle;
using test::largest_difference;
using test::predictions_of;

constexpr const char* kBars = "data/BTCUSDT-1m.parquet";
constexpr std::size_t kWindows = 10'080 - 20 - 59;  // bars, less warm-up, less what a first window needs

class RealModel : public testing::Test {
 protected:
  RunConfig config(const std::string& predictor, const std::filesystem::path& model) const {
    return test::model_config(shared_file(kBars).string(), {model.string()}, predictor);
  }

  RunConfig config(const std::string& predictor) const { return config(predictor, model()); }

  std::filesystem::path model() const { return folder_.path() / "model.pt"; }

  // Default features and lookback.
  void train(const std::string& architecture = "PriceLSTM", std::uint32_t epochs = 2) const {
    RunConfig of_data;
    of_data.data.path = {shared_file(kBars).string()};
    RunData data(of_data);
    const std::vector<std::uint32_t> windows = {5, 10, 20};
    const BarFeatures rows(data, model_features("default", windows));
    TrainingOptions options;
    options.architecture = architecture;
    options.trainer.epochs = epochs;
    options.trainer.batch = 256;
    options.windows = windows;
    ASSERT_GT(train_model(rows, 0, rows.rows(), options, model(), {}).result.best_epoch, 0U);
  }

  // The scaled rows that the bundle's windows are made of.
  std::vector<float> scaled_rows(const ModelBundle& bundle) const {
    RunConfig of_data;
    of_data.data.path = {shared_file(kBars).string()};
    RunData data(of_data);
    const models::BundleMetadata& m = bundle.metadata;
    const BarFeatures features(data, m.features);
    const models::FeatureRows rows = features.slice(0, features.rows());
    std::vector<std::uint32_t> slots(m.features.size());
    std::iota(slots.begin(), slots.end(), 0U);
    std::vector<float> out(features.rows() * m.features.size());
    const inference::InputScaler scaler{m.scaler_mean, m.scaler_scale, static_cast<float>(m.non_finite)};
    scaler.apply(rows.columns, rows.stride, slots, features.rows(), out.data());
    return out;
  }

  // What torch.jit.load of Debian's Python says of all windows; empty where it has no torch.
  std::vector<double> python(const std::filesystem::path& model) const {
    const ModelBundle bundle = models::read_bundle(model);
    const std::vector<float> rows = scaled_rows(bundle);
    const std::filesystem::path in = folder_.path() / "rows", out = folder_.path() / "answers";
    std::ofstream(in, std::ios::binary)
        .write(reinterpret_cast<const char*>(rows.data()),
               static_cast<std::streamsize>(rows.size() * sizeof(float)));
    const std::string command = "/usr/bin/python3 " HFTSIM_TORCH_PEER " predict " + model.string() + " " +
                                in.string() + " " + std::to_string(bundle.metadata.lookback) + " " +
                                std::to_string(bundle.metadata.features.size()) + " " + out.string();
    if (std::system(command.c_str()) != 0) return {};
    std::vector<float> answers(std::filesystem::file_size(out) / sizeof(float));
    std::ifstream(out, std::ios::binary)
        .read(reinterpret_cast<char*>(answers.data()),
              static_cast<std::streamsize>(answers.size() * sizeof(float)));
    return {answers.begin(), answers.end()};
  }

  static bool has_python() {
    return std::system("/usr/bin/python3 -c 'import torch, numpy' 2>/dev/null") == 0;
  }

  // The windows alone, without the bars before the first.
  static std::vector<double> said(std::vector<double> predictions) {
    std::erase_if(predictions, [](double p) { return std::isnan(p); });
    return predictions;
  }

  // The same network with every weight times `factor`.
  std::filesystem::path scaled_weights(float factor) const {
    ModelBundle bundle = models::read_bundle(model());
    for (models::NamedTensor& tensor : bundle.weights) {
      for (float& value : tensor.values) value *= factor;
    }
    models::NetworkSpec spec;
    spec.features = static_cast<std::uint32_t>(bundle.metadata.features.size());
    const auto network = models::torch_plugin().make_network(spec);
    network->set_weights(bundle.weights);
    const std::string weights = models::to_safetensors(bundle.weights);
    bundle.metadata.weights_sha256 = sha256_of_text(weights);
    bundle.metadata.probe.clear();
    const std::filesystem::path path = folder_.path() / "scaled.pt";
    network->save(path.string(), {{models::kMetadataFile, models::to_json(bundle.metadata)},
                                  {models::kWeightsFile, weights}});
    return path;
  }

  // In batches of several sizes.
  void expect_same_on_every_processor(const std::vector<double>& all) const {
    constexpr std::size_t kSome = 300;
    const std::vector<float> wanted(all.begin(), all.begin() + kSome);
    const ModelBundle bundle = models::read_bundle(model());
    const std::vector<float> rows = scaled_rows(bundle);
    for (const Isa isa : supported_isas()) {
      models::PriceLstmOptions options;
      options.isa = isa;
      const models::PriceLstm lstm(bundle.weights, bundle.metadata.lookback, options);
      for (const std::size_t batch : {std::size_t{1}, std::size_t{5}, kSome}) {
        std::vector<float> out(kSome);
        for (std::size_t done = 0; done < kSome; done += batch) {
          lstm.predict(rows.data() + done * bundle.metadata.features.size(), std::min(batch, kSome - done),
                       out.data() + done, 0);
        }
        EXPECT_TRUE(out == wanted) << name_of(isa) << " " << batch;
      }
    }
  }

  TemporaryFolder folder_;
};

#define NEED_REAL_BARS_AND_TORCH() \
  HFTSIM_NEED_SHARED(kBars)        \
  HFTSIM_NEED_TORCH()

TEST_F(RealModel, TorchNativeAndPythonSayTheSameOfEveryWindow) {
  NEED_REAL_BARS_AND_TORCH();
  train();
  const std::vector<double> native = predictions_of(config("native")),
                            torch = predictions_of(config("torch"));
  EXPECT_EQ(test::count_of(native), kWindows);
  RecordProperty("torch_native", std::to_string(largest_difference(native, torch) * 1e9) + "e-9");
  EXPECT_LE(largest_difference(native, torch), 1e-6);
  const std::filesystem::path thrice = scaled_weights(3);
  const double scaled =
      largest_difference(predictions_of(config("native", thrice)), predictions_of(config("torch", thrice)));
  RecordProperty("weights_times_3", std::to_string(scaled * 1e9) + "e-9");
  EXPECT_LE(scaled, 5e-5);
  if (!has_python()) GTEST_SKIP() << "no torch for /usr/bin/python3: apt install python3-torch";
  EXPECT_LE(largest_difference(said(native), python(model())), 1e-6);
}

TEST_F(RealModel, NativeGivesTheSameBitsHoweverItIsFedAndOnEveryProcessor) {
  NEED_REAL_BARS_AND_TORCH();
  train("PriceLSTM", 1);
  const std::vector<double> wanted = predictions_of(config("native"));
  ASSERT_EQ(test::count_of(wanted), kWindows);
  for (const std::int64_t block : {7, 4096}) {
    for (const std::int64_t threads : {1, 2, 3}) {
      RunConfig way = config("native");
      way.run.block = block;
      way.model.threads = threads;
      EXPECT_EQ(largest_difference(predictions_of(way), wanted), 0) << block << " " << threads;
    }
  }
  EXPECT_EQ(largest_difference(predictions_of(config("wavefront")), wanted), 0);
  EXPECT_EQ(largest_difference(predictions_of(config("native"), true), wanted), 0);
  expect_same_on_every_processor(said(wanted));
}

TEST_F(RealModel, ATransformerSaysTheSameInPython) {
  NEED_REAL_BARS_AND_TORCH();
  if (!has_python()) GTEST_SKIP() << "no torch for /usr/bin/python3: apt install python3-torch";
  train("PriceTransformer", 1);
  const std::vector<double> torch = predictions_of(config("auto"));
  EXPECT_EQ(test::count_of(torch), kWindows);
  EXPECT_LE(largest_difference(said(torch), python(model())), 1e-6);
}

TEST_F(RealModel, ABundleMadeInPythonSaysTheSameHere) {
  NEED_REAL_BARS_AND_TORCH();
  if (!has_python()) GTEST_SKIP() << "no torch for /usr/bin/python3: apt install python3-torch";
  const std::string command = "cd '" + folder_.path().string() +
                              R"(' && awk '/^## Make one in Python/ {on = 1}
      on && /^```$/ {exit} script {print} on && /^```python/ {script = 1}' )" HFTSIM_SOURCE_DIR
                              "/docs/models.md >script.py && /usr/bin/python3 script.py";
  ASSERT_EQ(std::system(command.c_str()), 0);
  const std::vector<double> native = predictions_of(config("native")),
                            torch = predictions_of(config("torch"));
  EXPECT_GT(test::count_of(native), kWindows - 1);
  EXPECT_LE(largest_difference(native, torch), 1e-6);
  EXPECT_LE(largest_difference(said(native), python(model())), 1e-6);
}

}  // namespace
}  // namespace hftsim
