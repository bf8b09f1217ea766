#include "replay/symbol_trades.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "engine/core/errors.h"

namespace hftsim {
namespace {

using namespace trade_model;

constexpr std::size_t kBarsAhead = 64;
constexpr std::size_t kOrderEventsMax = kOrderTradesMax + kSweepPricesMax + 2 * kQuotesPerOrder + 3;
constexpr std::size_t kReadyEvents = 2 * kOrderEventsMax;
static_assert(OrderFlow::kGapMinNs > kSweepPricesMax + 2);

// Of a decimal on the grid, whose double is off by less than half a step.
std::int64_t steps_of(double value, double steps_per_unit) {
  return static_cast<std::int64_t>(value * steps_per_unit + 0.5);
}

BarTicks ticks_of(const Event& bar) {
  constexpr double kTicks = 100, kLots = 100'000;  // per unit
  const BarBody& body = bar.bar;
  return {.open = steps_of(body.open, kTicks),
          .high = steps_of(body.high, kTicks),
          .low = steps_of(body.low, kTicks),
          .close = steps_of(body.close, kTicks),
          .lots = steps_of(body.volume, kLots),
          .trades = bar.trades};
}

std::string stream(const char* what, const std::string& symbol) {
  return std::string("generate/") + what + "/" + symbol;
}

}  // namespace

SymbolTrades::SymbolTrades(std::unique_ptr<EventSource> bars, std::uint64_t seed)
    : bars_(std::move(bars)),
      instrument_(bars_->instruments().front()),
      random_(seed, stream("quotes", instrument_.symbol)),
      flow_(seed, stream("orders", instrument_.symbol)),
      path_(RandomStream(seed, stream("prices", instrument_.symbol))),
      bar_room_(kBarsAhead),
      ready_(kReadyEvents) {
  assert(bars_->instruments().size() == 1);
  instrument_.price_step = kPriceStep;
  instrument_.quantity_step = kQuantityStep;
}

std::size_t SymbolTrades::read(std::span<Event> out) {
  std::size_t count = 0;
  while (count < out.size()) {
    if (ready_begin_ == ready_end_) refill();
    const std::size_t taken = std::min(out.size() - count, ready_end_ - ready_begin_);
    if (taken == 0) break;
    std::copy_n(&ready_[ready_begin_], taken, &out[count]);
    ready_begin_ += taken;
    count += taken;
  }
  return count;
}

// Leaves nothing ready at the end.
void SymbolTrades::refill() {
  ready_begin_ = ready_end_ = 0;
  while (ready_end_ + kOrderEventsMax <= ready_.size()) {
    if (!in_bar_ && !start_bar()) return;
    if (bar_.trades > 0 && flow_.orders_left() > 0) {
      make_order();
    } else {
      ready_[ready_end_++] = bar_event_;
      in_bar_ = false;
    }
  }
}

bool SymbolTrades::start_bar() {
  if (bars_left_.empty()) bars_left_ = std::span(bar_room_).first(bars_->read(bar_room_));
  if (bars_left_.empty()) return false;
  bar_event_ = bars_left_.front();
  bars_left_ = bars_left_.subspan(1);
  bar_ = ticks_of(bar_event_);
  if (!bar_.can_be_traded()) {
    throw BadInput(
        "the bar of " + instrument_.symbol + " that closes at " + std::to_string(bar_event_.ts_ns) + " ns",
        std::to_string(bar_.trades) + " trades of " + std::to_string(bar_.lots) + " lots in all",
        "as many as its prices take, and a lot in each");
  }
  in_bar_ = true;
  const std::int64_t interval_ns = instrument_.bar_interval.value;
  now_ns_ = bar_event_.ts_ns - interval_ns;
  if (bar_.trades == 0) return true;
  flow_.start(bar_, now_ns_, interval_ns);
  path_.start(bar_, flow_.orders_left());
  range_ticks_ = static_cast<double>(bar_.high - bar_.low);
  quote_lots_ = kQuoteSize * static_cast<double>(bar_.lots) / static_cast<double>(bar_.trades);
  return true;
}

void SymbolTrades::make_order() {
  flow_.next(order_);
  if (quote_.seq > 0) refresh_quotes();
  const bool stays = choose_price();
  const bool may_sweep = order_.trades > 1 && flow_.orders_left() > 0;  // the last one ends at the close
  const bool sweeps = may_sweep && random_.uniform() < kSweepShare;
  sweep(sweeps ? std::min<std::size_t>(order_.trades, 2 + random_.below(kSweepPricesMax - 1)) : 1);
  meet_order(stays);
  fill_order();
}

// What happens to the quote until shortly before the order: sizes change, a wide spread closes.
void SymbolTrades::refresh_quotes() {
  const auto count = static_cast<std::int64_t>(random_.below(2 * kQuotesPerOrder + 1));
  const std::int64_t from_ns = now_ns_, span_ns = order_.ts_ns - 1 - from_ns;
  for (std::int64_t i = 1; i <= count; ++i) {
    const std::uint64_t bits = random_.next();
    const bool narrows = static_cast<double>(bits >> 32) * 0x1p-32 < kWideNarrows;
    if ((bits & 1) != 0) {
      quote_.bid_lots = draw_quote_lots();
      if (narrows) quote_.bid_ticks = quote_.ask_ticks - 1;
    } else {
      quote_.ask_lots = draw_quote_lots();
      if (narrows) quote_.ask_ticks = quote_.bid_ticks + 1;
    }
    emit_quote(from_ns + span_ns * i / (count + 1));
  }
}

// Where the order meets the quote: at its standing price (true), or at a new one.
bool SymbolTrades::choose_price() {
  const auto [ticks, pinned] = path_.next();
  const std::int64_t standing = order_.buys ? quote_.ask_ticks : quote_.bid_ticks;
  const bool stays = !pinned && random_.uniform() < kStays && bar_.low <= standing && standing <= bar_.high;
  fills_[0].ticks = stays ? standing : ticks;
  if (stays) return true;
  if (random_.uniform() < kSideFollowsPrice) order_.buys = ticks >= quote_.ask_ticks;
  const std::int64_t spread = draw_spread();
  if (ticks <= spread) order_.buys = false;  // there would be no price left for a bid
  quote_.ask_ticks = order_.buys ? ticks : ticks + spread;
  quote_.bid_ticks = order_.buys ? ticks - spread : ticks;
  return false;
}

// The trades among so many prices, each as far beyond the one before as the bar allows.
void SymbolTrades::sweep(std::size_t prices) {
  fill_count_ = prices;
  std::size_t first = 0;
  for (std::size_t i = 0; i < prices; ++i) {
    Fill& fill = fills_[i];
    if (i > 0) {
      const auto ticks = 1 + static_cast<std::int64_t>(2 * kSweepStep * range_ticks_ * random_.uniform());
      fill.ticks = order_.buys ? std::min(fills_[i - 1].ticks + ticks, bar_.high)
                               : std::max(fills_[i - 1].ticks - ticks, bar_.low);
    }
    const std::size_t end = order_.trades * (i + 1) / prices;
    fill.trades = end - first;
    fill.lots = 0;
    for (; first < end; ++first) fill.lots += order_.lots[first];
  }
}

// The quote as the order finds it: a price that it goes beyond holds what it takes there, the last one more.
void SymbolTrades::quote_fill(std::size_t fill) {
  const std::int64_t lots = fills_[fill].lots;
  const bool last = fill + 1 == fill_count_;
  std::int64_t& quoted = order_.buys ? quote_.ask_lots : quote_.bid_lots;
  (order_.buys ? quote_.ask_ticks : quote_.bid_ticks) = fills_[fill].ticks;
  quoted = last ? std::max(draw_quote_lots(), lots + 1) : lots;
}

// A new quote before the order, unless the one that stands will do.
void SymbolTrades::meet_order(bool stays) {
  const std::int64_t quoted = order_.buys ? quote_.ask_lots : quote_.bid_lots;
  if (stays && fill_count_ == 1 && quoted > fills_[0].lots) return;
  if (!stays) (order_.buys ? quote_.bid_lots : quote_.ask_lots) = draw_quote_lots();
  quote_fill(0);
  emit_quote(order_.ts_ns - 1);
}

void SymbolTrades::fill_order() {
  const std::span<const std::int64_t> sizes = order_.sizes();
  std::size_t first = 0;
  for (std::size_t i = 0; i < fill_count_; ++i) {
    const std::int64_t ts_ns = order_.ts_ns + static_cast<std::int64_t>(i);
    if (i > 0) {
      quote_fill(i);
      emit_quote(ts_ns);
    }
    emit_trades(ts_ns, fills_[i].ticks, sizes.subspan(first, fills_[i].trades));
    first += fills_[i].trades;
  }
  (order_.buys ? quote_.ask_lots : quote_.bid_lots) -= fills_[fill_count_ - 1].lots;
  emit_quote(order_.ts_ns + static_cast<std::int64_t>(fill_count_));
}

std::int64_t SymbolTrades::draw_spread() {
  if (random_.uniform() >= kWideShare) return 1;
  return 1 + static_cast<std::int64_t>(kWideSpread * range_ticks_ * cheap_lognormal(kWideSpreadSd, random_));
}

std::int64_t SymbolTrades::draw_quote_lots() {
  const double u = random_.uniform();
  return 1 + static_cast<std::int64_t>(quote_lots_ * (u * u));
}

// Between two quotes the rest of the book has changed a few times.
void SymbolTrades::emit_quote(std::int64_t ts_ns) {
  quote_.seq += 1 + (random_.next() & 7);
  emit(ts_ns, EventKind::quote).quote = quote_;
}

void SymbolTrades::emit_trades(std::int64_t ts_ns, std::int64_t ticks, std::span<const std::int64_t> sizes) {
  for (const std::int64_t lots : sizes) {
    ++trade_id_;
    Event& event = emit(ts_ns, EventKind::trade);
    if (!order_.buys) event.flags = kBuyerIsMaker;
    event.trade = {ticks, lots, trade_id_, trade_id_, trade_id_};
  }
}

Event& SymbolTrades::emit(std::int64_t ts_ns, EventKind kind) {
  now_ns_ = ts_ns;
  Event& event = ready_[ready_end_++];
  event.ts_ns = ts_ns;
  event.recv_ns = ts_ns;
  event.send_delay_us = 0;
  event.instrument = 0;
  event.kind = kind;
  event.flags = 0;
  return event;
}

}  // namespace hftsim
