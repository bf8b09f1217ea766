#include "replay/symbol_book.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <set>

#include "engine/execution/book_sequencer.h"
#include "engine/execution/order_book.h"
#include "replay/trade_generator.h"
#include "tests/replay/trade_check.h"

namespace hftsim {
namespace {

using Events = std::vector<Event>;

TradeGeneratorOptions options_of(std::uint64_t bars, std::uint64_t seed = 1) {
  TradeGeneratorOptions options;
  options.bars.bars = bars;
  options.bars.seed = seed;
  options.level = TradeLevel::book;
  return options;
}

Events generate(const TradeGeneratorOptions& options) {
  TradeGenerator generator(options);
  return test::read_all(generator);
}

// Calls f(message, quote): a message's changes, and the last quote before it.
template <class Function>
void for_each_message(const Events& events, Function f) {
  std::map<InstrumentId, QuoteBody> quotes;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].kind == EventKind::quote) quotes[events[i].instrument] = events[i].quote;
    if (events[i].kind != EventKind::book_change) begin = i + 1;
    if (events[i].kind != EventKind::book_change || !events[i].has(kMessageEnd)) continue;
    f(std::span(events).subspan(begin, i + 1 - begin), quotes[events[i].instrument]);
    begin = i + 1;
  }
}

class SymbolBooks : public ::testing::TestWithParam<void (*)(BarGeneratorOptions&)> {};

// As an importer checks a real capture.
TEST_P(SymbolBooks, AfterEveryMessageTheBestPricesAreTheQuoteOfItsUpdateId) {
  for (const std::uint64_t seed : {1, 2}) {
    TradeGeneratorOptions options = options_of(20, seed);
    GetParam()(options.bars);
    OrderBook book;
    BookSequencer usdm(BookRules::usdm), spot(BookRules::spot);
    std::size_t messages = 0;
    for_each_message(generate(options), [&](std::span<const Event> message, const QuoteBody& quote) {
      const BookStep step = messages++ == 0 ? BookStep::snapshot : BookStep::apply;
      ASSERT_EQ(usdm.next(message.front()), step);
      ASSERT_EQ(spot.next(message.front()), step);
      for (const Event& change : message) book.apply(change);
      ASSERT_EQ(book.seq(), quote.seq);
      ASSERT_FALSE(book.is_crossed());
      ASSERT_EQ(book.best_bid()->price_ticks, quote.bid_ticks);
      ASSERT_EQ(book.best_bid()->quantity_lots, quote.bid_lots);
      ASSERT_EQ(book.best_ask()->price_ticks, quote.ask_ticks);
      ASSERT_EQ(book.best_ask()->quantity_lots, quote.ask_lots);
      ASSERT_GE(book.asks().size(), 1000u);
      ASSERT_LE(book.asks().size(), 1300u);
      ASSERT_LE(book.bids().size(), 1300u);
    });
    EXPECT_EQ(book.counts().snapshots, 1u);
    EXPECT_EQ(book.counts().unknown_removed, 0u) << "only levels that are there are taken away";
    EXPECT_GT(messages, 100u);
  }
}

INSTANTIATE_TEST_SUITE_P(Markets, SymbolBooks,
                         ::testing::Values([](auto&) {}, [](auto& o) { o.model.jumps_per_day = 1440; },
                                           [](auto& o) {
                                             o.symbols[0].initial_price = 10;
                                             o.symbols[0].trades_per_minute = 100;
                                             o.bars = 300;
                                           }));

TEST(SymbolBook, AMessageIsOneWholeAndComesAtATenthOfASecond) {
  std::size_t messages = 0;
  for_each_message(generate(options_of(5)), [&](std::span<const Event> message, const QuoteBody&) {
    std::set<std::pair<bool, std::int64_t>> prices;
    for (const Event& change : message) {
      ASSERT_EQ(change.ts_ns, message.front().ts_ns);
      ASSERT_EQ(change.book.seq, message.front().book.seq);
      ASSERT_EQ(change.book.seq_first, message.front().book.seq_first);
      ASSERT_EQ(change.book.seq_previous, message.front().book.seq_previous);
      ASSERT_LE(change.book.seq_first, change.book.seq);
      ASSERT_EQ(change.has(kSnapshot), messages == 0);
      ASSERT_TRUE(prices.emplace(change.has(kBidSide), change.book.price_ticks).second)
          << "a price comes once";
    }
    if (messages++ > 0) {
      ASSERT_EQ(message.front().ts_ns % SymbolBook::kMessageSpanNs, 0);
    }
  });
  EXPECT_GT(messages, 1000u);
}

TEST(SymbolBook, TheSnapshotHasAThousandLevelsASide) {
  std::size_t bids = 0, asks = 0;
  for (const Event& event : generate(options_of(1))) {
    if (event.kind != EventKind::book_change || !event.has(kSnapshot)) continue;
    ++(event.has(kBidSide) ? bids : asks);
  }
  EXPECT_EQ(bids, 1001u);
  EXPECT_EQ(asks, 1001u);
}

TEST(SymbolBook, LeavesQuotesTradesAndBarsAsTheyAre) {
  TradeGeneratorOptions trades = options_of(4);
  trades.level = TradeLevel::trades;
  Events others;
  for (const Event& event : generate(options_of(4)))
    if (event.kind != EventKind::book_change) others.push_back(event);
  const Events expected = generate(trades);
  ASSERT_EQ(others.size(), expected.size());
  EXPECT_EQ(std::memcmp(others.data(), expected.data(), others.size() * sizeof(Event)), 0);
}

TEST(SymbolBook, ChangesAreFewEnoughToReplay) {
  std::size_t changes = 0, messages = 0;
  for_each_message(generate(options_of(20)), [&](std::span<const Event> message, const QuoteBody&) {
    if (messages++ > 0) changes += message.size();
  });
  const double mean = static_cast<double>(changes) / static_cast<double>(messages);
  EXPECT_GT(mean, 8);  // real diffs of 100 ms, spot: median 16
  EXPECT_LT(mean, 60);
}

}  // namespace
}  // namespace hftsim
