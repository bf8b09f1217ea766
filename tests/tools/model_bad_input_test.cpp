// What a user gets wrong when training or running a model: exit code 2, a message that names the place, the value
// and what was expected, and no file that was not there before.
#include <cmath>

#include "tests/models/bundle_file.h"
#include "tests/tools/cli.h"
#include "tests/tools/model_bench.h"

namespace hftsim {
namespace {

using models::BundleMetadata;
using test::CliResult;
using test::good_lines;
using test::joined;

class ModelBadInput : public test::CliTest {
 protected:
  std::string refusal(const std::string& arguments, const std::string& before = "") const {
    const std::size_t files = count_files();
    const CliResult result = hftsim(arguments, before);
    EXPECT_EQ(result.exit_code, 2) << arguments << "\n" << result.out << result.err;
    EXPECT_TRUE(result.err.starts_with("hftsim: ")) << result.err;
    EXPECT_EQ(count_files(), files) << arguments;
    return result.err;
  }

  std::string training(const std::string& more) const {
    return refusal("train --features return_1 --data bars.csv --out model.pt " + more);
  }

  std::string backtest(const std::string& more) const {
    return refusal("backtest --out none --data bars.csv --set model.path=model.pt " + more);
  }

  void make(const BundleMetadata& metadata, const std::vector<models::NamedTensor>& weights) const {
    models::write_bundle(folder() / "model.pt", metadata, weights);
  }

  void make() const { make(models::example_metadata(), models::price_lstm_weights(3)); }

  void SetUp() override {
    write("bars.csv", joined(good_lines(200)));
    write(".out", "");
    write(".err", "");
  }

 private:
  std::size_t count_files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::recursive_directory_iterator(folder()), {}));
  }
};

TEST_F(ModelBadInput, TrainingNamesTheOptionItsValueAndTheRange) {
  const auto expect = [&](const std::string& option, const std::string& value, const std::string& expected) {
    const std::string message = training(option + "=" + value);
    EXPECT_MENTIONS(message, "hftsim: " + option + ": got ");
    EXPECT_MENTIONS(message, value);
    EXPECT_MENTIONS(message, expected);
  };
  for (const char* value : {"0", "-1", "1e3", "2.5", "abc", "99999999999999999999"}) {
    for (const char* option : {"--lookback", "--horizon", "--epochs", "--patience", "--batch", "--threads"}) {
      expect(option, value, "a whole number from 1 to ");
    }
  }
  expect("--threads", "10000", "1 to 256");
  expect("--lookback", "100001", "1 to 100000");
  expect("--seed", "-1", "a whole number from 0");
  for (const char* value : {"0", "1", "nan", "-0.1", "inf"}) {
    expect("--validation-split", value, "a share between 0 and 1");
  }
  for (const char* value : {"0", "-1", "nan", "inf", "1.5"}) expect("--learning-rate", value, "above 0");
  expect("--model", "gru", "lstm or transformer");
  expect("--device", "tpu", "auto, cpu or cuda");
  expect("--windows", "0", "whole numbers of bars");
  EXPECT_MENTIONS(training("--policy=maybe"), "--policy: data.policy: got \"maybe\"");
}

TEST_F(ModelBadInput, TrainingRefusesAPlaceThatItCannotWrite) {
  const std::string train = "train --features return_1 --data bars.csv --out ";
  EXPECT_MENTIONS(refusal(train + "nowhere/model.pt"), "got no folder nowhere, expected one that is there");
  EXPECT_MENTIONS(refusal(train + "/proc/model.pt"), "/proc/model.pt");
  EXPECT_MENTIONS(refusal(train + "model.bin"), "a file that ends in .pt");
  EXPECT_MENTIONS(refusal(train + "''"), "a file that ends in .pt");
  std::filesystem::create_directory(folder() / "folder.pt");
  EXPECT_MENTIONS(refusal(train + "folder.pt --force"), "folder.pt, a folder");
  std::filesystem::create_symlink("bars.csv", folder() / "link.pt");
  EXPECT_MENTIONS(refusal(train + "link.pt --force"), "the file that is read");
  EXPECT_EQ(read("bars.csv"), joined(good_lines(200)));
  write("taken.pt", "mine");
  EXPECT_MENTIONS(refusal(train + "taken.pt"), "taken.pt exists already");
  EXPECT_EQ(read("taken.pt"), "mine");
  write("history.csv", "of another");
  EXPECT_MENTIONS(refusal(train + "model.pt"), "give --out another folder");
}

