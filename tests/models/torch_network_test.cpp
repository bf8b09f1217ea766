#include <cmath>

#include "tests/models/torch_fixture.h"

namespace hftsim::models {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::uint32_t kLookback = 10, kFeatures = 6;
constexpr std::size_t kRows = 200, kBatch = 16;

std::vector<float> flat(const std::vector<NamedTensor>& weights) {
  std::vector<float> all;
  for (const NamedTensor& weight : weights) all.insert(all.end(), weight.values.begin(), weight.values.end());
  return all;
}

std::vector<std::string> names(const std::vector<NamedTensor>& weights) {
  std::vector<std::string> all;
  for (const NamedTensor& weight : weights) all.push_back(weight.name);
  return all;
}

class TorchNetwork : public TorchTest, public ::testing::WithParamInterface<const char*> {
 protected:
  NetworkSpec spec() const {
    return {.architecture = GetParam(), .features = kFeatures, .lookback = kLookback, .seed = 5};
  }

  std::unique_ptr<TrainableNetwork> make() const {
    auto network = plugin().make_network(spec());
    network->set_rows(rows_.data(), kRows);
    return network;
  }

  static void train(TrainableNetwork& network, std::uint32_t from, std::uint32_t to) {
    for (std::uint32_t step = from; step < to; ++step) {
      network.seed(step);
      network.train(counted(step * 7 % 90, kBatch), alternating(kBatch));
    }
  }

  std::vector<float> rows_ = random_rows(kRows, kFeatures);
};

TEST_P(TorchNetwork, TakesTheStepThatPythonTakes) {
  HFTSIM_NEEDS_PYTHON_TORCH();
  const auto network = make();
  network->save(path("start.pt").string(), {});
  const auto python = peer_result("step", path("start.pt"), rows_, kLookback, kFeatures, "16 99");
  network->seed(99);
  std::vector<float> here{static_cast<float>(network->train(counted(0, kBatch), alternating(kBatch)))};
  const auto weights = flat(network->weights());
  here.insert(here.end(), weights.begin(), weights.end());
  // Adam's first step is lr * g / (|g| + 1e-8): where a gradient is nothing but rounding, which a processor's kernels
  // decide, so is the step. A wrong gradient moves most weights by about lr = 1e-3.
  ASSERT_EQ(here.size(), python.size());
  EXPECT_NEAR(here[0], python[0], 1e-6F) << "the loss";
  std::size_t differ = 0;
  for (std::size_t i = 0; i < here.size(); ++i) differ += !(std::fabs(here[i] - python[i]) <= 1e-6F);
  EXPECT_LE(differ, here.size() / 1000) << "of " << here.size();
}

TEST_P(TorchNetwork, StartsFromTheSeedAlone) {
  EXPECT_EQ(flat(make()->weights()), flat(make()->weights()));
  NetworkSpec other = spec();
  other.seed += 1;
  EXPECT_NE(flat(plugin().make_network(other)->weights()), flat(make()->weights()));
}

TEST_P(TorchNetwork, TrainsToTheSameWeightsTwiceOnTwoThreads) {
  NetworkSpec two = spec();
  two.threads = 2;
  const auto first = plugin().make_network(two), second = plugin().make_network(two);
  for (TrainableNetwork* network : {first.get(), second.get()}) {
    network->set_rows(rows_.data(), kRows);
    train(*network, 0, 5);
  }
  EXPECT_EQ(flat(first->weights()), flat(second->weights()));
}

TEST_P(TorchNetwork, TrainsToTheSameWeightsTwice) {
  const auto first = make(), second = make();
  train(*first, 0, 5);
  train(*second, 0, 5);
  EXPECT_EQ(flat(first->weights()), flat(second->weights()));
  EXPECT_TRUE(first->optimizer_state() == second->optimizer_state());
}

TEST_P(TorchNetwork, GoesOnFromItsWeightsAndOptimiserAsIfNeverStopped) {
  const auto whole = make(), first = make(), second = make();
  train(*whole, 0, 6);
  train(*first, 0, 3);
  second->set_weights(first->weights());
  second->set_optimizer_state(first->optimizer_state());
  train(*second, 3, 6);
  EXPECT_EQ(flat(whole->weights()), flat(second->weights()));
}

TEST_P(TorchNetwork, DropsOutInTrainingOnlyAndAsItsSeedSays) {
  const auto network = make();
  const auto start = network->weights();
  const auto state = network->optimizer_state();
  const auto loss_of = [&](std::uint64_t seed) {
    network->set_weights(start);
    network->set_optimizer_state(state);
    network->seed(seed);
    return network->train(counted(0, kBatch), alternating(kBatch));
  };
  EXPECT_EQ(loss_of(1), loss_of(1));
  EXPECT_NE(loss_of(1), loss_of(2));
  std::vector<float> once(kBatch), twice(kBatch);
  network->predict(counted(0, kBatch), once);
  network->predict(counted(0, kBatch), twice);
  EXPECT_EQ(once, twice);
}

TEST_P(TorchNetwork, LearnsAPatternInItsLastRow) {
  const auto network = make();
  std::vector<std::uint32_t> firsts = counted(0, kRows - kLookback + 1);
  std::vector<float> labels;
  for (const std::uint32_t first : firsts) {
    labels.push_back(rows_[(first + kLookback - 1) * kFeatures] > 0 ? 1.F : 0.F);
  }
  for (int epoch = 0; epoch < 25; ++epoch) {
    for (std::size_t i = 0; i + 32 <= firsts.size(); i += 32) {
      network->train(std::span(firsts).subspan(i, 32), std::span(labels).subspan(i, 32));
    }
  }
  std::vector<float> out(firsts.size());
  network->predict(firsts, out);
  int right = 0;
  for (std::size_t i = 0; i < out.size(); ++i) right += (out[i] > 0.5F) == (labels[i] > 0.5F);
  EXPECT_GT(right, static_cast<int>(0.9 * static_cast<double>(out.size())));
}

TEST_P(TorchNetwork, RefusesWeightsOfOtherNamesAndShapes) {
  const auto network = make();
  auto weights = network->weights();
  weights.back().name = "stranger";
  EXPECT_THAT(message_of([&] { network->set_weights(weights); }), HasSubstr("fc2.bias"));
  weights = network->weights();
  weights.back().shape = {2};
  EXPECT_THAT(message_of([&] { network->set_weights(weights); }), AllOf(HasSubstr("(2)"), HasSubstr("(1)")));
  EXPECT_THAT(message_of([&] { network->set_optimizer_state("nonsense"); }), HasSubstr("optimizer state"));
}

TEST_P(TorchNetwork, SavesTheSameBytesTwiceAndNothingWhereItCannot) {
  const auto network = make();
  const auto bytes_of = [](const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(in), {}};
  };
  network->save(path("a.pt").string(), {{"hftsim.json", "{\"format\": 1}"}});
  network->save(path("b.pt").string(), {{"hftsim.json", "{\"format\": 1}"}});
  EXPECT_TRUE(bytes_of(path("a.pt")) == bytes_of(path("b.pt")));
  EXPECT_TRUE(bytes_of(path("a.pt")).find("extra/hftsim.json") != std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(path("a.pt.partial")));
  EXPECT_THAT(message_of([&] { network->save(path("none/a.pt").string(), {}); }), HasSubstr("No such file"));
}

