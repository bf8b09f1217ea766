#include "adapters/exchange/symbol_market.h"

#include <algorithm>

#include "engine/core/errors.h"

namespace hftsim::exchange {
namespace {

constexpr std::size_t kEarlyMessages = 4'096;  // minutes of the fastest stream

bool is_symbol_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.';
}

const Instrument& checked(const Instrument& instrument) {
  const std::string& symbol = instrument.symbol;
  if (symbol.empty() || !std::ranges::all_of(symbol, is_symbol_character)) {
    throw BadInput("symbol", "'" + symbol + "'", "letters, digits, '_', '-' and '.'");
  }
  return instrument;
}

bool has_same_best(const QuoteBody& a, const QuoteBody& b) {
  return a.bid_ticks == b.bid_ticks && a.bid_lots == b.bid_lots && a.ask_ticks == b.ask_ticks &&
         a.ask_lots == b.ask_lots;
}

}  // namespace

SymbolMarket::SymbolMarket(const Instrument& instrument, Market market, std::size_t trades_kept)
    : instrument_(checked(instrument)),
      format_(instrument, market),
      klines_(instrument),
      trades_kept_(trades_kept) {}

void SymbolMarket::advance_to(std::int64_t ns, MarketListener& listener) {
  klines_.advance_to(ns, [&](const Kline& kline) { listener.on_kline_closed(*this, kline); });
}

void SymbolMarket::apply(const Event& event, MarketListener& listener) {
  switch (event.kind) {
    case EventKind::trade:
      return on_trade(event, listener);
    case EventKind::book_change:
      return on_book_change(event, listener);
    case EventKind::quote:
      has_quotes_ = true;
      quote_ = event;
      return listener.on_quote(*this, event);
    case EventKind::bar:
      return klines_.on_bar(event, [&](const Kline& kline) { listener.on_kline_closed(*this, kline); });
    case EventKind::timer:
    case EventKind::session_mark:
      return;
  }
}

void SymbolMarket::on_trade(const Event& trade, MarketListener& listener) {
  klines_.on_trade(trade, [&](const Kline& kline) { listener.on_kline_closed(*this, kline); });
  if (trades_.size() == trades_kept_) trades_.pop_front();
  trades_.push_back(trade);
  listener.on_trade(*this, trade);
}

void SymbolMarket::on_book_change(const Event& change, MarketListener& listener) {
  changes_.push_back(change);
  if (!change.has(kMessageEnd)) return;
  end_message(listener);
  changes_.clear();
}

// Every message goes to the streams, as at the exchange; the book takes those that follow on its snapshot.
void SymbolMarket::end_message(MarketListener& listener) {
  DepthMessage message = depth_message(changes_);
  if (changes_.front().has(kSnapshot)) return on_snapshot(message, listener);
  if (message.previous == 0) message.previous = last_depth_.last;
  if (!has_snapshot_) keep_early();
  if (has_snapshot_ && message.last > book_.seq()) apply(changes_);
  listener.on_depth(*this, message);
  derive_quote(message.ts_ns, listener);
  last_depth_ = std::move(message);
}

void SymbolMarket::keep_early() {
  early_.push_back(changes_);
  if (early_.size() > kEarlyMessages) early_.pop_front();
}

// Clients that follow the book are given what turns it into the new one. In the order of receipt a snapshot comes
// behind messages that belong on top of it: the first one is given them, a later one is older than the book.
void SymbolMarket::on_snapshot(const DepthMessage& snapshot, MarketListener& listener) {
  const bool is_first = !has_snapshot_;
  if (!is_first && snapshot.last > snapshot_seq_ && snapshot.last < book_.seq()) return;
  has_snapshot_ = true;
  snapshot_seq_ = snapshot.last;
  const OrderBook before = book_;
  apply(changes_);
  for (const std::vector<Event>& message : early_) {
    if (message.front().book.seq > book_.seq()) apply(message);
  }
  early_.clear();
  DepthMessage message = difference(before, book_);
  message.ts_ns = snapshot.ts_ns;
  message.sent_ns = snapshot.sent_ns;
  if (!is_first && message.last > message.previous) listener.on_depth(*this, message);
  derive_quote(snapshot.ts_ns, listener);
  if (snapshot.last > last_depth_.last) last_depth_ = std::move(message);
}

void SymbolMarket::apply(std::span<const Event> changes) {
  for (const Event& change : changes) book_.apply(change);
}

void SymbolMarket::derive_quote(std::int64_t ts_ns, MarketListener& listener) {
  const std::optional<BookLevel> bid = book_.best_bid(), ask = book_.best_ask();
  if (has_quotes_ || !bid || !ask) return;
  Event quote{};
  quote.ts_ns = quote.recv_ns = ts_ns;
  quote.instrument = changes_.front().instrument;
  quote.kind = EventKind::quote;
  quote.quote = {bid->price_ticks, bid->quantity_lots, ask->price_ticks, ask->quantity_lots, book_.seq()};
  if (quote_ && has_same_best(quote_->quote, quote.quote)) return;
  quote_ = quote;
  listener.on_quote(*this, quote);
}

}  // namespace hftsim::exchange
