// Orders: what a strategy asks for (OrderRequest) and what travels to the venue (Order).
#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>

#include "engine/core/event.h"
#include "engine/core/units.h"
#include "engine/execution/target_weight.h"

namespace hftsim {

using OrderId = std::uint64_t;  // from 1 in the order of submission; 0: none

enum class Side : std::uint8_t { buy, sell };
constexpr double sign_of(Side side) {
  return side == Side::buy ? 1.0 : -1.0;
}
constexpr Side opposite(Side side) {
  return side == Side::buy ? Side::sell : Side::buy;
}

enum class OrderType : std::uint8_t {
  market,
  limit,          // at `limit` or better
  stop,           // becomes a market order once the price reaches `stop`
  stop_limit,     // becomes a limit order at `limit` once the price reaches `stop`
  trailing_stop,  // a stop that follows the best price seen at a distance of `trail`
  take_profit,    // becomes a market order once the price reaches `stop` from the other side than a stop
};

enum class TimeInForce : std::uint8_t {
  gtc,  // until filled or cancelled
  ioc,  // what fills at the first chance; the rest is cancelled
  fok,  // all of it at the first chance, or nothing
  gtd,  // until `expire`
};

// How much. `fixed` is known when the order is sent; the others are worked out at the fill, from the account
// as it is then, at the fill price.
enum class QuantityRule : std::uint8_t {
  fixed,           // `quantity`
  target_weight,   // what takes the position to `target_weight` of equity (negative: short)
  close_position,  // the whole position, where it is against `side`
};

inline constexpr double kNoPrice = std::numeric_limits<double>::quiet_NaN();

struct OrderRequest {
  InstrumentId instrument = 0;
  Side side = Side::buy;
  OrderType type = OrderType::market;
  TimeInForce time_in_force = TimeInForce::gtc;
  QuantityRule rule = QuantityRule::fixed;
  bool post_only = false;    // limit: rejected where it would take liquidity on arrival
  bool reduce_only = false;  // never more than the position it reduces
  Quantity quantity{0};      // rule fixed; > 0
  // Rule target_weight: the fraction of equity, negative for a short, times the scale, at most the cap.
  double target_weight = 0;
  double target_scale = 1;
  double target_cap = std::numeric_limits<double>::infinity();
  Price limit{kNoPrice};
  Price stop{kNoPrice};
  PriceOffset trail{kNoPrice};
  Timestamp expire{std::numeric_limits<std::int64_t>::max()};  // gtd

  // One cancels the other: orders of one account with the same group (not 0); a fill cancels the rest.
  std::uint64_t oco_group = 0;

  // Bracket: on the entry's fill the venue opens a stop and a take-profit for the filled quantity, each
  // cancelling the other. Either may be absent.
  Price bracket_stop{kNoPrice};
  Price bracket_take_profit{kNoPrice};
};

// What a request by target weight is meant to hold; short where target_weight is negative.
inline TargetWeight target_of(const OrderRequest& request) {
  const double weight = request.target_weight;
  return {weight < 0 ? -weight : weight, request.target_scale, request.target_cap};
}

inline bool only_reduces(const OrderRequest& request) {
  return request.reduce_only || request.rule == QuantityRule::close_position;
}

struct Order {
  OrderId id = 0;
  OrderId parent = 0;  // the entry of a bracket's child
  OrderRequest request;
  Timestamp decided_at;
  Timestamp arrives_at;  // at the venue: decision + compute latency + entry latency
};
static_assert(std::is_trivially_copyable_v<Order>);

}  // namespace hftsim