INSTANTIATE_TEST_SUITE_P(Of, TorchNetwork, ::testing::Values("PriceLSTM", "PriceTransformer"),
                         [](const auto& which) { return std::string(which.param); });

TEST_F(TorchTest, NamesTheParametersAsTorchNnDoes) {
  EXPECT_THAT(names(plugin().make_network({})->weights()),
              ElementsAre("lstm.weight_ih_l0", "lstm.weight_hh_l0", "lstm.bias_ih_l0", "lstm.bias_hh_l0",
                          "lstm.weight_ih_l1", "lstm.weight_hh_l1", "lstm.bias_ih_l1", "lstm.bias_hh_l1",
                          "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"));
}

TEST_F(TorchTest, StartsAsTorchNnDoes) {
  const auto bounds = [](const std::vector<NamedTensor>& weights, const std::string& name) {
    for (const NamedTensor& weight : weights) {
      if (weight.name != name) continue;
      const auto [low, high] = std::minmax_element(weight.values.begin(), weight.values.end());
      return std::pair(*low, *high);
    }
    return std::pair(NAN, NAN);
  };
  const auto expect_uniform = [&](const std::vector<NamedTensor>& weights, const std::string& name,
                                  float bound) {
    const auto [low, high] = bounds(weights, name);
    EXPECT_NEAR(low, -bound, bound * 0.02F) << name;
    EXPECT_NEAR(high, bound, bound * 0.02F) << name;
  };
  const auto lstm = plugin().make_network({})->weights();
  expect_uniform(lstm, "lstm.weight_ih_l0", 1 / 8.F);
  expect_uniform(lstm, "fc1.weight", 1 / 8.F);
  const auto transformer = plugin().make_network({.architecture = "PriceTransformer"})->weights();
  expect_uniform(transformer, "input.weight", 1 / std::sqrt(84.F));
  expect_uniform(transformer, "encoder.layers.1.self_attn.in_proj_weight", std::sqrt(6 / 256.F));
  EXPECT_EQ(bounds(transformer, "encoder.layers.0.self_attn.out_proj.bias"), std::pair(0.F, 0.F));
  EXPECT_EQ(bounds(transformer, "encoder.layers.0.norm2.weight"), std::pair(1.F, 1.F));
}

}  // namespace
}  // namespace hftsim::models
