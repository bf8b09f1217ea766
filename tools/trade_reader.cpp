#include "tools/trade_reader.h"

#include "engine/core/errors.h"

namespace hftsim {

TradeReader::TradeReader(const std::filesystem::path& journal, Money initial,
                         std::span<const Instrument> instruments)
    : journal_(journal), reader_(journal), account_(initial, instruments), instruments_(instruments.size()) {}

void TradeReader::follow_order(const JournalRecord& record) {
  if (record.kind == JournalKind::order && record.reason != Reason::none) {
    causes_[record.order_id] = record.reason;
  }
}

std::optional<JournalRecord> TradeReader::next_fill() {
  while (true) {
    if (records_.empty()) records_ = reader_.next();
    if (records_.empty()) return std::nullopt;
    const JournalRecord record = records_.front();
    records_ = records_.subspan(1);
    follow_order(record);
    const bool is_report = record.kind == JournalKind::report;
    if (is_report && record.detail == static_cast<std::uint8_t>(ReportKind::filled)) return record;
  }
}

std::optional<Trade> TradeReader::next() {
  const std::optional<JournalRecord> fill = next_fill();
  if (!fill) return std::nullopt;
  if (fill->instrument >= instruments_) {
    throw BadInput(journal_.string(), "a fill of instrument " + std::to_string(fill->instrument),
                   "one of the " + std::to_string(instruments_) +
                       " (from 0) that data.instruments of summary.json names");
  }
  const FillOutcome outcome = account_.apply(report_of(*fill));
  Trade trade;
  trade.fill = *fill;
  trade.realized = outcome.realized;
  trade.closed_something = outcome.closed.value > 0;
  trade.position_after = account_.position(fill->instrument).quantity;
  trade.cash_after = account_.cash();
  if (const auto cause = causes_.find(fill->order_id); cause != causes_.end()) {
    trade.cause = cause->second;
    if ((fill->flags & kOrderDone) != 0) causes_.erase(cause);
  }
  return trade;
}

}  // namespace hftsim
