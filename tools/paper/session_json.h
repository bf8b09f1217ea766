// The dashboard's JSON (docs/paper-trading.md): what SessionView tells a browser, read by web/src/dashboard/contract.ts.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "tools/paper/session_state.h"

namespace hftsim {

// What changed between two updates.
struct SessionChanges {
  struct Candle {
    InstrumentId instrument;
    ViewCandle candle;
  };
  std::vector<Candle> candles;
  std::vector<ViewTrade> trades;
  std::vector<ViewSignal> signals;
  std::vector<ViewOrder> orders;
  std::vector<ViewFill> fills;
  std::vector<ViewEquity> equity;
  std::vector<ViewLine> log;
};

// Takes the marks of change off `state`.
SessionChanges take_changes(SessionState& state);

nlohmann::json state_json(const SessionInfo& info, const SessionState& state);
nlohmann::json update_json(const SessionInfo& info, const SessionChanges& changes);  // without the state
nlohmann::json snapshot_json(const SessionInfo& info, const SessionState& state);

}  // namespace hftsim
