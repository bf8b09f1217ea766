#include "adapters/exchange/symbol_market.h"

#include <gtest/gtest.h>

#include "tests/adapters/exchange/exchange_events.h"

namespace hftsim::exchange {
namespace {

using namespace test;

using Messages = std::vector<std::vector<Event>>;

const std::vector<Event> kSnapshotAt5 =
    book_message(30 * kMs, 5, 5, 0, {{true, 999, 5}, {true, 998, 5}, {false, 1'001, 5}}, kSnapshot);
const std::vector<Event> kUpTo5 = book_message(10 * kMs, 4, 5, 3, {{true, 999, 4}});
const std::vector<Event> kUpTo6 = book_message(20 * kMs, 6, 6, 5, {{true, 999, 6}});
const std::vector<Event> kUpTo8 = book_message(40 * kMs, 7, 8, 6, {{true, 998, 0}});

MarketFeed feed_of_messages(const Messages& messages) {
  std::vector<Event> events;
  std::int64_t ns = 0;
  for (const std::vector<Event>& message : messages) {
    ns += kMs;
    for (Event event : message) {
      event.ts_ns = event.recv_ns = ns;
      events.push_back(event);
    }
  }
  return feed_of(std::move(events));
}

void expect_book(const Messages& messages, std::uint64_t seq, const std::vector<BookLevel>& bids) {
  MarketFeed feed = feed_of_messages(messages);
  feed.advance(kMin, SIZE_MAX);
  const OrderBook& book = feed.find("BTCUSDT")->book();
  EXPECT_EQ(book.seq(), seq);
  EXPECT_EQ(std::vector<BookLevel>(book.bids().begin(), book.bids().end()), bids);
}

TEST(SymbolMarket, PutsTheMessagesThatWereReceivedBeforeTheFirstSnapshotOnTopOfIt) {
  expect_book({kSnapshotAt5, kUpTo6, kUpTo8}, 8, {{999, 6}});
  expect_book({kUpTo5, kUpTo6, kSnapshotAt5, kUpTo8}, 8, {{999, 6}});
  expect_book({kUpTo5, kUpTo6, kUpTo8, kSnapshotAt5}, 8, {{999, 6}});
  expect_book({kUpTo5, kSnapshotAt5}, 5, {{999, 5}, {998, 5}});
}

TEST(SymbolMarket, KeepsABookThatIsAheadOfALaterSnapshot) {
  const std::vector<Event> first = book_message(0, 3, 3, 0, {{true, 999, 3}, {true, 998, 5}}, kSnapshot);
  expect_book({first, kUpTo5, kUpTo6, kSnapshotAt5, kUpTo8}, 8, {{999, 6}});
}

TEST(SymbolMarket, TakesASnapshotOfAStreamThatBeginsAnew) {
  const std::vector<Event> other = book_message(0, 2, 2, 0, {{true, 990, 1}}, kSnapshot);
  expect_book({kSnapshotAt5, kUpTo6, other, book_message(0, 3, 3, 2, {{true, 991, 1}})}, 3,
              {{991, 1}, {990, 1}});
}

}  // namespace
}  // namespace hftsim::exchange
