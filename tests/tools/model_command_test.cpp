// hftsim model info, as a user calls it.
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/features/catalog.h"
#include "replay/file_hash.h"
#include "tests/models/bundle_file.h"
#include "tests/tools/cli.h"

namespace hftsim {
namespace {

using Json = nlohmann::json;

class ModelInfo : public test::CliTest {
 protected:
  // A PriceLSTM over the 84 computed default features.
  models::BundleMetadata defaults() const {
    const std::vector<std::string> row = features::default_features();
    return models::example_metadata(std::vector<std::string>(row.begin() + 1, row.end()));
  }

  void make(const models::BundleMetadata& metadata, const std::vector<models::NamedTensor>& weights) const {
    models::write_bundle(folder() / "model.pt", metadata, weights);
  }

  std::string info(const std::string& more = "") const {
    const auto result = hftsim("model info model.pt " + more);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err, "");
    return result.out;
  }
};

TEST_F(ModelInfo, SaysWhatTheModelTakesWasTrainedOnAndWeighs) {
  make(defaults(), models::price_lstm_weights(84));
  const std::string text = info();
  for (const char* part :
       {"PriceLSTM", "native (no torch needed)", "60 rows", "3 bars", "return_5", "is_weekend", "5, 10, 20",
        "2026-01-02T05:31:00Z to 2026-01-08T00:00:00Z", "8,064 trained", "2,016 validated", "accuracy",
        "0.52", "73,793 parameters in 12 tensors", "lstm.weight_ih_l0  [256, 84]", "21,504", "format 1"}) {
    EXPECT_MENTIONS(text, part);
  }
  EXPECT_MENTIONS(text, "sha256 " + sha256_of_file(folder() / "model.pt"));
  EXPECT_EQ(text.find(" mean "), text.npos);
}

TEST_F(ModelInfo, FitsTheTerminalAndNamesEveryFeature) {
  make(defaults(), models::price_lstm_weights(84));
  for (const char* option : {"", "--features"}) {
    const std::string text = info(option);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      EXPECT_LE(end - at, 110u) << text.substr(at, end - at);
      at = end + 1;
    }
    for (const std::string& name : defaults().features) EXPECT_MENTIONS(text, " " + name);
  }
}

TEST_F(ModelInfo, TheScalerIsShownOnDemand) {
  make(models::example_metadata(), models::price_lstm_weights(3));
  for (const char* option : {"--features", "-v"}) {
    const std::string text = info(option);
    EXPECT_MENTIONS(text, "mean");
    EXPECT_MENTIONS(text, "return_1            -0.1       0.333333");
    EXPECT_MENTIONS(text, "hour_sin            -0.3            0.2");
  }
}

TEST_F(ModelInfo, JsonIsAllThereIsOnStdoutAndHoldsEverything) {
  models::BundleMetadata metadata = models::example_metadata();
  metadata.metrics["auc"] = NAN;
  make(metadata, models::price_lstm_weights(3));
  const Json json = Json::parse(info("--json"));
  EXPECT_EQ(json["architecture"], "PriceLSTM");
  EXPECT_EQ(json["features"], Json({"return_1", "sma_5", "hour_sin"}));
  EXPECT_EQ(json["scaler"]["mean"], Json(metadata.scaler_mean));
  EXPECT_EQ(json["scaler"]["scale"], Json(metadata.scaler_scale));
  EXPECT_EQ(json["scaler"]["non_finite"], -0.25);
  EXPECT_EQ(json["training"]["rows"], 8064);
  EXPECT_EQ(json["metrics"]["accuracy"], 0.52);
  EXPECT_TRUE(json["metrics"]["auc"].is_null());
  EXPECT_EQ(json["size_bytes"], std::filesystem::file_size(folder() / "model.pt"));
  EXPECT_EQ(json["sha256"], sha256_of_file(folder() / "model.pt"));
  EXPECT_EQ(json["tensors"].size(), 12u);
  EXPECT_EQ(json["tensors"][0]["name"], "lstm.weight_ih_l0");
  EXPECT_EQ(json["tensors"][0]["shape"], Json({256, 3}));
  EXPECT_EQ(json["parameters"], 256 * 3 + 3 * 256 * 64 + 4 * 256 + 64 * 32 + 32 + 32 + 1);
  EXPECT_EQ(json["runs_natively"], true);
  EXPECT_TRUE(json["native_obstacle"].is_null());
}

TEST_F(ModelInfo, WhatNeedsTorchSaysWhy) {
  models::BundleMetadata metadata = models::example_metadata();
  metadata.architecture = "PriceTransformer";
  metadata.training = {};
  metadata.windows = {};
  make(metadata, {});
  const std::string text = info();
  EXPECT_MENTIONS(text, "torch: it is a PriceTransformer");
  EXPECT_MENTIONS(text, "inside the TorchScript alone");
  EXPECT_MENTIONS(text, "not said");
  const Json json = Json::parse(info("--json"));
  EXPECT_EQ(json["runs_natively"], false);
  EXPECT_EQ(json["native_obstacle"], "it is a PriceTransformer");
}

TEST_F(ModelInfo, WhatIsNoBundleIsRefused) {
  write("notes.txt", "hello");
  for (const auto& [file, part] : {std::pair("absent.pt", "No such file"), {"notes.txt", "a model bundle"}}) {
    const auto result = hftsim("model info " + std::string(file));
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_MENTIONS(result.err, std::string("hftsim: ") + file + ": ");
    EXPECT_MENTIONS(result.err, part);
  }
  EXPECT_EQ(hftsim("model info").exit_code, 2);
  EXPECT_EQ(hftsim("model").exit_code, 2);
}

}  // namespace
}  // namespace hftsim
