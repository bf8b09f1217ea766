// The names of what an order and a report are made of, as journal, report and config write them.
#pragma once

#include <string_view>

#include "engine/execution/execution_report.h"
#include "engine/execution/order.h"

namespace hftsim {

std::string_view name_of(Side side);
std::string_view name_of(OrderType type);
std::string_view name_of(TimeInForce time_in_force);
std::string_view name_of(QuantityRule rule);
std::string_view name_of(ReportKind kind);
std::string_view name_of(Liquidity liquidity);

}  // namespace hftsim
