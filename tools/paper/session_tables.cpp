#include "tools/paper/session_tables.h"

#include "tools/report_data.h"
#include "tools/run_tables.h"
#include "tools/trade_reader.h"

namespace hftsim {

SessionTables::SessionTables(std::span<const Instrument> instruments)
    : instruments_(instruments.begin(), instruments.end()),
      openings_(instruments),
      candles_(instruments.size()) {}

void SessionTables::on_block(const Block& block) {
  for (const Event& event : block.events) {
    if (event.kind != EventKind::bar) continue;
    candles_[event.instrument].add({openings_.open_ns(event), event.bar});
  }
}

void SessionTables::write(const RunDirectory& run, Money initial_capital, EquitySeries& equity) const {
  TradeReader trades(run.journal(), initial_capital, instruments_);
  write_trades(run.trades(), trades, instruments_);
  write_equity(run.equity(), equity);
  write_candles(run.candles(), candles_);
}

}  // namespace hftsim
