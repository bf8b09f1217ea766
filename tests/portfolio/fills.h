// Reports of fills for the tests of this folder.
#pragma once

#include "engine/execution/execution_report.h"

namespace hftsim {

inline ExecutionReport fill_of(Side side, double quantity, double price, double fee = 0,
                               InstrumentId instrument = 0, std::int64_t ts_ns = 0) {
  ExecutionReport fill;
  fill.kind = ReportKind::filled;
  fill.side = side;
  fill.quantity = Quantity(quantity);
  fill.price = Price(price);
  fill.fee = Money(fee);
  fill.instrument = instrument;
  fill.ts = Timestamp(ts_ns);
  return fill;
}

}  // namespace hftsim
