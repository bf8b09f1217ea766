// What stands in a market, to be taken: its last quote or its book, less what own orders have taken of it. It is known
// from the first quote or snapshot on, until the connection is lost or something of that stream is missing.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>

#include "engine/core/event.h"
#include "engine/core/instrument.h"
#include "engine/execution/bar_venue_config.h"
#include "engine/execution/order.h"
#include "engine/execution/order_book.h"

namespace hftsim {

// What one side offers to takers.
struct Offers {
  std::span<const BookLevel> levels;  // best first
  Quantity taken{0};                  // by own orders, from the best level on
};

class TickMarket {
 public:
  TickMarket(const Instrument& instrument, FillOn fill_on);

  // True where the event changed what stands. Nothing ever stands where takers are filled on trades.
  bool follow(const Event& event);

  bool is_known() const { return is_known_; }

  // What a taker of that side meets.
  Offers& offers_for(Side taker) { return taker == Side::buy ? asks_ : bids_; }

  Price price_of(const BookLevel& level) const { return Price(price_step_.value(level.price_ticks)); }
  Quantity quantity_of(const BookLevel& level) const {
    return Quantity(quantity_step_.value(level.quantity_lots));
  }

 private:
  void on_quote(const QuoteBody& quote);
  bool on_book_change(const Event& change);
  bool on_mark(const SessionMarkBody& mark);
  void stand(std::span<const BookLevel> bids, std::span<const BookLevel> asks);

  FillOn fill_on_;
  DecimalStep price_step_, quantity_step_;
  std::array<BookLevel, 1> best_bid_{}, best_ask_{};  // FillOn::quotes
  std::optional<OrderBook> book_;                     // FillOn::book
  Offers bids_, asks_;
  bool is_known_ = false;
};

}  // namespace hftsim
