#include "engine/execution/order_names.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace hftsim {
namespace {

template <class E>
std::set<std::string> names(int count) {
  std::set<std::string> all;
  for (int i = 0; i < count; ++i) all.emplace(name_of(static_cast<E>(i)));
  return all;
}

TEST(OrderNames, EveryEnumeratorHasANameOfItsOwn) {
  const auto all_named = [](const std::set<std::string>& all, std::size_t count) {
    return all.size() == count && !all.contains("");
  };
  EXPECT_TRUE(all_named(names<Side>(2), 2));
  EXPECT_TRUE(all_named(names<OrderType>(6), 6));
  EXPECT_TRUE(all_named(names<TimeInForce>(4), 4));
  EXPECT_TRUE(all_named(names<QuantityRule>(3), 3));
  EXPECT_TRUE(all_named(names<ReportKind>(6), 6));
  EXPECT_TRUE(all_named(names<Liquidity>(2), 2));
  EXPECT_TRUE(all_named(names<Reason>(kReasonCount), kReasonCount));
}

}  // namespace
}  // namespace hftsim
