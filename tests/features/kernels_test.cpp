#include "engine/features/kernels.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace hftsim::features {
namespace {

TEST(Kernels, HaveEveryOperatorForEveryInstructionSet) {
  for (const Isa isa : {Isa::baseline, Isa::avx2, Isa::avx512}) {
    const KernelTable& table = kernels_for(isa);
    for (std::size_t op = 0; op < kOpCount; ++op) {
      EXPECT_NE(table.block[op], nullptr) << name_of(isa) << " operator " << op;
      EXPECT_NE(table.single[op], nullptr) << name_of(isa) << " operator " << op;
    }
  }
}

TEST(Kernels, PickTheWidestInstructionSetTheProcessorHas) {
  const std::vector<Isa> isas = supported_isas();
  ASSERT_FALSE(isas.empty());
  EXPECT_EQ(isas.front(), Isa::baseline);
  EXPECT_EQ(isas.back(), detect_isa());
  EXPECT_TRUE(std::all_of(isas.begin(), isas.end(), is_supported));
}

}  // namespace
}  // namespace hftsim::features
