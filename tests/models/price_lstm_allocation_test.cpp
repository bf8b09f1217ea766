// Whatever is asked of a model after it was built, it takes no memory.
#include <gtest/gtest.h>

#include "engine/core/allocation_counter.h"
#include "models/native/price_lstm.h"
#include "tests/models/naive_lstm.h"

namespace hftsim::models {
namespace {

TEST(PriceLstm, AllocatesNothingAfterConstruction) {
  const std::vector<float> rows = random_rows(300 + 19, 84, 1);
  const auto weights = random_price_lstm(84, 1);
  std::vector<float> out(320);
  const PriceLstm model(weights, 20);
  const auto wavefront = model.make_wavefront(), stateful = model.make_stateful();
  const std::uint64_t before = thread_allocation_count;
  for (const std::size_t windows : {1U, 5U, 96U, 300U}) model.predict(rows.data(), windows, out.data(), 0);
  wavefront->predict(rows.data(), 30, out.data());
  while (wavefront->advance()) {
  }
  wavefront->rehearse();
  wavefront->predict(rows.data(), 1, out.data());
  stateful->predict(rows.data(), 100, out.data());
  stateful->advance();
  EXPECT_EQ(thread_allocation_count, before);
  EXPECT_GT(before, 0U);  // the hook counts
}

}  // namespace
}  // namespace hftsim::models
