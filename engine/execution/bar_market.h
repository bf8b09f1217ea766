// What the bar venue holds per instrument: its orders, what is on the way to it, and where its bars stand.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "engine/core/event.h"
#include "engine/core/instrument.h"
#include "engine/execution/order_inbox.h"
#include "engine/execution/venue.h"
#include "engine/execution/volatility_window.h"
#include "engine/execution/working_orders.h"

namespace hftsim {

struct BarMarket {
  BarMarket(InstrumentId instrument_id, const Instrument& instrument_on_grid, NotedBar& last_bar)
      : id(instrument_id), instrument(instrument_on_grid), last(last_bar) {}

  bool quiet() const { return orders.empty() && inbox.empty(); }

  // When the bar began. Irregular bars begin where the previous one closed; the first of them at a time
  // before everything, so that nothing can act on it.
  Timestamp open_ts(const Event& bar) const {
    return instrument.bar_interval.value > 0 ? bar.ts() - instrument.bar_interval : last.ts;
  }

  // The last bar's volume is there to be shared; `participation` 0: without end.
  void offer_volume(double participation) {
    last.offered = true;
    volume_left =
        participation > 0 ? last.volume * participation : Quantity(std::numeric_limits<double>::infinity());
  }

  InstrumentId id;
  Instrument instrument;
  WorkingOrders orders;
  OrderInbox inbox;
  VolatilityWindow volatility;  // kept where there is an impact model
  NotedBar& last;
  Quantity volume_left{0};  // of the bar at hand, what orders may still take
};

// One per instrument; `bars` outlives them and has as many.
inline std::vector<BarMarket> make_bar_markets(std::span<const Instrument> instruments,
                                               std::span<NotedBar> bars) {
  std::vector<BarMarket> markets;
  markets.reserve(instruments.size());
  for (const Instrument& instrument : instruments) {
    markets.emplace_back(static_cast<InstrumentId>(markets.size()), instrument, bars[markets.size()]);
  }
  return markets;
}

}  // namespace hftsim
