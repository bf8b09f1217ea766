// Shows a strategy one bar at a time, with features, prediction and account as the test wants them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "engine/core/errors.h"
#include "engine/runtime/strategy.h"

namespace hftsim {

inline constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

using FeatureValues = std::map<std::string, double>;

class FakeAccount final : public StrategyContext::AccountView {
 public:
  StrategyContext::PositionView position(InstrumentId instrument) const override {
    const auto found = quantities.find(instrument);
    return {Quantity(found == quantities.end() ? 0 : found->second), Price(100)};
  }
  Money cash() const override { return Money(100'000); }
  Money equity() const override { return Money(100'000); }
  std::uint32_t orders_pending(InstrumentId instrument) const override {
    const auto found = pending.find(instrument);
    return found == pending.end() ? 0 : found->second;
  }

  std::map<InstrumentId, double> quantities;
  std::map<InstrumentId, std::uint32_t> pending;
};

class RecordingGateway final : public OrderGateway {
 public:
  void signal(const Signal& signal) override { signals.push_back(signal); }
  OrderId submit(const OrderRequest&) override { return 0; }
  void cancel(OrderId) override {}

  std::vector<Signal> signals;
};

struct ShownBar {
  double close = 100;
  FeatureValues features = {};
  double prediction = kUnknown;
  bool warm = true;
  InstrumentId instrument = 0;
};

// Features the bar does not name are NaN; one that the strategy did not ask for fails the test.
class StrategyBench final : public FeatureLookup {
 public:
  explicit StrategyBench(Strategy& strategy, std::size_t instruments = 1)
      : strategy_(strategy), names_(strategy.features()), instruments_(instruments) {
    strategy_.start(*this, instruments_);
  }

  FeatureSlot slot(const std::string& name) const override {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end()) throw BadInput("feature " + name + " is not in features()");
    return static_cast<FeatureSlot>(found - names_.begin());
  }

  Signal show(const ShownBar& bar) {
    RecordingGateway gateway;
    with_context(bar, [&](const StrategyContext& context) { strategy_.on_bar(context, gateway); });
    EXPECT_EQ(gateway.signals.size(), 1U) << "one opinion per bar";
    return gateway.signals.empty() ? Signal{} : gateway.signals[0];
  }

  void report(ReportKind kind) {
    ExecutionReport report;
    report.kind = kind;
    RecordingGateway gateway;
    with_context({}, [&](const StrategyContext& context) { strategy_.on_report(context, gateway, report); });
  }

  const std::vector<std::string>& names() const { return names_; }
  FakeAccount account;

 private:
  // Rows lie in columns of a block in the engine, so the stride is not 1 here either.
  static constexpr std::size_t kStride = 3;

  template <class Use>
  void with_context(const ShownBar& bar, Use use) {
    std::vector<double> row(names_.size() * kStride + 1, kUnknown);
    for (const auto& [name, value] : bar.features) row[slot(name) * kStride] = value;
    const BarBody body{bar.close, bar.close, bar.close, bar.close, 1};
    const Event event = make_bar(Timestamp(kMinute.value), bar.instrument, body, 1);
    use(StrategyContext(event, event.ts(), row.data(), kStride, bar.warm, bar.prediction, account));
  }

  Strategy& strategy_;
  std::vector<std::string> names_;
  std::vector<Instrument> instruments_;
};

// Names the cases of a table.
struct ByName {
  template <class Case>
  std::string operator()(const testing::TestParamInfo<Case>& test) const {
    return test.param.name;
  }
};

// What a rule should say; NaN: no price.
struct Expected {
  SignalSide side = SignalSide::hold;
  double confidence = 0;
  double target = kUnknown;
  double stop = kUnknown;
};

inline void expect_price(double actual, double expected, const char* what) {
  if (std::isnan(expected)) {
    EXPECT_TRUE(std::isnan(actual)) << what << " is " << actual;
  } else {
    EXPECT_NEAR(actual, expected, 1e-12 * std::abs(expected)) << what;
  }
}

inline void expect_signal(const Signal& actual, const Expected& expected) {
  EXPECT_EQ(actual.side, expected.side) << "confidence " << actual.confidence;
  EXPECT_NEAR(actual.confidence, expected.confidence, 1e-12);
  expect_price(actual.target.value, expected.target, "target");
  expect_price(actual.stop.value, expected.stop, "stop");
}

inline void PrintTo(SignalSide side, std::ostream* out) {
  *out << (side == SignalSide::hold ? "hold" : side == SignalSide::buy ? "buy" : "sell");
}

}  // namespace hftsim
