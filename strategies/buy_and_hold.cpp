#include "strategies/buy_and_hold.h"

#include "strategies/opinion.h"

namespace hftsim {

void BuyAndHold::start(const FeatureLookup&, std::span<const Instrument> instruments) {
  entries_.assign(instruments.size(), Entry{});
}

Signal BuyAndHold::decide(const StrategyContext& context) {
  Entry& entry = entries_[context.instrument()];
  if (context.position().quantity.value != 0) entry.filled = true;
  if (entry.filled || context.order_pending()) return {};
  if (entry.wait_bars > 0) {
    --entry.wait_bars;
    return {};
  }
  entry.wait_bars = entry.next_wait_bars - 1;
  entry.next_wait_bars *= 2;
  return opinion(SignalSide::buy, 1);
}

// A position can open and close again between two bars, where decide() would not see it.
void BuyAndHold::on_report(const StrategyContext&, OrderGateway&, const ExecutionReport& report) {
  if (report.kind == ReportKind::filled) entries_[report.instrument].filled = true;
}

StrategyDefinition buy_and_hold_definition() {
  return {{"buy_and_hold",
           "long on the first bar, and nothing after; account.position_size and risk.stop_loss apply to it",
           {}},
          [](const StrategyParams&) {
            return std::make_unique<BuyAndHold>();
          }};
}

}  // namespace hftsim
