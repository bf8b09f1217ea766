// The tables that a run keeps, of a session: fills, equity and candles, so that its folder is one that `hftsim report` and
// `hftsim verify` read. Candles are gathered as the bars come, in bounded memory.
#pragma once

#include <span>
#include <vector>

#include "engine/core/instrument.h"
#include "engine/portfolio/equity_series.h"
#include "tools/bar_openings.h"
#include "tools/candle.h"
#include "tools/paper/live_status.h"
#include "tools/run_directory.h"

namespace hftsim {

class SessionTables final : public SessionWatcher {
 public:
  explicit SessionTables(std::span<const Instrument> instruments);

  void on_block(const Block& block) override;
  void on_journal(std::span<const JournalRecord>) override {}
  void on_marks(std::span<const EquityMark>) override {}
  void on_status(const LiveStatus&) override {}

  // After the session's end, whose journal is in `run`. Throws IoFailure.
  void write(const RunDirectory& run, Money initial_capital, EquitySeries& equity) const;

 private:
  std::vector<Instrument> instruments_;
  BarOpenings openings_;
  std::vector<Candles> candles_;
};

}  // namespace hftsim
