// What a strategy is: it names the features it needs and reacts to what happens, through a context that
// shows only what is known by now and a gateway that takes orders. The same object runs in backtest, sweep
// and paper trading.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/core/event.h"
#include "engine/core/instrument.h"
#include "engine/core/units.h"
#include "engine/execution/execution_report.h"
#include "engine/execution/order.h"
#include "engine/runtime/signal.h"

namespace hftsim {

// Position of a feature in the rows of this run.
using FeatureSlot = std::uint32_t;

// What a strategy may look at while it handles one event. Valid during the call only.
class StrategyContext {
 public:
  struct PositionView {
    Quantity quantity{0};  // signed
    Price average_entry{0};
  };

  // What the account knows: fills count from when their report arrived here.
  class AccountView {
   public:
    virtual ~AccountView() = default;
    virtual PositionView position(InstrumentId instrument) const = 0;
    virtual Money cash() const = 0;
    virtual Money equity() const = 0;
    virtual std::uint32_t orders_pending(InstrumentId instrument) const = 0;
  };

  StrategyContext(const Event& event, Timestamp now, const double* row, std::size_t row_stride, bool warm,
                  double prediction, const AccountView& account)
      : event_(event),
        now_(now),
        row_(row),
        row_stride_(row_stride),
        warm_(warm),
        prediction_(prediction),
        account_(account) {}

  // The latest exchange time seen: the event's own, but for one that came late to a live session.
  Timestamp now() const { return now_; }
  InstrumentId instrument() const { return event_.instrument; }
  const Event& event() const { return event_; }
  const BarBody& bar() const { return event_.bar; }
  bool warm() const { return warm_; }
  double feature(FeatureSlot slot) const { return row_[slot * row_stride_]; }

  // Probability that the price rises; none without a model or before its window is full.
  std::optional<double> prediction() const {
    if (std::isnan(prediction_)) return std::nullopt;
    return prediction_;
  }

  PositionView position() const { return account_.position(event_.instrument); }
  bool order_pending() const { return account_.orders_pending(event_.instrument) > 0; }
  const AccountView& account() const { return account_; }

 private:
  const Event& event_;
  Timestamp now_;
  const double* row_;
  std::size_t row_stride_;
  bool warm_;
  double prediction_;
  const AccountView& account_;
};

// Where a strategy sends what it wants. Everything passes the risk gate and is written to the journal.
class OrderGateway {
 public:
  virtual ~OrderGateway() = default;

  // Acts on an opinion with the account's sizer. Count of hold, buy and sell is kept.
  virtual void signal(const Signal& signal) = 0;

  // 0 where the risk gate refused.
  virtual OrderId submit(const OrderRequest& request) = 0;
  virtual void cancel(OrderId order) = 0;
};

// Resolves feature names to slots, once, before the run. Throws BadInput for a name the run does not compute.
class FeatureLookup {
 public:
  virtual ~FeatureLookup() = default;
  virtual FeatureSlot slot(const std::string& name) const = 0;
};

class Strategy {
 public:
  virtual ~Strategy() = default;

  // Names of the features it reads; the run computes them whatever the config lists.
  virtual std::vector<std::string> features() const { return {}; }

  // Once, before the first event.
  virtual void start(const FeatureLookup& lookup, std::span<const Instrument> instruments) = 0;

  // False: on_bar is called from the first bar on, and the strategy looks at NaN itself. True: only from the
  // first bar on whose whole feature row is known.
  virtual bool needs_warm_row() const { return true; }

  virtual void on_bar(const StrategyContext& context, OrderGateway& gateway) = 0;
  virtual void on_trade(const StrategyContext&, OrderGateway&) {}
  virtual void on_quote(const StrategyContext&, OrderGateway&) {}
  virtual void on_timer(const StrategyContext&, OrderGateway&) {}
  virtual void on_report(const StrategyContext&, OrderGateway&, const ExecutionReport&) {}
};

// A strategy that is an opinion per bar; ensembles are made of these.
class SignalStrategy : public Strategy {
 public:
  virtual Signal decide(const StrategyContext& context) = 0;
  void on_bar(const StrategyContext& context, OrderGateway& gateway) final {
    gateway.signal(decide(context));
  }
};

}  // namespace hftsim
