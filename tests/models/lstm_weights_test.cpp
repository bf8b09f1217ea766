#include "models/native/lstm_weights.h"

#include <gtest/gtest.h>

#include <limits>

#include "engine/core/errors.h"
#include "models/native/price_lstm.h"
#include "tests/models/naive_lstm.h"

namespace hftsim::models {
namespace {

TEST(LstmWeights, TakesAPriceLstmInAnyOrder) {
  auto weights = random_price_lstm(84, 1);
  EXPECT_EQ(price_lstm_fault(weights), "");
  std::swap(weights.front(), weights.back());
  EXPECT_EQ(price_lstm_fault(weights), "");
  EXPECT_EQ(find_lstm_weights(weights).features, 84U);
}

TEST(LstmWeights, NamesEveryTensorThatIsMissing) {
  const auto whole = random_price_lstm(7, 1);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto weights = whole;
    weights.erase(weights.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(price_lstm_fault(weights), whole[i].name + " is missing");
  }
  EXPECT_EQ(price_lstm_fault({}), "lstm.weight_ih_l0 is missing");
}

TEST(LstmWeights, NamesAShapeThatIsNotAPriceLstms) {
  auto weights = random_price_lstm(7, 1);
  weights[8].shape = {32, 128};
  EXPECT_EQ(price_lstm_fault(weights), "fc1.weight has the shape (32, 128), not (32, 64)");
  weights = random_price_lstm(7, 1);
  weights[0].shape = {512, 7};
  EXPECT_EQ(price_lstm_fault(weights), "lstm.weight_ih_l0 has the shape (512, 7), not (256, features)");
  weights[0].shape = {256, 0};
  EXPECT_NE(price_lstm_fault(weights), "");
  weights[0].shape = {256, -1};
  EXPECT_NE(price_lstm_fault(weights), "");
  weights[0].shape = {256};
  EXPECT_NE(price_lstm_fault(weights), "");
}

TEST(LstmWeights, NamesValuesThatDoNotFit) {
  auto weights = random_price_lstm(7, 1);
  weights[9].values.pop_back();
  EXPECT_EQ(price_lstm_fault(weights), "fc1.bias holds 31 values, not 32");
  weights = random_price_lstm(7, 1);
  weights[9].values[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(price_lstm_fault(weights), "fc1.bias holds nan at 3");
  weights[9].values[3] = std::numeric_limits<float>::infinity();
  EXPECT_NE(price_lstm_fault(weights), "");
}

TEST(LstmWeights, NamesATensorTooMany) {
  auto weights = random_price_lstm(7, 1);
  weights.push_back({"lstm.weight_ih_l2", {256, 64}, std::vector<float>(256 * 64)});
  EXPECT_EQ(price_lstm_fault(weights), "lstm.weight_ih_l2 is not a PriceLSTM's");
  weights.back() = weights.front();
  EXPECT_EQ(price_lstm_fault(weights), "lstm.weight_ih_l0 is there twice");
}

TEST(LstmWeights, AModelIsNotBuiltFromOthers) {
  auto weights = random_price_lstm(7, 1);
  weights.pop_back();
  EXPECT_THROW(
      try { PriceLstm(weights, 60); } catch (const BadInput& refusal) {
        EXPECT_STREQ(refusal.what(),
                     "model.weights: got fc2.bias is missing, expected the weights of a PriceLSTM");
        throw;
      },
      BadInput);
}

}  // namespace
}  // namespace hftsim::models
