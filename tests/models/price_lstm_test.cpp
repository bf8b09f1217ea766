// PriceLstm against its definition in double, and against itself: every way to the same probability gives the
// same bits.
#include "models/native/price_lstm.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <memory>
#include <thread>

#include "engine/core/errors.h"
#include "tests/models/naive_lstm.h"

namespace hftsim::models {
namespace {

using Floats = std::vector<float>;
using Bits = std::vector<std::uint32_t>;

Bits bits_of(const Floats& values) {
  Bits bits;
  for (const float value : values) bits.push_back(std::bit_cast<std::uint32_t>(value));
  return bits;
}

Floats predict(const PriceLstm& model, const Floats& rows, std::size_t windows, unsigned worker = 0) {
  Floats out(windows);
  model.predict(rows.data(), windows, out.data(), worker);
  return out;
}

// Every window in a call of its own.
Floats predict_singly(const PriceLstm& model, const Floats& rows, std::size_t windows) {
  Floats out(windows);
  for (std::size_t w = 0; w < windows; ++w) model.predict(&rows[w * model.features()], 1, &out[w], 0);
  return out;
}

// The wavefront's probabilities of full windows, `chunk` rows in a call; advanced not at all, or a little or to
// the end and then rehearsed.
Floats predict_in_flight(const PriceLstm& model, const Floats& rows, std::size_t chunk, bool advance) {
  const auto wavefront = model.make_wavefront();
  const std::size_t count = rows.size() / model.features();
  Floats out(count);
  for (std::size_t row = 0; row < count; row += chunk) {
    wavefront->predict(&rows[row * model.features()], std::min(chunk, count - row), &out[row]);
    for (std::size_t times = row % 12; advance && times > 0; --times) wavefront->advance();
    if (advance) wavefront->rehearse();
  }
  for (std::size_t row = 0; row + 1 < model.lookback(); ++row) EXPECT_TRUE(std::isnan(out[row]));
  out.erase(out.begin(), out.begin() + (model.lookback() - 1));
  return out;
}

double largest_error(const std::vector<NamedTensor>& weights, const Floats& rows, std::size_t lookback,
                     const Floats& probabilities) {
  NaiveLstm naive(weights);
  double error = 0;
  for (std::size_t w = 0; w < probabilities.size(); ++w) {
    const double expected = naive.window(&rows[w * naive.features()], lookback);
    error = std::max(error, std::fabs(static_cast<double>(probabilities[w]) - expected));
  }
  return error;
}

TEST(PriceLstm, IsWithinAMillionthOfItsDefinition) {
  for (const std::size_t features : {1U, 7U, 84U, 100U}) {
    const auto weights = random_price_lstm(features, features);
    const Floats rows = random_rows(60 + 8, features, 1);
    const PriceLstm model(weights, 60);
    EXPECT_EQ(model.features(), features);
    EXPECT_LE(largest_error(weights, rows, 60, predict(model, rows, 9)), 1e-6) << features;
  }
}

TEST(PriceLstm, StaysAccurateWhereGatesSaturate) {
  const auto weights = random_price_lstm(84, 2, 3);
  const Floats rows = random_rows(60 + 8, 84, 2);
  EXPECT_LE(largest_error(weights, rows, 60, predict(PriceLstm(weights, 60), rows, 9)), 5e-5);
  const auto steep = random_price_lstm(84, 2, 30);
  for (const float probability : predict(PriceLstm(steep, 60), rows, 9)) {
    EXPECT_GE(probability, 0);
    EXPECT_LE(probability, 1);
  }
}

TEST(PriceLstm, GivesAProbabilityForAnyFiniteRows) {
  for (const float size : {1e4f, 1e30f, 3e38f}) {
    const auto weights = random_price_lstm(84, 3);
    Floats rows = random_rows(8, 84, 3);
    for (float& value : rows) value = std::copysign(size, value);
    const PriceLstm model(weights, 4);
    for (const float probability : predict(model, rows, 5)) {
      EXPECT_GE(probability, 0) << size;
      EXPECT_LE(probability, 1) << size;
    }
  }
}

// The head's sum alone, far out on either side of the sigmoid.
TEST(PriceLstm, KeepsSmallProbabilitiesApart) {
  for (const float sum : {-80.0f, -20.0f, 20.0f}) {
    auto weights = random_price_lstm(7, 4);
    for (float& value : weights[10].values) value = 0;
    weights[11].values = {sum};
    const double expected = 1 / (1 + std::exp(-static_cast<double>(sum)));
    const float probability = predict(PriceLstm(weights, 2), random_rows(2, 7, 4), 1)[0];
    EXPECT_NEAR(static_cast<double>(probability) / expected, 1, 1e-5) << sum;
  }
}

struct Shape {
  std::size_t features;
  std::uint32_t lookback;
};

class EveryShape : public testing::TestWithParam<Shape> {};

INSTANTIATE_TEST_SUITE_P(PriceLstm, EveryShape,
                         testing::Values(Shape{1, 2}, Shape{7, 1}, Shape{84, 60}, Shape{85, 3}, Shape{100, 2},
                                         Shape{7, 130}),
                         [](const auto& shape) {
                           return std::to_string(shape.param.features) + "x" +
                                  std::to_string(shape.param.lookback);
                         });

TEST_P(EveryShape, ProbabilitiesDoNotDependOnTheBatch) {
  const auto [features, lookback] = GetParam();
  const Floats rows = random_rows(280 + lookback - 1, features, 5);
  const PriceLstm model(random_price_lstm(features, 5), lookback);
  const Floats all = predict(model, rows, 280);
  EXPECT_EQ(bits_of(predict_singly(model, rows, 30)), bits_of(Floats(all.begin(), all.begin() + 30)));
  for (const std::size_t windows : {2U, 3U, 4U, 5U, 6U, 7U, 11U, 13U, 47U, 48U, 49U, 95U, 96U, 97U, 256U}) {
    const auto end = all.begin() + static_cast<std::ptrdiff_t>(windows);
    EXPECT_EQ(bits_of(predict(model, rows, windows)), bits_of(Floats(all.begin(), end))) << windows;
  }
}

TEST_P(EveryShape, TheWavefrontGivesTheWindowsBits) {
  const auto [features, lookback] = GetParam();
  const std::size_t windows = 2 * lookback + 3;
  const Floats rows = random_rows(windows + lookback - 1, features, 6);
  const PriceLstm model(random_price_lstm(features, 6), lookback);
  const Bits expected = bits_of(predict(model, rows, windows));
  EXPECT_EQ(bits_of(predict_in_flight(model, rows, 1, true)), expected);
  EXPECT_EQ(bits_of(predict_in_flight(model, rows, 1, false)), expected);
  EXPECT_EQ(bits_of(predict_in_flight(model, rows, 7, true)), expected);
  EXPECT_EQ(bits_of(predict_in_flight(model, rows, rows.size() / features, false)), expected);
}

TEST(PriceLstm, EveryInstructionSetGivesTheSameBits) {
  for (const auto& [features, lookback] : {Shape{85, 3}, Shape{7, 4}, Shape{1, 1}}) {
    for (const double factor : {1.0, 3.0, 30.0}) {
      const auto weights = random_price_lstm(features, 7, factor);
      const Floats rows = random_rows(13 + lookback - 1, features, 7);
      const Bits expected = bits_of(predict(PriceLstm(weights, lookback), rows, 13));
      for (const Isa isa : supported_isas()) {
        const PriceLstm model(weights, lookback, {.isa = isa});
        EXPECT_EQ(bits_of(predict(model, rows, 13)), expected) << name_of(isa);
        EXPECT_EQ(bits_of(predict_singly(model, rows, 13)), expected) << name_of(isa);
        EXPECT_EQ(bits_of(predict_in_flight(model, rows, 2, true)), expected) << name_of(isa);
      }
    }
  }
}

TEST(PriceLstm, TheVectorSetsGiveTheSameBitsOverWholeWindows) {
  const auto weights = random_price_lstm(84, 8);
  const Floats rows = random_rows(256 + 59, 84, 8);
  const Bits expected = bits_of(predict(PriceLstm(weights, 60), rows, 256));
  for (const Isa isa : supported_isas()) {
    if (isa == Isa::baseline) continue;  // it has no fused multiply-add: slow
    EXPECT_EQ(bits_of(predict(PriceLstm(weights, 60, {.isa = isa}), rows, 256)), expected) << name_of(isa);
  }
}

TEST(PriceLstm, KeepsItsBits) {
  // Of Debug and Release, g++ and clang++ alike.
  const PriceLstm model(random_price_lstm(84, 9), 60);
  std::uint64_t digest = 0;
  for (const std::uint32_t bits : bits_of(predict(model, random_rows(256 + 59, 84, 9), 256)))
    digest = (digest ^ bits) * 0x100000001b3;
  EXPECT_EQ(digest, 13596278000442570779U);
}

TEST(PriceLstm, WorkersRunAtTheSameTime) {
  const Floats rows = random_rows(100 + 59, 84, 10);
  const PriceLstm model(random_price_lstm(84, 10), 60, {.workers = 3});
  const Bits expected = bits_of(predict(model, rows, 100));
  std::vector<Floats> results(3);
  std::vector<std::thread> threads;
  for (unsigned worker = 0; worker < 3; ++worker)
    threads.emplace_back([&, worker] { results[worker] = predict(model, rows, 100, worker); });
  for (std::thread& thread : threads) thread.join();
  for (const Floats& result : results) EXPECT_EQ(bits_of(result), expected);
}

TEST(PriceLstm, PredictorsOutliveTheirModel) {
  const Floats rows = random_rows(5, 7, 11);
  auto model = std::make_unique<PriceLstm>(random_price_lstm(7, 11), 3);
  const Bits expected = bits_of(predict(*model, rows, 3));
  const auto wavefront = model->make_wavefront();
  model.reset();
  Floats out(5);
  wavefront->predict(rows.data(), 5, out.data());
  EXPECT_EQ(bits_of({out.begin() + 2, out.end()}), expected);
}

TEST(PriceLstm, PredictsNothingForNoWindows) {
  const PriceLstm model(random_price_lstm(7, 12), 3);
  float out = 5;
  model.predict(nullptr, 0, &out, 0);
  EXPECT_EQ(out, 5);
}

TEST(PriceLstm, RefusesALookbackOfNothing) {
  EXPECT_THROW(PriceLstm(random_price_lstm(7, 13), 0), BadInput);
}

TEST(Stateful, CarriesItsStateFromRowToRow) {
  const auto weights = random_price_lstm(84, 14);
  const Floats rows = random_rows(300, 84, 14);
  const PriceLstm model(weights, 60);
  NaiveLstm naive(weights);
  Floats out(300);
  model.make_stateful()->predict(rows.data(), 300, out.data());
  for (std::size_t row = 0; row < 300; ++row)
    EXPECT_NEAR(static_cast<double>(out[row]), naive.next(&rows[row * 84]), 1e-6) << row;
}

TEST(Stateful, GivesTheSameBitsInEveryCutAndWithEveryInstructionSet) {
  const auto weights = random_price_lstm(7, 15);
  const Floats rows = random_rows(150, 7, 15);
  Floats expected(150);
  PriceLstm(weights, 60).make_stateful()->predict(rows.data(), 150, expected.data());
  for (const Isa isa : supported_isas()) {
    for (const std::size_t chunk : {1U, 7U, 64U, 65U}) {
      const auto stateful = PriceLstm(weights, 60, {.isa = isa}).make_stateful();
      Floats out(150);
      for (std::size_t row = 0; row < 150; row += chunk) {
        stateful->advance();
        stateful->predict(&rows[row * 7], std::min<std::size_t>(chunk, 150 - row), &out[row]);
      }
      EXPECT_EQ(bits_of(out), bits_of(expected)) << name_of(isa) << " " << chunk;
    }
  }
}

}  // namespace
}  // namespace hftsim::models
