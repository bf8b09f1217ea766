#include "tests/models/torch_fixture.h"

namespace hftsim::models {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr std::uint32_t kLookback = 12, kFeatures = 9;

class TorchWindowModel : public TorchTest {
 protected:
  std::string saved(const std::string& architecture, std::uint32_t lookback = kLookback,
                    std::uint32_t features = kFeatures) const {
    const std::string file = path(architecture + ".pt").string();
    plugin()
        .make_network({.architecture = architecture, .features = features, .lookback = lookback})
        ->save(file, {{"hftsim.json", "{}"}});
    return file;
  }

  std::unique_ptr<inference::WindowModel> load(const std::string& file) const {
    return plugin().load(file_bytes(file), file, kLookback, kFeatures, 1);
  }

  static std::vector<float> predict(const inference::WindowModel& model, const std::vector<float>& rows) {
    std::vector<float> out(rows.size() / model.features() - model.lookback() + 1);
    model.predict(rows.data(), out.size(), out.data(), 0);
    return out;
  }

  // What a file made by the peer is refused with.
  std::string refusal_of(const std::string& kind) {
    run_peer("make " + kind + " 12 9 " + path(kind + ".pt").string());
    return message_of([&] { load(path(kind + ".pt").string()); });
  }
};

TEST_F(TorchWindowModel, GivesWhatPythonGivesForTheSameFile) {
  HFTSIM_NEEDS_PYTHON_TORCH();
  const auto rows = random_rows(600, kFeatures);
  for (const char* architecture : {"PriceLSTM", "PriceTransformer"}) {
    const std::string file = saved(architecture);
    const auto here = predict(*load(file), rows);
    EXPECT_LE(largest_difference(here, peer_result("predict", file, rows, kLookback, kFeatures)), 1e-6F)
        << architecture;
  }
}

TEST_F(TorchWindowModel, IsTheNetworkOfTorchNnWithTheSameWeights) {
  HFTSIM_NEEDS_PYTHON_TORCH();
  const auto rows = random_rows(100, kFeatures, 2);
  for (const char* architecture : {"PriceLSTM", "PriceTransformer"}) {
    const std::string file = saved(architecture);
    const auto here = predict(*load(file), rows);
    EXPECT_LE(largest_difference(here, peer_result("predict-nn", file, rows, kLookback, kFeatures)), 1e-6F)
        << architecture;
  }
}

TEST_F(TorchWindowModel, RunsWhatPythonMade) {
  HFTSIM_NEEDS_PYTHON_TORCH();
  const std::string file = path("python.pt").string();
  run_peer("make lstm 12 9 " + file);
  const auto rows = random_rows(300, kFeatures, 3);
  EXPECT_LE(largest_difference(predict(*load(file), rows),
                               peer_result("predict", file, rows, kLookback, kFeatures)),
            1e-6F);
}

TEST_F(TorchWindowModel, GivesAWindowTheSameWhateverItsNeighbours) {
  const auto rows = random_rows(300, kFeatures, 4);
  for (const char* architecture : {"PriceLSTM", "PriceTransformer"}) {
    const auto model = load(saved(architecture));
    const auto together = predict(*model, rows);
    std::vector<float> alone(together.size());
    for (std::size_t i = 0; i < alone.size(); ++i) model->predict(&rows[i * kFeatures], 1, &alone[i], 0);
    EXPECT_LE(largest_difference(together, alone), 1e-6F) << architecture;
  }
}

TEST_F(TorchWindowModel, SeesWindowsOfNeighbouringRowsAsIfEachWereWrittenOut) {
  const auto rows = random_rows(60, kFeatures, 5);
  const auto model = load(saved("PriceLSTM"));
  const auto strided = predict(*model, rows);
  const auto network = plugin().make_network({.features = kFeatures, .lookback = kLookback});
  network->set_rows(rows.data(), 60);
  std::vector<float> written_out(strided.size());
  network->predict(counted(0, written_out.size()), written_out);
  EXPECT_LE(largest_difference(strided, written_out), 1e-6F);
}

TEST_F(TorchWindowModel, TakesOneColumnAsWell) {
  HFTSIM_NEEDS_PYTHON_TORCH();
  EXPECT_EQ(refusal_of("Column"), "no BadInput");
}

TEST_F(TorchWindowModel, RefusesModelsThatDoNotAnswerWithOneProbabilityPerWindow) {
  HFTSIM_NEEDS_PYTHON_TORCH();
  EXPECT_THAT(refusal_of("TwoPerWindow"), AllOf(HasSubstr("TwoPerWindow.pt"), HasSubstr("(7, 2)")));
  EXPECT_THAT(refusal_of("NoProbability"), AllOf(HasSubstr("NoProbability.pt"), HasSubstr("in 0..1")));
  EXPECT_THAT(refusal_of("NotANumber"), HasSubstr("nan"));
  EXPECT_THAT(refusal_of("TwoArguments"), HasSubstr("forward() that takes (batch, 12, 9)"));
  EXPECT_THAT(refusal_of("Pair"), HasSubstr("Tuple"));
}

TEST_F(TorchWindowModel, RefusesAModelOfOtherSizes) {
  const std::string file = saved("PriceLSTM", kLookback, 5);
  const std::string message = message_of([&] { load(file); });
  EXPECT_THAT(message, AllOf(HasSubstr(file), HasSubstr("(batch, 12, 9)")));
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  EXPECT_LT(message.size(), 600u) << message;
}

TEST_F(TorchWindowModel, RefusesFilesThatAreNoTorchScript) {
  std::ofstream(path("text.pt")) << "not a model";
  EXPECT_THAT(message_of([&] { load(path("text.pt").string()); }), HasSubstr("torch.jit.save"));
  const std::string whole = saved("PriceLSTM");
  const std::string bytes = file_bytes(whole);
  for (const std::size_t size : {std::size_t{0}, std::size_t{100}, bytes.size() / 2, bytes.size() - 1}) {
    std::ofstream(path("cut.pt"), std::ios::binary) << bytes.substr(0, size);
    const std::string message = message_of([&] { load(path("cut.pt").string()); });
    EXPECT_THAT(message, HasSubstr("cut.pt")) << size;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  }
}

}  // namespace
}  // namespace hftsim::models
