// A small market as its exchange sends it: the messages of its streams in order, and what REST answers at any point of
// them. Seeded; written from Binance's documents, not from the parser's.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "adapters/live/repair_request.h"
#include "adapters/market.h"
#include "engine/core/event.h"
#include "engine/core/instrument.h"
#include "engine/core/rng.h"

namespace hftsim::test {

class SourceMarket {
 public:
  struct Message {
    std::string text;
    std::int64_t ts_ns;
  };
  using Levels = std::map<std::int64_t, std::int64_t>;  // price to quantity, in steps
  struct Book {
    Levels bids, asks;
    std::uint64_t last_id = 0;
  };

  // One-minute bars, trades, quotes and book changes of each symbol over so many minutes, from kStartNs on.
  SourceMarket(Market market, const std::vector<std::string>& symbols, int minutes, std::uint64_t seed);

  static constexpr std::int64_t kStartNs = 1'704'067'200'000'000'000;
  static constexpr std::uint64_t kFirstTradeId = 1'000;

  const std::vector<Instrument>& instruments() const { return instruments_; }
  const std::vector<Message>& messages() const { return messages_; }
  const std::vector<Event>& bars(InstrumentId id) const { return symbols_[id].bars; }
  const std::vector<Event>& trades(InstrumentId id) const { return symbols_[id].trades; }
  Book book(InstrumentId id) const { return book_at(id, messages_.size()); }

  // What REST says when the first `sent` messages have left.
  live::RepairAnswer answer(const live::RepairRequest& request, std::size_t sent) const;
  std::string snapshot(InstrumentId id, std::size_t sent) const;
  std::int64_t now_ns(std::size_t sent) const;

 private:
  struct BookChange {
    std::size_t message;  // its place
    bool is_bid;
    std::int64_t price, quantity;
    std::uint64_t id;
  };
  struct Symbol {
    std::vector<Event> bars, trades;
    std::vector<BookChange> changes;
    std::uint64_t book_id = 50'000;
    std::int64_t price = 4'200'000;
  };

  void trade(InstrumentId id, std::int64_t ms, RandomStream& random);
  void quote(InstrumentId id, std::int64_t ms);
  void depth(InstrumentId id, std::int64_t ms, RandomStream& random);
  void close_bar(InstrumentId id, std::int64_t close_ms, std::size_t first_trade);
  void send(InstrumentId id, std::int64_t ms, const std::string& stream, const std::string& data);
  Book book_at(InstrumentId id, std::size_t sent) const;

  Market market_;
  std::vector<Instrument> instruments_;
  std::vector<Symbol> symbols_;
  std::vector<Message> messages_;
};

}  // namespace hftsim::test
