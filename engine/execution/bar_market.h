// What the bar venue holds per instrument: its orders, what is on the way to it, and where its bars stand.
#pragma once

#include <cstdint>
#include <limits>

#include "engine/core/event.h"
#include "engine/core/instrument.h"
#include "engine/execution/order_inbox.h"
#include "engine/execution/volatility_window.h"
#include "engine/execution/working_orders.h"

namespace hftsim {

struct BarMarket {
  static constexpr Timestamp kNever{std::numeric_limits<std::int64_t>::min()};

  BarMarket(InstrumentId instrument_id, const Instrument& instrument_on_grid)
      : id(instrument_id), instrument(instrument_on_grid) {}

  bool quiet() const { return orders.empty() && inbox.empty(); }

  // When the bar began. Irregular bars begin where the previous one closed; the first of them at a time
  // before everything, so that nothing can act on it.
  Timestamp open_ts(const Event& bar) const {
    return instrument.bar_interval.value > 0 ? bar.ts() - instrument.bar_interval : last_ts;
  }

  // A new bar's volume is there to be shared; `participation` 0: without end.
  void offer_volume(const Event& event, double participation) {
    volume = Quantity(event.bar.volume);
    volume_left =
        participation > 0 ? volume * participation : Quantity(std::numeric_limits<double>::infinity());
  }

  void close(const Event& bar) {
    last_ts = bar.ts();
    last_close = Price(bar.bar.close);
  }

  InstrumentId id;
  Instrument instrument;
  WorkingOrders orders;
  OrderInbox inbox;
  VolatilityWindow volatility;  // kept where there is an impact model
  Timestamp last_ts = kNever;   // close of the last bar
  Price last_close;
  Quantity volume{0};       // of the bar at hand
  Quantity volume_left{0};  // of it, what orders may still take
};

}  // namespace hftsim
