#include "tools/trade_reader.h"

#include <cmath>

#include "tools/summary.h"

namespace hftsim {

TradeReader::TradeReader(const std::filesystem::path& journal, Money initial,
                         std::span<const Instrument> instruments)
    : journal_(journal), reader_(journal), account_(initial, instruments), entries_(instruments.size()) {}

void TradeReader::follow(const JournalRecord& record) {
  if (record.instrument >= entries_.size()) return;  // a damaged journal
  if (record.kind == JournalKind::signal) entries_[record.instrument] = {record, 0};
  if (record.kind == JournalKind::order) follow_order(record);
  if (record.kind != JournalKind::report) return;
  const auto kind = static_cast<ReportKind>(record.detail);
  if (kind == ReportKind::accepted && record.parent_id != 0) follow_child(record);
  // A fill is told before its order is forgotten.
  if (kind != ReportKind::filled && (record.flags & kOrderDone) != 0) forget(record.order_id);
}

void TradeReader::follow_order(const JournalRecord& order) {
  if (order.reason != Reason::none) causes_[order.order_id] = order.reason;
  Entry& entry = entries_[order.instrument];
  if (entry.signal.ts_ns == order.ts_ns) entry.order = order.order_id;
}

// A bracket's stop and target take their ids one after the other, at the same instant.
void TradeReader::follow_child(const JournalRecord& accepted) {
  const bool second = accepted.order_id == last_child_.order_id + 1 &&
                      accepted.parent_id == last_child_.parent_id && accepted.time_ns == last_child_.time_ns;
  if (second) exits_[last_child_.order_id] = BracketExit::stop;
  exits_[accepted.order_id] = second ? BracketExit::target : exit_of_lone(accepted);
  last_child_ = accepted;
}

// In a signal's record the price is the target and the quantity the stop.
BracketExit TradeReader::exit_of_lone(const JournalRecord& accepted) const {
  const Entry& entry = entries_[accepted.instrument];
  const bool has_stop = !std::isnan(entry.signal.quantity), has_target = !std::isnan(entry.signal.price);
  if (entry.order != accepted.parent_id || has_stop == has_target) return BracketExit::unclear;
  return has_stop ? BracketExit::stop : BracketExit::target;
}

void TradeReader::forget(OrderId order) {
  causes_.erase(order);
  exits_.erase(order);
}

std::optional<JournalRecord> TradeReader::next_fill() {
  while (true) {
    if (records_.empty()) {
      records_ = reader_.next();
      extent_.add(records_);
    }
    if (records_.empty()) return std::nullopt;
    const JournalRecord record = records_.front();
    records_ = records_.subspan(1);
    follow(record);
    const bool is_report = record.kind == JournalKind::report;
    if (is_report && record.detail == static_cast<std::uint8_t>(ReportKind::filled)) return record;
  }
}

std::optional<Trade> TradeReader::next() {
  const std::optional<JournalRecord> fill = next_fill();
  if (!fill) return std::nullopt;
  require_instrument(fill->instrument, entries_.size(), journal_, "a fill");
  const FillOutcome outcome = account_.apply(report_of(*fill));
  Trade trade;
  trade.fill = *fill;
  trade.realized = outcome.realized;
  trade.closed_something = outcome.closed.value > 0;
  trade.position_after = account_.position(fill->instrument).quantity;
  trade.cash_after = account_.cash();
  if (outcome.round_trip_ended) trade.round_trip = outcome.round_trip.net();
  if (const auto cause = causes_.find(fill->order_id); cause != causes_.end()) trade.cause = cause->second;
  if (const auto exit = exits_.find(fill->order_id); exit != exits_.end()) trade.bracket = exit->second;
  if ((fill->flags & kOrderDone) != 0) forget(fill->order_id);
  return trade;
}

}  // namespace hftsim