TEST_F(ModelBadInput, TrainingSaysWhatToInstallWhereThePluginIsMissing) {
  const std::string message = refusal("train --features return_1 --data bars.csv --out model.pt",
                                      "HFTSIM_TORCH_PLUGIN=/nowhere/libhftsim_torch.so");
  EXPECT_MENTIONS(message, "apt install libtorch-dev libopenblas0-pthread");
  EXPECT_MENTIONS(message, "HFTSIM_TORCH_PLUGIN");
}

TEST_F(ModelBadInput, TrainingNamesTheFeature) {
  const std::string train = "train --data bars.csv --out model.pt --features ";
  EXPECT_MENTIONS(refusal(train + "return_1,foo_3"), "unknown feature 'foo_3'");
  EXPECT_MENTIONS(refusal(train + "return_1,rsi_14,return_1"), "--features: got 'return_1' twice");
  EXPECT_MENTIONS(refusal(train + "none"), "--features: got an empty list");
  EXPECT_MENTIONS(refusal(train + "''"), "--features: got an empty list");
}

TEST_F(ModelBadInput, TrainingNamesDataThatTeachesNothing) {
  HFTSIM_NEED_TORCH();
  const auto refused = [&](const std::string& lines, const std::string& more = "--lookback 10") {
    write("bars.csv", lines);
    return training(more);
  };
  std::vector<std::string> flat = good_lines(100), rising = good_lines(100), still = good_lines(100);
  for (std::size_t i = 1; i < flat.size(); ++i) {
    const std::string time = flat[i].substr(0, flat[i].find(','));
    flat[i] = time + ",100,100,100,100,5,10";
    rising[i] = time + "," + std::to_string(100 + i) + ",900,90," + std::to_string(101 + i) + ",5,10";
    still[i] = time + ",100,120,90," + std::to_string(100 + i * 7 % 11) + ",0,0";
  }
  EXPECT_MENTIONS(refused(joined(flat)), "of which 0 rise");
  EXPECT_MENTIONS(refused(joined(rising)), "some that do not");
  EXPECT_MENTIONS(refused(joined(good_lines(30)), "--lookback 60"), "lookback 60 + horizon 1 + 1");
  EXPECT_MENTIONS(refused(joined(good_lines(100)), "--lookback 10 --horizon 90"), "horizon 90");
  EXPECT_MENTIONS(refused(joined(good_lines(100)), "--validation-split 0.001"), "0 to validate");
  EXPECT_MENTIONS(refused(""), "an empty file");
  EXPECT_MENTIONS(refused(joined(good_lines(0))), "at least one");
  write("bars.csv", joined(still));
  const std::string unknown = refusal("train --data bars.csv --out model.pt --lookback 10");
  EXPECT_MENTIONS(unknown, "none has a value for every feature: '");
}

TEST_F(ModelBadInput, TrainingWantsTheDeviceThatItWasTold) {
  HFTSIM_NEED_TORCH();
  if (std::filesystem::exists("/dev/nvidiactl")) GTEST_SKIP() << "a CUDA device is here";
  EXPECT_MENTIONS(training("--device cuda --lookback 10"), "no CUDA device");
}

TEST_F(ModelBadInput, ResumingRefusesWhatIsNoCheckpointOfTheSameTraining) {
  HFTSIM_NEED_TORCH();
  const std::string train = "train --features return_1 --data bars.csv --out model.pt --epochs 1 --lookback ";
  ASSERT_EQ(hftsim(train + "10").exit_code, 0);
  EXPECT_MENTIONS(refusal(train + "11 --resume"), "lookback");
  write("model.pt.checkpoint", "hello");
  EXPECT_MENTIONS(refusal(train + "10 --resume"), "model.pt.checkpoint: got another kind of file");
}

TEST_F(ModelBadInput, ABacktestRefusesWhatIsNoBundle) {
  make();
  const std::string good = read("model.pt");
  EXPECT_MENTIONS(refusal("backtest --out none --set model.path=nowhere.pt"), "nowhere.pt");
  EXPECT_MENTIONS(refusal("backtest --out none --set model.path=/"), "a directory");
  EXPECT_MENTIONS(refusal("backtest --out none --set model.path=/dev/zero"), "a device");
  for (const std::size_t size : {std::size_t{0}, std::size_t{100}, good.size() / 2, good.size() - 10}) {
    write("model.pt", good.substr(0, size));
    EXPECT_MENTIONS(backtest(""), "model.pt: ");
  }
  write("model.pt", "hello");
  EXPECT_MENTIONS(backtest(""), "a model bundle");
  models::write_bytes(folder() / "model.pt", models::zip_bytes({{"word/document.xml", "<w/>", false}}));
  EXPECT_MENTIONS(backtest(""), "a zip without extra/hftsim.json");
  std::vector<models::ZipEntry> bomb =
      models::bundle_entries(models::example_metadata(), models::price_lstm_weights(3));
  for (models::ZipEntry& entry : bomb) {
    if (!entry.name.ends_with(".safetensors")) continue;
    entry.bytes = std::string(100'000'000, '\0');
    entry.compressed = true;
  }
  models::write_bytes(folder() / "model.pt", models::zip_bytes(bomb));
  EXPECT_MENTIONS(backtest(""), "model.pt");
}

