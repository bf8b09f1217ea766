#include "models/native_obstacle.h"

#include "tests/models/bundle_file.h"
#include "tests/models/refusal.h"

namespace hftsim::models {
namespace {

ModelBundle example() {
  ModelBundle bundle;
  bundle.metadata = example_metadata();
  bundle.weights = price_lstm_weights(3);
  return bundle;
}

TEST(NativeObstacle, APriceLstmOfItsOwnShapesHasNone) {
  EXPECT_EQ(native_obstacle(example()), "");
}

TEST(NativeObstacle, WhatIsSomethingElseSaysWhat) {
  ModelBundle bundle = example();
  bundle.metadata.architecture = "PriceTransformer";
  EXPECT_EQ(native_obstacle(bundle), "it is a PriceTransformer");
  bundle = example();
  bundle.metadata.quantization = "int8-dynamic";
  EXPECT_EQ(native_obstacle(bundle), "it is quantised (int8-dynamic)");
  bundle = example();
  bundle.weights.clear();
  EXPECT_EQ(native_obstacle(bundle), "it has no weights.safetensors");
}

TEST(NativeObstacle, ATensorOfAnotherShapeIsNamed) {
  ModelBundle bundle = example();
  bundle.weights = price_lstm_weights(4);
  EXPECT_EQ(native_obstacle(bundle), "its weights are of 4 features, hftsim.json names 3");
  bundle.weights = price_lstm_weights(3, 1, 32);
  EXPECT_NE(native_obstacle(bundle), "");
  bundle.weights = price_lstm_weights(3, 1, 64, 16);
  EXPECT_EQ(native_obstacle(bundle), "fc1.weight has the shape (16, 64), not (32, 64)");
}

TEST(NativeObstacle, ATensorTooFewOrTooManyIsNamed) {
  ModelBundle bundle = example();
  bundle.weights.push_back({"lstm.weight_ih_l2", {1}, {0}});
  EXPECT_EQ(native_obstacle(bundle), "lstm.weight_ih_l2 is not a PriceLSTM's");
  bundle = example();
  bundle.weights.erase(bundle.weights.begin() + 2);
  EXPECT_EQ(native_obstacle(bundle), "lstm.bias_ih_l0 is missing");
}

}  // namespace
}  // namespace hftsim::models
