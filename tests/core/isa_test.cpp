#include "engine/core/isa.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace hftsim {
namespace {

TEST(Isa, DetectsTheWidestTheProcessorHas) {
  const std::vector<Isa> isas = supported_isas();
  ASSERT_FALSE(isas.empty());
  EXPECT_EQ(isas.front(), Isa::baseline);
  EXPECT_EQ(isas.back(), detect_isa());
  EXPECT_TRUE(std::all_of(isas.begin(), isas.end(), is_supported));
}

}  // namespace
}  // namespace hftsim
