#include "tools/paper/session_state.h"

#include <algorithm>
#include <array>

namespace hftsim {
namespace {

constexpr std::int64_t kNsPerMs = 1'000'000;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

constexpr std::array<std::string_view, 6> kOrderTypes = {"market",     "limit",         "stop",
                                                         "stop limit", "trailing stop", "take profit"};

// The candle that begins at `open_ms`, made where there is none; null where it lies before all that are kept.
ViewCandle* candle_at(std::deque<ViewCandle>& candles, std::int64_t open_ms) {
  auto after = candles.end();
  while (after != candles.begin() && std::prev(after)->open_ms > open_ms) --after;
  if (after != candles.begin() && std::prev(after)->open_ms == open_ms) return &*std::prev(after);
  if (candles.size() == kViewCandles) {
    if (after == candles.begin()) return nullptr;
    const auto place = std::distance(candles.begin(), after) - 1;
    candles.pop_front();
    after = candles.begin() + place;
  }
  return &*candles.insert(after, ViewCandle{.open_ms = open_ms});
}

// Irregular bars begin where the one before closed, which nobody knows of the first.
std::int64_t open_ms_of(std::int64_t ts_ns, const Instrument& instrument, bool is_close) {
  const std::int64_t interval = instrument.bar_interval.value;
  if (interval <= 0) return ts_ns / kNsPerMs;
  return (is_close ? ts_ns - interval : ts_ns - ts_ns % interval) / kNsPerMs;
}

std::string_view status_of(const ExecutionReport& report) {
  switch (report.kind) {
    case ReportKind::accepted:
      return "working";
    case ReportKind::triggered:
      return "triggered";
    case ReportKind::filled:
      return report.order_done ? "filled" : "partly filled";
    case ReportKind::cancelled:
      return "cancelled";
    case ReportKind::rejected:
      return "rejected";
    case ReportKind::expired:
      return "expired";
  }
  return "unknown";
}

double drawdown_pct(double equity, double peak) {
  return peak > 0 ? std::max(0.0, (1 - equity / peak) * 100) : 0;
}

}  // namespace

SessionState::SessionState(const SessionInfo& info)
    : symbols(info.instruments.size()),
      account(Money(info.initial_capital), info.instruments),
      peak(info.initial_capital) {}

void SessionState::add(const Block& block, const SessionInfo& info) {
  for (std::size_t i = 0; i < block.events.size(); ++i) {
    const Event& event = block.events[i];
    if (event.instrument >= symbols.size()) continue;
    const Instrument& instrument = info.instruments[event.instrument];
    if (event.kind == EventKind::trade && !event.has(kOffBook)) add_trade(event, instrument);
    if (event.kind != EventKind::bar) continue;
    add_bar(event, instrument);
    add_row(block, i, event);
  }
}

void SessionState::add_trade(const Event& event, const Instrument& instrument) {
  ViewSymbol& symbol = symbols[event.instrument];
  const double price = instrument.price_step.value(event.trade.price_ticks);
  const double quantity = instrument.quantity_step.value(event.trade.quantity_lots);
  symbol.trades.add({event.ts_ns / kNsPerMs, event.instrument, price, quantity,
                     event.has(kBuyerIsMaker) ? Side::sell : Side::buy});
  symbol.last_price = price;
  account.mark(event.instrument, Price(price));
  if (instrument.bar_interval.value <= 0) return;
  const std::int64_t open_ms = open_ms_of(event.ts_ns, instrument, false);
  if (!symbol.candles.empty() && open_ms < symbol.candles.back().open_ms) return;
  ViewCandle& candle = *candle_at(symbol.candles, open_ms);
  if (candle.closed) return;
  const bool is_first = candle.open == 0;
  if (is_first) candle.open = price;
  candle.high = is_first ? price : std::max(candle.high, price);
  candle.low = is_first ? price : std::min(candle.low, price);
  candle.close = price;
  candle.volume += quantity;
  candle.changed = true;
}

void SessionState::add_bar(const Event& event, const Instrument& instrument) {
  ViewSymbol& symbol = symbols[event.instrument];
  ViewCandle* candle = candle_at(symbol.candles, open_ms_of(event.ts_ns, instrument, true));
  if (candle == nullptr) return;
  const BarBody& bar = event.bar;
  *candle = {candle->open_ms, bar.open, bar.high, bar.low, bar.close, bar.volume, true, true};
  // A trade of the next bar has come before this one.
  if (candle != &symbol.candles.back()) return;
  symbol.last_price = bar.close;
  account.mark(event.instrument, Price(bar.close));
}

void SessionState::add_row(const Block& block, std::size_t event, const Event& bar) {
  if (block.row_of.size() <= event || block.row_of[event] == kNoRow) return;
  const std::uint32_t row = block.row_of[event];
  ViewSymbol& symbol = symbols[bar.instrument];
  symbol.features.resize(block.feature_count);
  for (std::uint32_t f = 0; f < block.feature_count; ++f) symbol.features[f] = block.feature(f, row);
  symbol.probability = row < block.predictions.size() ? block.predictions[row] : kNone;
}

void SessionState::add(std::span<const JournalRecord> records) {
  halt.write(records);
  for (const JournalRecord& record : records) {
    if (record.instrument >= symbols.size()) continue;
    const ViewSymbol& symbol = symbols[record.instrument];
    const std::int64_t ts_ms = record.ts_ns / kNsPerMs;
    if (record.kind == JournalKind::signal) {
      signals.add({ts_ms, record.instrument, static_cast<SignalSide>(record.detail), record.value,
                   symbol.probability, symbol.last_price});
    } else if (record.kind == JournalKind::order || record.kind == JournalKind::refusal) {
      add_order(record);
    } else if (record.kind == JournalKind::report) {
      add_report(record);
    }
  }
}

void SessionState::add_order(ViewOrder order) {
  order.row = ++order_rows;
  if (orders.size() == kViewRows) orders.pop_front();
  orders.push_back(order);
}

void SessionState::add_order(const JournalRecord& record) {
  const bool is_refused = record.kind == JournalKind::refusal;
  ViewOrder order{.row = 0,
                  .ts_ms = record.ts_ns / kNsPerMs,
                  .id = is_refused ? 0 : record.order_id,
                  .instrument = record.instrument,
                  .side = record.side,
                  .type = is_refused ? "order" : kOrderTypes[std::min<std::size_t>(record.detail, 5)],
                  .status = is_refused ? "refused" : "sent",
                  .quantity = is_refused ? 0 : record.quantity,
                  .filled = 0,
                  .price = is_refused || record.price == 0 ? kNone : record.price,
                  .reason = record.reason,
                  .changed = true};
  add_order(order);
}

void SessionState::add_report(const JournalRecord& record) {
  const ExecutionReport report = report_of(record);
  auto& rows = orders;
  auto order = std::find_if(rows.rbegin(), rows.rend(),
                            [&](const ViewOrder& one) { return one.id == report.order && one.id != 0; });
  if (order == rows.rend()) {  // what the venue made itself, or too long ago
    add_order({0, record.ts_ns / kNsPerMs, report.order, report.instrument, report.side, "bracket", "",
               report.quantity.value, 0, kNone, Reason::none, true});
    order = rows.rbegin();
  }
  order->status = status_of(report);
  order->reason = report.reason;
  order->changed = true;
  if (report.kind != ReportKind::filled) return;
  order->filled += report.quantity.value;
  account.apply(report);
  fills.add({record.ts_ns / kNsPerMs, report.order, report.instrument, report.side, report.liquidity,
             report.quantity.value, report.price.value, report.fee.value});
}

void SessionState::add(std::span<const EquityMark> marks) {
  for (const EquityMark& mark : marks) {
    peak = std::max(peak, mark.equity);
    const ViewEquity point{mark.ts_ns / kNsPerMs, mark.equity, drawdown_pct(mark.equity, peak)};
    equity.add(point);
    fresh_equity.add(point);
  }
}

void SessionState::follow_equity() {
  peak = std::max(peak, account.equity().value);
}

}  // namespace hftsim
