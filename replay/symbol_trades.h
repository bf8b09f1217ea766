// The bars of one instrument with what happened inside them: quotes and trades, then the bar at its close. The trades
// of a bar add up to its open, high, low, close, volume and number of trades, exactly.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "engine/runtime/event_source.h"
#include "replay/order_flow.h"
#include "replay/tick_path.h"

namespace hftsim {

// A trade of a bar has open <= ts < close: one at the very instant between two bars would belong to the later one
// (as on Binance); none comes there. It prints at the bid or the ask of the last quote before it, and takes no more
// than was quoted. Bid < ask always. Trade ids count up by one, the update ids of quotes by some.
class SymbolTrades final : public EventSource {
 public:
  // The grid of what is generated: ticks of 0.01, lots of 0.00001.
  static constexpr DecimalStep kPriceStep{1, 2};
  static constexpr DecimalStep kQuantityStep{1, 5};

  // `bars`: of one instrument, on the grid, of any source. Random streams: "generate/orders/NAME" and the like.
  SymbolTrades(std::unique_ptr<EventSource> bars, std::uint64_t seed);

  std::span<const Instrument> instruments() const override { return {&instrument_, 1}; }
  // Allocates nothing. Throws BadInput for a bar that no trades can make: fewer than its prices take, less volume.
  std::size_t read(std::span<Event> out) override;

 private:
  // One price of those that an order takes.
  struct Fill {
    std::int64_t ticks;
    std::size_t trades;
    std::int64_t lots;
  };

  void refill();
  bool start_bar();
  void make_order();
  void refresh_quotes();
  bool choose_price();
  void meet_order(bool stays);
  void fill_order();
  void sweep(std::size_t prices);
  void quote_fill(std::size_t fill);
  std::int64_t draw_spread();
  std::int64_t draw_quote_lots();
  void emit_quote(std::int64_t ts_ns);
  void emit_trades(std::int64_t ts_ns, std::int64_t ticks, std::span<const std::int64_t> sizes);
  Event& emit(std::int64_t ts_ns, EventKind kind);

  std::unique_ptr<EventSource> bars_;
  Instrument instrument_;
  RandomStream random_;
  OrderFlow flow_;
  TickPath path_;

  std::vector<Event> bar_room_;
  std::span<const Event> bars_left_;
  Event bar_event_{};  // whose trades are being made
  BarTicks bar_;
  bool in_bar_ = false;

  AggressorOrder order_;
  std::array<Fill, trade_model::kSweepPricesMax> fills_{};
  std::size_t fill_count_ = 0;
  double quote_lots_ = 0;   // scale of what is quoted
  double range_ticks_ = 0;  // of the bar
  QuoteBody quote_{};
  std::int64_t now_ns_ = 0;  // of the last event
  std::uint64_t trade_id_ = 0;

  std::vector<Event> ready_;
  std::size_t ready_begin_ = 0, ready_end_ = 0;
};

}  // namespace hftsim
