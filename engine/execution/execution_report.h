// What the venue says about an order. A report happens at `ts` and is known to the strategy at `known_at`,
// the response latency later.
#pragma once

#include <cstdint>
#include <type_traits>

#include "engine/execution/order.h"
#include "engine/execution/reason.h"

namespace hftsim {

enum class ReportKind : std::uint8_t {
  accepted,   // works at the venue now
  triggered,  // a stop, trailing stop or take-profit became a market or limit order
  filled,     // `quantity` at `price`; `remaining` is what still works
  cancelled,
  rejected,
  expired,
};

enum class Liquidity : std::uint8_t { taker, maker };

struct ExecutionReport {
  OrderId order = 0;
  OrderId parent = 0;
  Timestamp ts;
  Timestamp known_at;
  InstrumentId instrument = 0;
  ReportKind kind = ReportKind::accepted;
  Side side = Side::buy;
  Liquidity liquidity = Liquidity::taker;
  Reason reason = Reason::none;
  bool order_done = false;  // nothing of the order works any more
  Quantity quantity{0};     // filled: by this report, > 0; otherwise what was asked for
  Quantity remaining{0};
  Price price{0};
  Money fee{0};  // > 0 is paid
};
static_assert(std::is_trivially_copyable_v<ExecutionReport>);

}  // namespace hftsim
