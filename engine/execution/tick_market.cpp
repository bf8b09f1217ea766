#include "engine/execution/tick_market.h"

namespace hftsim {
namespace {

EventKind stream_of(FillOn fill_on) {
  return fill_on == FillOn::book ? EventKind::book_change : EventKind::quote;
}

}  // namespace

TickMarket::TickMarket(const Instrument& instrument, FillOn fill_on)
    : fill_on_(fill_on), price_step_(instrument.price_step), quantity_step_(instrument.quantity_step) {
  if (fill_on == FillOn::book) book_.emplace();
}

bool TickMarket::follow(const Event& event) {
  if (fill_on_ == FillOn::trades) return false;
  if (event.kind == EventKind::session_mark) return on_mark(event.session);
  if (event.kind != stream_of(fill_on_)) return false;
  if (event.kind == EventKind::book_change) return on_book_change(event);
  on_quote(event.quote);
  return true;
}

// A side without a size has nothing.
void TickMarket::on_quote(const QuoteBody& quote) {
  best_bid_ = {BookLevel{quote.bid_ticks, quote.bid_lots}};
  best_ask_ = {BookLevel{quote.ask_ticks, quote.ask_lots}};
  is_known_ = true;
  stand(std::span(best_bid_).first(quote.bid_lots > 0 ? 1 : 0),
        std::span(best_ask_).first(quote.ask_lots > 0 ? 1 : 0));
}

// Until a snapshot has come nothing is known of the book, and between two states nothing changes for takers; the levels
// may have moved in memory all the same.
bool TickMarket::on_book_change(const Event& change) {
  is_known_ = is_known_ || change.has(kSnapshot);
  if (!is_known_) return false;
  book_->apply(change);
  if (!book_->is_whole()) return false;
  stand(book_->bids(), book_->asks());
  return true;
}

bool TickMarket::on_mark(const SessionMarkBody& mark) {
  const bool is_lost =
      mark.mark == SessionMark::disconnected ||
      (mark.mark == SessionMark::gap && mark.stream == static_cast<std::uint32_t>(stream_of(fill_on_)));
  if (!is_lost) return false;
  is_known_ = false;
  if (book_) book_->clear();
  stand({}, {});
  return true;
}

void TickMarket::stand(std::span<const BookLevel> bids, std::span<const BookLevel> asks) {
  bids_ = {bids, Quantity(0)};
  asks_ = {asks, Quantity(0)};
}

}  // namespace hftsim
