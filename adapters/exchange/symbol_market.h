// What the exchange knows of one symbol at one instant: candles, the last trades, the book, the best quote. Events move
// it on, and what they mean for the streams is told to a listener.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "adapters/exchange/depth_message.h"
#include "adapters/exchange/kline_series.h"
#include "adapters/exchange/wire_json.h"
#include "engine/execution/order_book.h"

namespace hftsim::exchange {

class SymbolMarket;

// Told after the state has changed.
class MarketListener {
 public:
  virtual ~MarketListener() = default;
  virtual void on_trade(const SymbolMarket& market, const Event& trade) = 0;
  virtual void on_quote(const SymbolMarket& market, const Event& quote) = 0;
  virtual void on_depth(const SymbolMarket& market, const DepthMessage& message) = 0;
  virtual void on_kline_closed(const SymbolMarket& market, const Kline& kline) = 0;
};

class SymbolMarket {
 public:
  // Throws BadInput where the symbol is not of letters, digits, '_', '-' and '.'.
  SymbolMarket(const Instrument& instrument, Market market, std::size_t trades_kept);

  void apply(const Event& event, MarketListener& listener);
  // Time has come that far: candles close.
  void advance_to(std::int64_t ns, MarketListener& listener);

  const Instrument& instrument() const { return instrument_; }
  const WireFormat& format() const { return format_; }
  const KlineSeries& klines() const { return klines_; }
  const std::deque<Event>& trades() const { return trades_; }  // the oldest first
  const OrderBook& book() const { return book_; }
  // The book is not known: it has changed, and from what comes only with the first snapshot.
  bool awaits_snapshot() const { return !early_.empty(); }
  // Its ids and time; the levels are the book's.
  const DepthMessage& last_depth() const { return last_depth_; }
  const std::optional<Event>& quote() const { return quote_; }

 private:
  void on_trade(const Event& trade, MarketListener& listener);
  void on_book_change(const Event& change, MarketListener& listener);
  void end_message(MarketListener& listener);
  void on_snapshot(const DepthMessage& snapshot, MarketListener& listener);
  void keep_early();
  void apply(std::span<const Event> changes);
  void derive_quote(std::int64_t ts_ns, MarketListener& listener);

  Instrument instrument_;
  WireFormat format_;
  KlineSeries klines_;
  std::size_t trades_kept_;
  std::deque<Event> trades_;
  OrderBook book_;
  DepthMessage last_depth_;
  std::vector<Event> changes_;            // of the message that has not ended
  std::deque<std::vector<Event>> early_;  // messages before the first snapshot: they may belong on it
  std::uint64_t snapshot_seq_ = 0;        // of the last snapshot that the book took
  std::optional<Event> quote_;
  bool has_quotes_ = false;    // the source gives quotes; else they follow from the book
  bool has_snapshot_ = false;  // before the first the book is not known
};

}  // namespace hftsim::exchange
