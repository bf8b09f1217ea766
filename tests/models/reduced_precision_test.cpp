// int16 and int8: close to the definition, the same bits whichever way, and refused where they are not close.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "engine/core/errors.h"
#include "models/native/price_lstm.h"
#include "models/native/validate.h"
#include "models/native/window_runner.h"
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

Floats predict(const PriceLstm& model, const Floats& rows, std::size_t windows) {
  Floats out(windows);
  model.predict(rows.data(), windows, out.data(), 0);
  return out;
}

class ReducedPrecision : public testing::TestWithParam<Precision> {};

INSTANTIATE_TEST_SUITE_P(PriceLstm, ReducedPrecision, testing::Values(Precision::int16, Precision::int8),
                         [](const auto& precision) { return std::string(name_of(precision.param)); });

TEST_P(ReducedPrecision, StaysWithinItsBound) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const auto weights = random_price_lstm(84, seed);
    const Floats rows = random_rows(60 + 11, 84, seed);
    const PriceLstm model(weights, 60, {.precision = GetParam()});
    EXPECT_EQ(model.precision(), GetParam());
    const PackedLstm exact(find_lstm_weights(weights), detect_isa(), Precision::fp32);
    const PackedLstm reduced(find_lstm_weights(weights), detect_isa(), GetParam());
    const double drift = measure_drift(exact, reduced, 60);
    EXPECT_GT(drift, 0);
    EXPECT_LE(drift, drift_bound(GetParam()));
    NaiveLstm naive(weights);
    const Floats probabilities = predict(model, rows, 12);
    for (std::size_t w = 0; w < 12; ++w)
      EXPECT_NEAR(static_cast<double>(probabilities[w]), naive.window(&rows[w * 84], 60),
                  drift_bound(GetParam()));
  }
}

TEST_P(ReducedPrecision, GivesTheSameBitsHoweverItIsAsked) {
  const auto weights = random_price_lstm(7, 4);
  const Floats rows = random_rows(100 + 9, 7, 4);
  const PriceLstm model(weights, 10, {.precision = GetParam()});
  const Floats all = predict(model, rows, 100);
  for (const std::size_t windows : {1U, 2U, 3U, 5U, 6U, 7U, 48U, 49U, 97U}) {
    const auto end = all.begin() + static_cast<std::ptrdiff_t>(windows);
    EXPECT_EQ(bits_of(predict(model, rows, windows)), bits_of(Floats(all.begin(), end))) << windows;
  }
  for (const bool advance : {false, true}) {
    const auto wavefront = model.make_wavefront();
    Floats out(109);
    for (std::size_t row = 0; row < 109; ++row) {
      wavefront->predict(&rows[row * 7], 1, &out[row]);
      for (std::size_t times = row % 4; advance && times > 0; --times) wavefront->advance();
      if (advance) wavefront->rehearse();
    }
    EXPECT_EQ(bits_of({out.begin() + 9, out.end()}), bits_of(all));
  }
}

TEST_P(ReducedPrecision, EveryInstructionSetGivesTheSameBits) {
  const auto weights = random_price_lstm(85, 5);
  const Floats rows = random_rows(13 + 4, 85, 5);
  const Bits expected = bits_of(predict(PriceLstm(weights, 5, {.precision = GetParam()}), rows, 13));
  Floats stateful(17);
  PriceLstm(weights, 5, {.precision = GetParam()}).make_stateful()->predict(rows.data(), 17, stateful.data());
  for (const Isa isa : supported_isas()) {
    const PriceLstm model(weights, 5, {.isa = isa, .precision = GetParam()});
    EXPECT_EQ(bits_of(predict(model, rows, 13)), expected) << name_of(isa);
    Floats out(17);
    model.make_stateful()->predict(rows.data(), 17, out.data());
    EXPECT_EQ(bits_of(out), bits_of(stateful)) << name_of(isa);
  }
}

TEST_P(ReducedPrecision, GivesTheSameBitsWithAndWithoutVnni) {
  if (!is_supported(Isa::avx512) || !has_vnni()) GTEST_SKIP() << "this processor has no VNNI";
  const auto weights = random_price_lstm(84, 6);
  const Floats rows = random_rows(50 + 9, 84, 6);
  Floats with(50), without(50);
  const PackedLstm packed(find_lstm_weights(weights), Isa::avx512, GetParam(), true);
  const PackedLstm plain(find_lstm_weights(weights), Isa::avx512, GetParam(), false);
  WindowRunner(packed, 10).predict(rows.data(), 50, with.data());
  WindowRunner(plain, 10).predict(rows.data(), 50, without.data());
  EXPECT_EQ(bits_of(with), bits_of(without));
}

// A unit that is never heard, with weights a thousand times the others': these round to nothing.
TEST_P(ReducedPrecision, RefusesWeightsThatItCannotHold) {
  auto weights = random_price_lstm(7, 7, 3);
  weights[3].values[3 * 64 + 5] = -60;  // unit 5's output gate is shut
  for (const std::size_t tensor : {1U, 4U}) {
    for (std::size_t row = 0; row < 256; ++row) weights[tensor].values[row * 64 + 5] = 3000;
  }
  EXPECT_NO_THROW(PriceLstm(weights, 60));
  EXPECT_THROW(
      try { PriceLstm(weights, 60, {.precision = GetParam()}); } catch (const BadInput& refusal) {
        const std::string words = refusal.what();
        EXPECT_TRUE(words.starts_with("model.precision: got " + std::string(name_of(GetParam())))) << words;
        EXPECT_NE(words.find("off with these weights"), std::string::npos) << words;
        EXPECT_NE(words.find(GetParam() == Precision::int16 ? "0.0001 at most" : "0.005 at most"),
                  std::string::npos)
            << words;
        throw;
      },
      BadInput);
}

// All hidden values 1 and all weights of one sign: the largest sums there are. One that left int32 would come
// back with the other sign.
TEST_P(ReducedPrecision, HoldsTheLargestSums) {
  for (const float size : {1e-6f, 1.0f, 50.0f}) {
    auto weights = random_price_lstm(1, 8);
    for (const std::size_t tensor : {1U, 4U, 5U}) {
      for (float& value : weights[tensor].values) value = size;
    }
    for (const std::size_t tensor : {2U, 6U}) {
      for (float& value : weights[tensor].values) value = 30;
    }
    const Floats rows = random_rows(20, 1, 8);
    const PriceLstm model(weights, 20, {.precision = GetParam()});
    NaiveLstm naive(weights);
    EXPECT_NEAR(static_cast<double>(predict(model, rows, 1)[0]), naive.window(rows.data(), 20),
                drift_bound(GetParam()))
        << size;
  }
}

TEST(Validate, RefusesWhatIsAboveTheBound) {
  EXPECT_NO_THROW(check_drift(Precision::int16, 1e-4));
  EXPECT_THROW(check_drift(Precision::int16, 1.1e-4), BadInput);
  EXPECT_NO_THROW(check_drift(Precision::int8, 5e-3));
  EXPECT_THROW(check_drift(Precision::int8, 5.1e-3), BadInput);
}

}  // namespace
}  // namespace hftsim::models
