// The training loop with LibTorch behind it.
#include "models/training/trainer.h"
#include "tests/models/torch_fixture.h"
#include "tests/models/training_rows.h"

namespace hftsim::models {
namespace {

constexpr std::uint32_t kLookback = 8, kFeatures = 5;

class TorchTrainer : public TorchTest, public ::testing::WithParamInterface<const char*> {
 protected:
  static std::unique_ptr<TrainableNetwork> make_network() {
    return plugin().make_network(
        {.architecture = GetParam(), .features = kFeatures, .lookback = kLookback, .learning_rate = 0.003});
  }

  static std::string bytes_of(const TrainableNetwork& network) {
    std::string bytes;
    for (const NamedTensor& tensor : network.weights()) {
      bytes.append(reinterpret_cast<const char*>(tensor.values.data()), tensor.values.size() * sizeof(float));
    }
    return bytes;
  }

  // Feature 0 is ten times the next change, and noise.
  TrainingSet set_ = make_training_set(make_rows(400, kFeatures, 10).view(), {.lookback = kLookback});
  std::filesystem::path checkpoint_ = path("checkpoint");
};

TEST_P(TorchTrainer, LearnsWhatForetellsTheNextClose) {
  const auto network = make_network();
  const TrainingResult result = train(*network, set_, {.epochs = 12});
  EXPECT_GT(result.history[result.best_epoch - 1].validation_accuracy, 0.9) << result.message;
}

TEST_P(TorchTrainer, GoesOnFromACheckpointToTheSameBits) {
  const auto whole = make_network(), first = make_network(), second = make_network();
  const TrainingResult wanted = train(*whole, set_, {.epochs = 4});
  train(*first, set_, {.epochs = 2, .checkpoint = checkpoint_});
  const TrainingResult result =
      train(*second, set_, {.epochs = 4, .checkpoint = checkpoint_, .resume = true});
  EXPECT_TRUE(bytes_of(*whole) == bytes_of(*second));
  EXPECT_EQ(history_csv(result.history), history_csv(wanted.history));
}

TEST_P(TorchTrainer, SavesTheBestEpochSoThatItPredictsAsInValidation) {
  const auto network = make_network();
  train(*network, set_, {.epochs = 3});
  const auto here = predict(*network, set_.validation);
  network->save(path("model.pt").string(), {});
  const auto model = plugin().load(file_bytes(path("model.pt")), "model.pt", kLookback, kFeatures, 1);
  std::vector<float> loaded(set_.validation.size());
  model->predict(&set_.rows[set_.validation.first_rows.front() * kFeatures], loaded.size(), loaded.data(), 0);
  EXPECT_LE(largest_difference(here, loaded), 1e-6F);
}

INSTANTIATE_TEST_SUITE_P(Of, TorchTrainer, ::testing::Values("PriceLSTM", "PriceTransformer"),
                         [](const auto& which) { return std::string(which.param); });

}  // namespace
}  // namespace hftsim::models
