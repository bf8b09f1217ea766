#include "tools/run_tables.h"

#include <algorithm>

#include "adapters/parquet_writer.h"
#include "engine/execution/order_names.h"

namespace hftsim {
namespace {

// Columns of trades.parquet, in order.
enum TradeColumn : std::size_t {
  kTime,
  kKnownAt,
  kSymbol,
  kSide,
  kQuantity,
  kPrice,
  kFee,
  kRealizedPnl,
  kPositionAfter,
  kCashAfter,
  kLiquidity,
  kReason,
  kOrderId,
  kParentId,
};

std::vector<TableColumn> trade_columns() {
  return {{"time", ColumnType::timestamp_ns},
          {"known_at", ColumnType::timestamp_ns},
          {"symbol", ColumnType::text},
          {"side", ColumnType::text},
          {"quantity", ColumnType::float64},
          {"price", ColumnType::float64},
          {"fee", ColumnType::float64},
          {"realized_pnl", ColumnType::float64},
          {"position_after", ColumnType::float64},
          {"cash_after", ColumnType::float64},
          {"liquidity", ColumnType::text},
          {"reason", ColumnType::text},
          {"order_id", ColumnType::int64},
          {"parent_id", ColumnType::int64}};
}

void put(RowBatch& batch, std::size_t row, const Trade& trade, std::span<const Instrument> instruments) {
  const JournalRecord& fill = trade.fill;
  batch.int64(kTime)[row] = fill.time_ns;
  batch.int64(kKnownAt)[row] = fill.ts_ns;
  batch.set_text(kSymbol, row, instruments[fill.instrument].symbol);
  batch.set_text(kSide, row, name_of(fill.side));
  batch.float64(kQuantity)[row] = fill.quantity;
  batch.float64(kPrice)[row] = fill.price;
  batch.float64(kFee)[row] = fill.value;
  batch.float64(kRealizedPnl)[row] = trade.realized.value;
  if (!trade.closed_something) batch.set_null(kRealizedPnl, row);
  batch.float64(kPositionAfter)[row] = trade.position_after.value;
  batch.float64(kCashAfter)[row] = trade.cash_after.value;
  batch.set_text(kLiquidity, row, name_of(report_of(fill).liquidity));
  batch.set_text(kReason, row, trade_reason(trade));
  batch.int64(kOrderId)[row] = static_cast<std::int64_t>(fill.order_id);
  batch.int64(kParentId)[row] = static_cast<std::int64_t>(fill.parent_id);
}

}  // namespace

std::string_view trade_reason(const Trade& trade) {
  switch (trade.bracket) {
    case BracketExit::stop:
      return "bracket_stop";
    case BracketExit::target:
      return "bracket_target";
    case BracketExit::unclear:
      return "bracket";
    case BracketExit::none:
      break;
  }
  return trade.cause == Reason::none ? "signal" : name_of(trade.cause);
}

std::uint64_t write_trades(const std::filesystem::path& path, TradeReader& trades,
                           std::span<const Instrument> instruments) {
  return write_table(path, trade_columns(), [&](RowBatch& batch) {
    std::size_t row = 0;
    for (; row < batch.capacity(); ++row) {
      const std::optional<Trade> trade = trades.next();
      if (!trade) break;
      put(batch, row, *trade, instruments);
    }
    return row;
  });
}

std::uint64_t write_equity(const std::filesystem::path& path, EquitySeries& equity) {
  equity.rewind();
  std::span<const EquityMark> marks;
  return write_table(path,
                     {{"time", ColumnType::timestamp_ns},
                      {"equity", ColumnType::float64},
                      {"benchmark", ColumnType::float64},
                      {"exposure", ColumnType::float64}},
                     [&](RowBatch& batch) {
                       if (marks.empty()) marks = equity.next();
                       const std::size_t count = std::min(marks.size(), batch.capacity());
                       for (std::size_t row = 0; row < count; ++row) {
                         batch.int64(0)[row] = marks[row].ts_ns;
                         batch.float64(1)[row] = marks[row].equity;
                         batch.float64(2)[row] = marks[row].benchmark;
                         batch.float64(3)[row] = marks[row].exposure;
                       }
                       marks = marks.subspan(count);
                       return count;
                     });
}

}  // namespace hftsim
