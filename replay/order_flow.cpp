#include "replay/order_flow.h"

#include <algorithm>
#include <cassert>

namespace hftsim {
namespace {

using namespace trade_model;

// A uniform in [0, 1) from the lower half of the bits.
double uniform_of(std::uint64_t bits) {
  return static_cast<double>(bits & 0xffffffff) * 0x1p-32;
}

template <class Draw>
double sum_of_draws(std::int64_t count, Draw draw) {
  double sum = 0;
  for (std::int64_t i = 0; i < count; ++i) sum += draw();
  return sum;
}

}  // namespace

OrderFlow::OrderFlow(std::uint64_t seed, const std::string& name)
    : sides_(seed, name + "/sides"),
      counts_random_(seed, name + "/counts"),
      sizes_random_(seed, name + "/sizes"),
      gaps_random_{RandomStream(seed, name + "/gaps"),
                   AutoregressivePath(kPaceSd, Duration(kPaceHalfLifeOrders), Duration(1), sides_)} {}

std::int64_t OrderFlow::order_count(const BarTicks& bar, std::int64_t interval_ns) {
  if (bar.trades == 0) return 0;
  const auto wanted = static_cast<std::int64_t>(static_cast<double>(bar.trades) / kTradesPerOrder + 0.5);
  const std::int64_t least = std::max((bar.trades + kOrderTradesMax - 1) / kOrderTradesMax, bar.trades_min());
  const std::int64_t most = std::min(bar.trades, interval_ns / kGapMinNs - 1);
  return std::clamp(wanted, least, std::max(least, most));
}

void OrderFlow::start(const BarTicks& bar, std::int64_t open_ns, std::int64_t interval_ns) {
  const std::int64_t orders = order_count(bar, interval_ns);
  assert(orders > 0 && kGapMinNs * (orders + 1) <= interval_ns);
  ts_ns_ = open_ns;
  const double gaps = sum_of_draws(orders + 1, [random = gaps_random_]() mutable { return random.draw(); });
  const double counts =
      sum_of_draws(orders, [random = counts_random_]() mutable { return draw_further_trades(random); });
  const double sizes =
      sum_of_draws(bar.trades, [random = sizes_random_]() mutable { return draw_size(random); });
  gaps_ = ExactShares(interval_ns, orders + 1, gaps, kGapMinNs);
  counts_ = ExactShares(bar.trades, orders, counts, 1, kOrderTradesMax);
  lots_ = ExactShares(bar.lots, bar.trades, sizes);
}

void OrderFlow::next(AggressorOrder& order) {
  const std::uint64_t bits = sides_.next();
  if (uniform_of(bits) < kFlowTurns) flow_buys_ = !flow_buys_;
  order.buys = (uniform_of(bits >> 32) < kFlowFollowed) == flow_buys_;
  ts_ns_ += gaps_.next(gaps_random_.draw());
  order.ts_ns = ts_ns_;
  order.trades = static_cast<std::size_t>(counts_.next(draw_further_trades(counts_random_)));
  for (std::size_t i = 0; i < order.trades; ++i) order.lots[i] = lots_.next(draw_size(sizes_random_));
  if (orders_left() == 0) gaps_random_.draw();  // the bar's last gap, up to its close
}

double OrderFlow::Gaps::draw() {
  pace.advance(cheap_normal(random));
  const double scale = random.uniform() < kFollowerShare ? kFollowerGap : 1.0;
  return scale * random.exponential() * compound(pace.value());
}

double OrderFlow::draw_further_trades(RandomStream& random) {
  return random.uniform() < kSingleTradeShare ? 0 : cheap_lognormal(kFurtherTradesSd, random);
}

double OrderFlow::draw_size(RandomStream& random) {
  const bool dust = random.uniform() < kDustShare;
  return (dust ? kDustSize : kSize) * cheap_lognormal(dust ? kDustSd : kSizeSd, random);
}

}  // namespace hftsim
