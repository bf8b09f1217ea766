#include "engine/portfolio/position.h"

#include <gtest/gtest.h>

namespace hftsim {
namespace {

PositionChange fill(Position& position, double quantity, double price) {
  return apply_fill(position, Quantity(quantity), Price(price));
}

TEST(Position, AveragesTheCostOfWhatIsAdded) {
  Position position;
  fill(position, 1, 100);
  fill(position, 3, 200);
  EXPECT_DOUBLE_EQ(position.quantity.value, 4);
  EXPECT_DOUBLE_EQ(position.average_entry.value, 175);
  EXPECT_EQ(position.realized.value, 0);
}

TEST(Position, RealisesTheClosedPartAndKeepsTheAverage) {
  Position position;
  fill(position, 4, 175);
  const PositionChange change = fill(position, -1, 185);
  EXPECT_DOUBLE_EQ(change.closed.value, 1);
  EXPECT_EQ(change.opened.value, 0);
  EXPECT_DOUBLE_EQ(change.realized.value, 10);
  EXPECT_DOUBLE_EQ(position.average_entry.value, 175);
  EXPECT_DOUBLE_EQ(position.quantity.value, 3);
}

TEST(Position, MirrorsForShorts) {
  Position position;
  fill(position, -2, 50);
  fill(position, -2, 60);
  EXPECT_DOUBLE_EQ(position.average_entry.value, 55);
  const PositionChange change = fill(position, 3, 45);
  EXPECT_DOUBLE_EQ(change.realized.value, 30);
  EXPECT_DOUBLE_EQ(position.quantity.value, -1);
}

TEST(Position, TurnsThroughZeroAtTheFillPrice) {
  Position position;
  fill(position, 2, 100);
  const PositionChange change = fill(position, -5, 110);
  EXPECT_DOUBLE_EQ(change.closed.value, 2);
  EXPECT_DOUBLE_EQ(change.opened.value, 3);
  EXPECT_DOUBLE_EQ(change.realized.value, 20);
  EXPECT_DOUBLE_EQ(position.quantity.value, -3);
  EXPECT_DOUBLE_EQ(position.average_entry.value, 110);
}

TEST(Position, DustIsExactlyFlat) {
  Position position;
  fill(position, 0.3, 100);
  fill(position, -0.1, 100);
  fill(position, -0.1, 100);
  fill(position, -0.1, 100);
  EXPECT_TRUE(position.flat());
  EXPECT_EQ(position.quantity.value, 0.0);
  EXPECT_EQ(position.average_entry.value, 0.0);
}

TEST(Position, OneLotIsNotDust) {
  Position position;
  fill(position, 1e-8, 100);
  EXPECT_FALSE(position.flat());
}

TEST(Position, DustBeyondATurnIsFlat) {
  Position position;
  fill(position, 1, 100);
  fill(position, -(1 + 5e-9), 120);
  EXPECT_TRUE(position.flat());
  EXPECT_DOUBLE_EQ(position.realized.value, 20);
}

TEST(Position, UnrealizedFollowsTheMark) {
  Position position;
  fill(position, -2, 100);
  position.last = Price(90);
  EXPECT_DOUBLE_EQ(position.unrealized().value, 20);
  EXPECT_DOUBLE_EQ(position.value().value, -180);
}

}  // namespace
}  // namespace hftsim
