#include "engine/execution/book_sequencer.h"

#include <gtest/gtest.h>

namespace hftsim {
namespace {

// first U, last u, previous pu (0 on spot).
BookChangeBody diff(std::uint64_t first, std::uint64_t last, std::uint64_t previous = 0) {
  return {0, 0, last, first, previous};
}

BookStep snapshot(BookSequencer& sequencer, std::uint64_t last) {
  return sequencer.next(diff(last, last), true);
}
BookStep next(BookSequencer& sequencer, const BookChangeBody& message) {
  return sequencer.next(message, false);
}

TEST(BookSequencer, BeforeASnapshotEveryMessageIsEarly) {
  BookSequencer sequencer(BookRules::usdm);
  EXPECT_EQ(next(sequencer, diff(1, 2, 0)), BookStep::early);
  EXPECT_FALSE(sequencer.is_synchronised());
  EXPECT_EQ(snapshot(sequencer, 10), BookStep::snapshot);
  EXPECT_FALSE(sequencer.is_synchronised());
}

TEST(BookSequencer, UsdmDropsWhatEndsBeforeTheSnapshotAndTakesWhatHoldsItsLastUpdate) {
  BookSequencer sequencer(BookRules::usdm);
  snapshot(sequencer, 10);
  EXPECT_EQ(next(sequencer, diff(1, 9, 0)), BookStep::stale);
  EXPECT_EQ(next(sequencer, diff(8, 12, 7)), BookStep::apply);
  EXPECT_EQ(next(sequencer, diff(15, 20, 12)), BookStep::apply)
      << "U may leave ids out, pu says that none is missing";
  EXPECT_TRUE(sequencer.is_synchronised());
}

TEST(BookSequencer, UsdmTakesMessagesThatEndOrFollowAtTheSnapshotsLastUpdate) {
  BookSequencer ends(BookRules::usdm);
  snapshot(ends, 10);
  EXPECT_EQ(next(ends, diff(8, 10, 7)), BookStep::apply);
  BookSequencer follows(BookRules::usdm);
  snapshot(follows, 10);
  EXPECT_EQ(next(follows, diff(13, 14, 10)), BookStep::apply);
}

TEST(BookSequencer, UsdmFindsAGapAtTheFirstMessageAndLater) {
  BookSequencer sequencer(BookRules::usdm);
  snapshot(sequencer, 10);
  EXPECT_EQ(next(sequencer, diff(12, 14, 11)), BookStep::gap);
  EXPECT_EQ(sequencer.expected(), 10u);
  EXPECT_EQ(next(sequencer, diff(15, 16, 14)), BookStep::early)
      << "the book is unknown until the next snapshot";
  snapshot(sequencer, 20);
  EXPECT_EQ(next(sequencer, diff(19, 22, 18)), BookStep::apply);
  EXPECT_EQ(next(sequencer, diff(30, 31, 29)), BookStep::gap);
  EXPECT_EQ(sequencer.expected(), 22u);
  EXPECT_EQ(sequencer.missing(), 7u);
  EXPECT_FALSE(sequencer.is_synchronised());
}

TEST(BookSequencer, SpotDropsUpToTheSnapshotAndTakesWhatHoldsTheNextUpdate) {
  BookSequencer sequencer(BookRules::spot);
  snapshot(sequencer, 10);
  EXPECT_EQ(next(sequencer, diff(8, 10)), BookStep::stale);
  EXPECT_EQ(next(sequencer, diff(9, 12)), BookStep::apply);
  EXPECT_EQ(next(sequencer, diff(13, 13)), BookStep::apply);
  EXPECT_EQ(next(sequencer, diff(15, 16)), BookStep::gap);
  EXPECT_EQ(sequencer.expected(), 14u);
  EXPECT_EQ(sequencer.missing(), 1u);
}

TEST(BookSequencer, SpotFindsAGapAtTheFirstMessage) {
  BookSequencer sequencer(BookRules::spot);
  snapshot(sequencer, 10);
  EXPECT_EQ(next(sequencer, diff(12, 14)), BookStep::gap);
  EXPECT_EQ(sequencer.expected(), 11u);
}

TEST(BookSequencer, AMessageThatComesTwiceIsStale) {
  for (const BookRules rules : {BookRules::usdm, BookRules::spot}) {
    BookSequencer sequencer(rules);
    snapshot(sequencer, 10);
    next(sequencer, diff(9, 12, 8));
    EXPECT_EQ(next(sequencer, diff(9, 12, 8)), BookStep::stale);
    EXPECT_EQ(next(sequencer, diff(13, 14, 12)), BookStep::apply);
  }
}

TEST(BookSequencer, ASnapshotThatIsOlderThanTheBookIsStaleAndANewerOneJoinsAnew) {
  BookSequencer sequencer(BookRules::usdm);
  snapshot(sequencer, 10);
  next(sequencer, diff(9, 20, 8));
  EXPECT_EQ(snapshot(sequencer, 15), BookStep::stale);
  EXPECT_EQ(next(sequencer, diff(21, 25, 20)), BookStep::apply);
  EXPECT_EQ(snapshot(sequencer, 30), BookStep::snapshot);
  EXPECT_EQ(next(sequencer, diff(26, 28, 25)), BookStep::stale);
  EXPECT_EQ(next(sequencer, diff(29, 31, 28)), BookStep::apply);
}

TEST(BookSequencer, AfterAResetEveryMessageIsEarlyAgain) {
  BookSequencer sequencer(BookRules::spot);
  snapshot(sequencer, 10);
  next(sequencer, diff(11, 12));
  sequencer.reset();
  EXPECT_EQ(next(sequencer, diff(13, 14)), BookStep::early);
}

}  // namespace
}  // namespace hftsim
