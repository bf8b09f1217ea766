#include "engine/core/errors.h"

#include <gtest/gtest.h>

namespace hftsim {
namespace {

TEST(BadInput, NamesPlaceValueAndExpectation) {
  EXPECT_STREQ(BadInput("run.toml:3 account.fee_rate", "-1", "a rate of at least 0").what(),
               "run.toml:3 account.fee_rate: got -1, expected a rate of at least 0");
  EXPECT_STREQ(BadInput("no such file: x.csv").what(), "no such file: x.csv");
}

// They end the program with different exit codes, so neither may be caught as the other.
TEST(BadInput, IsNoIoFailure) {
  EXPECT_FALSE((std::is_base_of_v<IoFailure, BadInput>));
  EXPECT_FALSE((std::is_base_of_v<BadInput, IoFailure>));
}

}  // namespace
}  // namespace hftsim
