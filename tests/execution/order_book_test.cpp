#include "engine/execution/order_book.h"

#include <gtest/gtest.h>

#include <vector>

namespace hftsim {
namespace {

struct Level {
  BookSide side;
  std::int64_t price, quantity;
};

// A message's events, the last with kMessageEnd.
std::vector<Event> message(std::uint64_t seq, const std::vector<Level>& levels, bool is_snapshot = false) {
  std::vector<Event> events;
  for (const Level& level : levels) {
    Event& event = events.emplace_back();
    event = {};
    event.kind = EventKind::book_change;
    event.flags = static_cast<std::uint8_t>((level.side == BookSide::bid ? kBidSide : 0) |
                                            (is_snapshot ? kSnapshot : 0));
    event.book = {level.price, level.quantity, seq, seq, seq - 1};
  }
  events.back().flags |= kMessageEnd;
  return events;
}

void apply_all(OrderBook& book, const std::vector<Event>& events) {
  for (const Event& event : events) book.apply(event);
}

constexpr BookSide kBid = BookSide::bid, kAsk = BookSide::ask;

OrderBook two_sided() {
  OrderBook book;
  apply_all(book, message(7, {{kBid, 99, 5}, {kBid, 98, 4}, {kAsk, 101, 3}, {kAsk, 102, 2}}, true));
  return book;
}

TEST(OrderBook, HasNoBestPricesBeforeItsFirstMessage) {
  const OrderBook book;
  EXPECT_FALSE(book.best_bid() || book.best_ask() || book.is_crossed());
  EXPECT_TRUE(book.is_whole());
  EXPECT_EQ(book.seq(), 0u);
}

TEST(OrderBook, ChangesAndRemovesLevels) {
  OrderBook book = two_sided();
  apply_all(book, message(8, {{kBid, 99, 0}, {kAsk, 101, 9}, {kAsk, 100, 1}}));
  EXPECT_EQ(book.best_bid(), (BookLevel{98, 4}));
  EXPECT_EQ(book.best_ask(), (BookLevel{100, 1}));
  EXPECT_EQ(book.quantity_at(kAsk, 101), 9);
  EXPECT_EQ(book.asks(2).size(), 2u);
  EXPECT_EQ(book.seq(), 8u);
  EXPECT_EQ(book.counts().levels_removed, 1u);
  EXPECT_EQ(book.counts().levels_set, 6u);
}

TEST(OrderBook, ASnapshotReplacesEverythingBeforeItOnceAndEverySnapshotAnew) {
  OrderBook book = two_sided();
  apply_all(book, message(9, {{kBid, 50, 1}, {kAsk, 60, 1}, {kAsk, 61, 1}}, true));
  EXPECT_EQ(book.bids().size(), 1u);
  EXPECT_EQ(book.asks().size(), 2u);
  apply_all(book, message(10, {{kBid, 51, 1}}, true));
  EXPECT_EQ(book.bids().size(), 1u);
  EXPECT_FALSE(book.best_ask());
  EXPECT_EQ(book.counts().snapshots, 3u);
}

TEST(OrderBook, IsBetweenTwoStatesInsideAMessage) {
  OrderBook book = two_sided();
  const auto events = message(8, {{kBid, 103, 1}, {kAsk, 101, 0}, {kAsk, 102, 0}, {kAsk, 104, 1}});
  book.apply(events[0]);
  EXPECT_FALSE(book.is_whole());
  EXPECT_TRUE(book.is_crossed());
  EXPECT_EQ(book.seq(), 7u);
  for (std::size_t i = 1; i < events.size(); ++i) book.apply(events[i]);
  EXPECT_TRUE(book.is_whole());
  EXPECT_EQ(book.counts().crossed_messages, 0u);
}

TEST(OrderBook, CountsMessagesThatLeaveItCrossedAndRemovalsOfUnknownLevels) {
  OrderBook book = two_sided();
  apply_all(book, message(8, {{kBid, 101, 1}}));
  EXPECT_TRUE(book.is_crossed());
  apply_all(book, message(9, {{kBid, 101, 0}, {kBid, 42, 0}, {kAsk, 500, 0}}));
  EXPECT_FALSE(book.is_crossed());
  EXPECT_EQ(book.counts().crossed_messages, 1u);
  EXPECT_EQ(book.counts().unknown_removed, 2u);
}

TEST(OrderBook, AMessageWithoutLevelsMovesItsSequenceNumberAlone) {
  OrderBook book = two_sided();
  auto events = message(8, {{kBid, 0, 0}});
  events[0].flags |= kNoLevels;
  apply_all(book, events);
  EXPECT_EQ(book.seq(), 8u);
  EXPECT_EQ(book.bids().size(), 2u);
  EXPECT_EQ(book.counts().unknown_removed, 0u);
}

TEST(OrderBook, LeavesOtherKindsAloneAndForgetsWhenTold) {
  OrderBook book = two_sided();
  Event trade{};
  trade.kind = EventKind::trade;
  book.apply(trade);
  EXPECT_EQ(book.counts().messages, 1u);
  book.clear();
  EXPECT_FALSE(book.best_bid());
  EXPECT_EQ(book.seq(), 0u);
}

}  // namespace
}  // namespace hftsim
