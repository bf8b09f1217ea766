#include "engine/features/kernels.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace hftsim::features
