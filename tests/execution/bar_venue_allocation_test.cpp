// The hot path takes no memory: neither a bar that finds nothing to do nor one that fills.
#include <gtest/gtest.h>

#include <memory>

#include "engine/core/allocation_counter.h"
#include "tests/execution/venue_bench.h"

namespace hftsim {
namespace {

using namespace test;

// Like the fake one, but without a memory of its fills.
class QuietLedger final : public VenueLedger {
 public:
  Quantity quantity_at(const Order& order, Price, Reason&) const override { return order.request.quantity; }
  Reason check_funds(const Order&, Quantity, Price, Money) const override { return Reason::none; }
  Quantity position(InstrumentId) const override { return position_; }
  void on_fill(const ExecutionReport& fill) override { position_ += fill.quantity * sign_of(fill.side); }

 private:
  Quantity position_{0};
};

TEST(BarVenueAllocation, OrdersBracketsAndFillsTakeNoMemoryAfterConstruction) {
  QuietLedger ledger;
  BarVenueConfig config;
  config.impact = 0.1;
  const auto instruments = instruments_on_bench();
  BarVenue venue(config, {}, instruments, ledger);
  std::uint64_t fills = 0;
  std::vector<ExecutionReport> reports;
  reports.reserve(ReportLog::kReserved);
  const std::uint64_t before = thread_allocation_count;
  for (int i = 1; i <= 1000; ++i) {
    const Timestamp now(i * kMinute.value);
    const Event bar = make_bar(now, 0, {100, 103, 97, 101, 1000}, 1);
    venue.on_event(bar);
    const Side side = i % 2 == 0 ? Side::buy : Side::sell;
    const double sign = sign_of(side);
    venue.submit(
        {venue.next_order_id(), 0, with_bracket(market(side, 1), 100 - 2 * sign, 100 + 2 * sign), now, now});
    venue.submit({venue.next_order_id(), 0, with(limit(side, 1, 100 - sign), TimeInForce::ioc), now, now});
    venue.after_decisions(bar);
    venue.take_reports(reports);
    for (const ExecutionReport& report : reports) fills += report.kind == ReportKind::filled;
    reports.clear();
  }
  EXPECT_EQ(thread_allocation_count - before, 0u);
  EXPECT_GT(fills, 1500u);
}

TEST(BarVenueAllocation, TheCounterCounts) {
  const std::uint64_t before = thread_allocation_count;
  const auto one = std::make_unique<int>(1);
  EXPECT_GT(thread_allocation_count, before);
}

}  // namespace
}  // namespace hftsim
