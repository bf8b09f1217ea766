#include "engine/execution/order_names.h"

namespace hftsim {

std::string_view name_of(Side side) {
  return side == Side::buy ? "buy" : "sell";
}

std::string_view name_of(OrderType type) {
  switch (type) {
    case OrderType::market:
      return "market";
    case OrderType::limit:
      return "limit";
    case OrderType::stop:
      return "stop";
    case OrderType::stop_limit:
      return "stop_limit";
    case OrderType::trailing_stop:
      return "trailing_stop";
    case OrderType::take_profit:
      return "take_profit";
  }
  return "";
}

std::string_view name_of(TimeInForce time_in_force) {
  switch (time_in_force) {
    case TimeInForce::gtc:
      return "gtc";
    case TimeInForce::ioc:
      return "ioc";
    case TimeInForce::fok:
      return "fok";
    case TimeInForce::gtd:
      return "gtd";
  }
  return "";
}

std::string_view name_of(QuantityRule rule) {
  switch (rule) {
    case QuantityRule::fixed:
      return "fixed";
    case QuantityRule::target_weight:
      return "target_weight";
    case QuantityRule::close_position:
      return "close_position";
  }
  return "";
}

std::string_view name_of(ReportKind kind) {
  switch (kind) {
    case ReportKind::accepted:
      return "accepted";
    case ReportKind::triggered:
      return "triggered";
    case ReportKind::filled:
      return "filled";
    case ReportKind::cancelled:
      return "cancelled";
    case ReportKind::rejected:
      return "rejected";
    case ReportKind::expired:
      return "expired";
  }
  return "";
}

std::string_view name_of(Liquidity liquidity) {
  return liquidity == Liquidity::maker ? "maker" : "taker";
}

}  // namespace hftsim
