// The order desk: turns opinions into orders, lets nothing past the risk gate, knows what is under way and
// writes it all to the journal. It is the strategy's gateway and its view of the account.
//
// What a signal leads to (spec: position sizing):
//   buy   raises the position to the sizer's target; a short position is closed first
//   sell  closes the whole long position; with allow_short it goes on to the mirrored short target
// No order is sent where the position is already as asked for. While an order of the instrument is under way
// signals are refused (order_pending); a bracket's children do not count.
//
// Whoever watches a live session may pause it: what opens or adds is refused then, what only reduces goes on. Flattening
// goes past the risk gate: every order is cancelled and every position closed by a market order, also one that an order
// on its way still opens; afterwards it is as paused.
#pragma once

#include <cmath>
#include <memory>
#include <span>
#include <vector>

#include "engine/core/instrument.h"
#include "engine/execution/latency.h"
#include "engine/execution/venue.h"
#include "engine/portfolio/account.h"
#include "engine/portfolio/risk_gate.h"
#include "engine/portfolio/sizer.h"
#include "engine/runtime/journal.h"
#include "engine/runtime/run_counters.h"
#include "engine/runtime/strategy.h"

namespace hftsim {

struct DeskConfig {
  LatencyModel latency;
  bool allow_short = false;
  bool brackets = true;  // a signal's stop and target become a bracket on its entry
};

class OrderDesk final : public OrderGateway, public StrategyContext::AccountView {
 public:
  struct Parts {
    Account& account;
    const RoundTripStats& round_trips;
    RiskGate& gate;
    const Sizer& sizer;
    Venue& venue;
    Journal& journal;
    RunCounters& counters;
  };

  OrderDesk(Parts parts, DeskConfig config, std::span<const Instrument> instruments);

  // The event everything until the next call is decided on, and when; the gate's last word stays in force.
  void begin(const Event& event, Timestamp now) {
    event_ = &event;
    now_ = now;
  }

  // pause, resume or flatten, as the event of begin() says.
  void obey(SessionMark command);
  bool is_flattening() const { return state_ == SessionMark::flatten; }
  // Closes what is open and has no order under way.
  void close_what_is_left();

  // The gate's word on this event. `volatility` is annualised; NaN: unknown.
  // Field by field: copied whole, the reason's two bytes would be read back as sixteen before they are stored.
  void judge_by(const GateDecision& decision, double volatility) {
    decision_.reason = decision.reason;
    decision_.measured = decision.measured;
    decision_.limit = decision.limit;
    volatility_ = volatility;
  }

  // Closes the position where it has reached its stop loss or take profit, unless an order is under way or
  // the gate refuses.
  void exit_if_reached() {
    const Position& position = parts_.account.position(event_->instrument);
    if (position.flat() || !parts_.gate.may_exit(position, close())) return;
    if (pending_[event_->instrument] == 0) exit_where_reached();
  }

  // The venue's word on an order, now that it is known here.
  void on_report(const ExecutionReport& report);

  // OrderGateway
  void signal(const Signal& signal) override {
    if (signal.side == SignalSide::hold) {
      ++parts_.counters.signals_hold;
    } else {
      act_on(signal);
    }
  }
  OrderId submit(const OrderRequest& request) override { return submit_checked(request, Reason::none); }
  void cancel(OrderId order) override { cancel(order, event_->instrument); }

  // StrategyContext::AccountView
  StrategyContext::PositionView position(InstrumentId instrument) const override;
  Money cash() const override { return parts_.account.cash(); }
  Money equity() const override { return parts_.account.equity(); }
  std::uint32_t orders_pending(InstrumentId instrument) const override { return pending_[instrument]; }

 private:
  JournalRecord& next_record(JournalKind kind, Side side);
  void exit_where_reached();
  void act_on(const Signal& signal);
  void cancel(OrderId order, InstrumentId instrument);
  void flatten();
  void close_at_market(InstrumentId instrument);
  bool adds(const OrderRequest& request) const;
  void open_towards(const Signal& signal, Side side);
  void close_position(Side side, Reason cause);
  bool wants_more(Side side, const SizeDecision& size) const;
  OrderId submit_checked(const OrderRequest& request, Reason cause);
  GateDecision judge(const OrderRequest& request) const;
  double exposure_after(const OrderRequest& request) const;
  OrderId send(const OrderRequest& request, Reason cause);
  void refuse(Side side, const GateDecision& why);

  double held() const { return parts_.account.position(event_->instrument).quantity.value; }
  Price close() const { return Price(event_->bar.close); }

  Parts parts_;
  DeskConfig config_;
  struct OpenOrder {
    OrderId id;
    InstrumentId instrument;
  };

  std::vector<std::uint32_t> pending_;  // per instrument: orders sent and not done
  std::vector<OpenOrder> open_;         // the same, in the order of their ids
  SessionMark state_ = SessionMark::resume;
  const Event* event_ = nullptr;
  Timestamp now_;
  GateDecision decision_;
  double volatility_ = NAN;
};

}  // namespace hftsim