TEST_F(ModelBadInput, ABacktestRefusesWeightsThatAreNone) {
  auto weights = models::price_lstm_weights(3);
  weights[2].values[5] = NAN;
  make(models::example_metadata(), weights);
  EXPECT_MENTIONS(backtest(""), "got nan, expected a finite weight");
}

TEST_F(ModelBadInput, ABacktestRefusesFeaturesInAnotherOrderOrThatNobodyKnows) {
  make();
  EXPECT_MENTIONS(backtest("--set features.list=hour_sin,return_1"), "in another order than the run's");
  EXPECT_MENTIONS(backtest(""), "'sma_5' is number 2 in the model and 14 in the run")
      << "the default features";
  make(models::example_metadata({"return_1", "foo_3", "hour_sin"}), models::price_lstm_weights(3));
  EXPECT_MENTIONS(backtest(""), "unknown feature 'foo_3'");
}

TEST_F(ModelBadInput, ABacktestNamesTheKeyThatIsWrong) {
  make();
  EXPECT_MENTIONS(backtest("--set model.predictor=natve"), "did you mean native?");
  EXPECT_MENTIONS(backtest("--set model.precision=int7"), "model.precision");
  EXPECT_MENTIONS(backtest("--set features.list=none --set model.precision=int8 --set model.predictor=torch"),
                  "model.precision: got int8, expected fp32: torch runs this model");
  EXPECT_MENTIONS(backtest("--set features.list=none --set model.predictor=stateful"),
                  "the bundle was trained on windows");
  EXPECT_MENTIONS(backtest("--set model.threads=0"), "1 to 256");
  EXPECT_MENTIONS(backtest("--set model.threads=1000"), "1 to 256");
  EXPECT_MENTIONS(backtest("--set model.weights=1,2"), "1, one per bundle");
  for (const char* weights : {"-1", "0", "nan", "1e300"}) {
    EXPECT_MENTIONS(backtest(std::string("--set model.weights=") + weights), "model.weights");
  }
  EXPECT_MENTIONS(backtest("--set execution.compute_latency=fast"), "or measured");
}

TEST_F(ModelBadInput, ABacktestRefusesMoreScratchMemoryThanItsModelsMayTake) {
  BundleMetadata metadata = models::example_metadata();
  metadata.lookback = 100'000;
  metadata.probe.clear();
  make(metadata, models::price_lstm_weights(3));
  const std::string run =
      "backtest --out none --data bars.csv --set model.path=model.pt --set features.list=none --set "
      "model.threads=";
  const std::string limited = "ulimit -v 2000000;";  // what is refused is not allocated
  const std::string message = refusal(run + "256 --set model.predictor=native", limited);
  EXPECT_MENTIONS(message, "model.pt: model.threads: got 256, which with a lookback of 100000 take 25");
  EXPECT_MENTIONS(message, "expected at most 4096.0 MiB");
  EXPECT_MENTIONS(message, "lower model.threads, or run a model with a shorter lookback");
  for (const char* alright : {"1 --set model.predictor=native", "256 --set model.predictor=wavefront"}) {
    EXPECT_EQ(hftsim(run + alright).exit_code, 0) << alright;
  }
}

TEST_F(ModelBadInput, AModelMayTakeTheScratchMemoryThatOthersLeft) {
  make();
  const models::ModelBundle bundle = models::read_bundle(folder() / "model.pt");
  models::ModelRequest request{.predictor = models::PredictorChoice::native, .workers = 2};
  request.scratch_bytes_max = models::PriceLstm::scratch_bytes(bundle.metadata.lookback, 2);
  EXPECT_EQ(models::LoadedModel(bundle, request).scratch_bytes(), request.scratch_bytes_max);
  --request.scratch_bytes_max;
  EXPECT_THROW(models::LoadedModel(bundle, request), BadInput);
}

TEST_F(ModelBadInput, ABacktestWithoutOneFullWindowSaysSo) {
  make();
  write("bars.csv", joined(good_lines(40)));
  const CliResult result = hftsim(
      "backtest --out none --data bars.csv --set model.path=model.pt --set model.predictor=native "
      "--set features.list=none");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_MENTIONS(result.out, "0; NO MODEL TOOK PART: no window of 60 rows was full");
}

}  // namespace
}  // namespace hftsim
