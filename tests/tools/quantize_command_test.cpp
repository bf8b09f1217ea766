// hftsim quantize, as a user calls it. Takes the LibTorch plugin.
#include <algorithm>
#include <sstream>

#include "models/bundle.h"
#include "tests/tools/cli.h"

namespace hftsim {
namespace {

class Quantize : public test::CliTest {
 protected:
  void SetUp() override {
    ASSERT_EQ(hftsim("generate --bars 1200 --out bars.csv").exit_code, 0);
    const auto trained = hftsim(
        "train --data bars.csv --features return_1,volume_ratio_20 --lookback 10 --epochs 1 --threads 1 "
        "--out model.pt");
    ASSERT_EQ(trained.exit_code, 0) << trained.err;
  }

  std::string refusal(const std::string& arguments) const {
    const auto result = hftsim("quantize " + arguments);
    EXPECT_EQ(result.exit_code, 2) << arguments;
    return result.err;
  }
};

// The words of the table's row that begins with these.
std::vector<std::string> row_of(const std::string& text, const std::string& first,
                                const std::string& second) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream in(line);
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word);
    if (words.size() > 2 && words[0] == first && words[1] == second) return words;
  }
  return {};
}

TEST_F(Quantize, ComparesEveryPrecisionOnTheWindowsThatChoseTheEpoch) {
  const auto result = hftsim("quantize model.pt --data bars.csv --out small.pt");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_MENTIONS(result.out, "on 235 windows");  // a fifth of the 1,181 rows, less the last
  for (const char* precision : {"fp32", "int8"}) EXPECT_FALSE(row_of(result.out, "torch", precision).empty());
  for (const char* precision : {"fp32", "int16", "int8"}) {
    const std::vector<std::string> row = row_of(result.out, "native", precision);
    ASSERT_GE(row.size(), 10U) << result.out;
    EXPECT_LT(std::stod(row[row.size() - 4]), 5e-3) << precision;  // largest drift
  }
}

TEST_F(Quantize, WritesASmallerBundleThatTorchRuns) {
  ASSERT_EQ(hftsim("quantize model.pt --data bars.csv --out small.pt").exit_code, 0);
  const auto path = folder();
  EXPECT_LT(std::filesystem::file_size(path / "small.pt"), std::filesystem::file_size(path / "model.pt") / 2);
  const models::ModelBundle bundle = models::read_bundle(path / "small.pt");
  EXPECT_EQ(bundle.metadata.quantization, "int8-dynamic");
  EXPECT_TRUE(bundle.weights.empty());
  EXPECT_EQ(bundle.metadata.features, models::read_bundle(path / "model.pt").metadata.features);
  const auto run = hftsim("backtest --data bars.csv --set model.path=small.pt --out none");
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_MENTIONS(run.out, "torch (LibTorch");
  EXPECT_MENTIONS(run.out, "it is quantised (int8-dynamic)");
}

TEST_F(Quantize, RefusesWhatItCannotDo) {
  EXPECT_MENTIONS(refusal("model.pt --data bars.csv --out model.pt --force"), "model.pt");
  EXPECT_MENTIONS(refusal("model.pt --data bars.csv --out bars.csv"), "bars.csv");
  EXPECT_MENTIONS(refusal("model.pt --data bars.csv --threshold 0.3 --out small.pt"), "--threshold: got 0.3");
  EXPECT_MENTIONS(refusal("nowhere.pt --data bars.csv --out small.pt"), "nowhere.pt");
  ASSERT_EQ(hftsim("generate --bars 500 --seed 2 --out early.csv").exit_code, 0);
  EXPECT_MENTIONS(refusal("model.pt --data early.csv --out small.pt"), "no window that ends on a bar after");
  ASSERT_EQ(hftsim("quantize model.pt --data bars.csv --out small.pt").exit_code, 0);
  EXPECT_MENTIONS(refusal("small.pt --data bars.csv --out smaller.pt"), "quantised");
  EXPECT_FALSE(exists("smaller.pt"));
}

}  // namespace
}  // namespace hftsim
