#include "tests/models/torch_fixture.h"

namespace hftsim::models {
namespace {

using ::testing::HasSubstr;

constexpr std::uint32_t kLookback = 12, kFeatures = 9;

class TorchQuantize : public TorchTest, public ::testing::WithParamInterface<const char*> {
 protected:
  // A trained network, so that its weights are not those of the start.
  std::string saved() const {
    const std::string file = path("whole.pt").string();
    const auto network =
        plugin().make_network({.architecture = GetParam(), .features = kFeatures, .lookback = kLookback});
    network->set_rows(rows_.data(), 300);
    for (int step = 0; step < 5; ++step) network->train(counted(0, 64), alternating(64));
    network->save(file, {});
    return file;
  }

  std::string quantized() const {
    const std::string file = path("int8.pt").string();
    quantize(saved(), file, {{"hftsim.json", "{\"quantization\": \"int8-dynamic\"}"}});
    return file;
  }

  std::vector<float> predict(const std::string& file) const {
    std::vector<float> out(300 - kLookback + 1);
    plugin()
        .load(file_bytes(file), file, kLookback, kFeatures, 1)
        ->predict(rows_.data(), out.size(), out.data(), 0);
    return out;
  }

  std::vector<float> rows_ = random_rows(300, kFeatures);
};

TEST_P(TorchQuantize, StaysCloseToTheWholeNetworkButIsNotIt) {
  const auto whole = predict(saved()), rounded = predict(quantized());
  double sum = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) sum += std::fabs(double{whole[i]} - double{rounded[i]});
  const double drift = sum / static_cast<double>(whole.size());
  EXPECT_LT(drift, 0.01);
  EXPECT_GT(drift, 0);
}

TEST_P(TorchQuantize, GivesWhatPythonGives) {
  HFTSIM_NEEDS_PYTHON_TORCH();
  const std::string file = quantized();
  EXPECT_LE(largest_difference(predict(file), peer_result("predict", file, rows_, kLookback, kFeatures)),
            1e-6F);
}

TEST_P(TorchQuantize, GivesAWindowTheSameWhateverItsNeighbours) {
  const auto model = plugin().load(file_bytes(quantized()), "int8.pt", kLookback, kFeatures, 1);
  std::vector<float> together(200), alone(200);
  model->predict(rows_.data(), 200, together.data(), 0);
  for (std::size_t i = 0; i < 200; ++i) model->predict(&rows_[i * kFeatures], 1, &alone[i], 0);
  EXPECT_LE(largest_difference(together, alone), 1e-6F);
}

TEST_P(TorchQuantize, IsLessThanHalfTheSize) {
  const std::string whole = saved(), small = quantized();
  EXPECT_LT(2 * std::filesystem::file_size(small), std::filesystem::file_size(whole));
}

TEST_P(TorchQuantize, RefusesWhatIsQuantizedAlready) {
  const std::string file = quantized();
  EXPECT_THAT(message_of([&] { quantize(file, path("again.pt").string(), {}); }),
              HasSubstr("PriceLSTM or a PriceTransformer"));
  EXPECT_FALSE(std::filesystem::exists(path("again.pt")));
}

INSTANTIATE_TEST_SUITE_P(Of, TorchQuantize, ::testing::Values("PriceLSTM", "PriceTransformer"),
                         [](const auto& which) { return std::string(which.param); });

TEST_F(TorchTest, QuantizesAPriceLstmThatPythonMade) {
  HFTSIM_NEEDS_PYTHON_TORCH();
  run_peer("make lstm 12 9 " + path("python.pt").string());
  EXPECT_EQ(message_of([&] { quantize(path("python.pt").string(), path("int8.pt").string(), {}); }),
            "no BadInput");
}

TEST_F(TorchTest, RefusesToQuantizeAForeignModel) {
  HFTSIM_NEEDS_PYTHON_TORCH();
  for (const char* kind : {"Column", "StrangeLSTM"}) {
    const std::string file = path(kind).string();
    run_peer("make " + std::string(kind) + " 12 9 " + file);
    EXPECT_THAT(message_of([&] { quantize(file, path("int8.pt").string(), {}); }), HasSubstr(kind));
  }
  EXPECT_FALSE(std::filesystem::exists(path("int8.pt")));
}

}  // namespace
}  // namespace hftsim::models
