#include "engine/runtime/order_desk.h"

#include <algorithm>

namespace hftsim {
namespace {

Side side_of(SignalSide side) {
  return side == SignalSide::buy ? Side::buy : Side::sell;
}

constexpr std::size_t kOpenReserved = 4096;  // what is never touched takes no memory

OrderRequest market_order(InstrumentId instrument, Side side) {
  OrderRequest request;
  request.instrument = instrument;
  request.side = side;
  return request;
}

OrderRequest closing_order(InstrumentId instrument, Side side) {
  OrderRequest request = market_order(instrument, side);
  request.rule = QuantityRule::close_position;
  request.reduce_only = true;
  return request;
}

}  // namespace

OrderDesk::OrderDesk(Parts parts, DeskConfig config, std::span<const Instrument> instruments)
    : parts_(parts), config_(config), pending_(instruments.size()) {
  open_.reserve(kOpenReserved);
}

JournalRecord& OrderDesk::next_record(JournalKind kind, Side side) {
  JournalRecord& record = parts_.journal.next();
  record.ts_ns = now_.value;
  record.instrument = event_->instrument;
  record.kind = kind;
  record.side = side;
  return record;
}

void OrderDesk::act_on(const Signal& signal) {
  const Side side = side_of(signal.side);
  ++(side == Side::buy ? parts_.counters.signals_buy : parts_.counters.signals_sell);
  JournalRecord& record = next_record(JournalKind::signal, side);
  record.price = signal.target.value;
  record.quantity = signal.stop.value;
  record.value = signal.confidence;
  record.detail = static_cast<std::uint8_t>(signal.side);

  if (decision_.refuses()) return refuse(side, decision_);
  const bool opposed = held() * sign_of(side) < 0;
  if (!opposed && side == Side::sell && !config_.allow_short) return;  // nothing to close
  if (pending_[event_->instrument] > 0) {
    return refuse(side, {Reason::order_pending, static_cast<double>(pending_[event_->instrument]), 0});
  }
  if (opposed) close_position(side, Reason::none);
  if (side == Side::buy || config_.allow_short) open_towards(signal, side);
}

void OrderDesk::open_towards(const Signal& signal, Side side) {
  const SizeDecision size =
      parts_.sizer.size(signal.confidence, SizingInputs{volatility_, &parts_.round_trips});
  if (!wants_more(side, size)) return;
  OrderRequest request = market_order(event_->instrument, side);
  request.rule = size.rule;
  request.quantity = size.quantity;
  request.target_weight = sign_of(side) * size.weight.fraction;
  request.target_scale = size.weight.scale;
  request.target_cap = size.weight.cap;
  if (config_.brackets) {
    request.bracket_stop = signal.stop;
    request.bracket_take_profit = signal.target;
  }
  submit_checked(request, Reason::none);
}

// Whether the position's value is below the target's, both at the close. A fixed quantity is held once.
bool OrderDesk::wants_more(Side side, const SizeDecision& size) const {
  const double position = std::max(0.0, held() * sign_of(side));
  if (size.rule == QuantityRule::fixed) return size.quantity.value > 0 && position == 0;
  return position * close().value < size.weight.of(parts_.account.equity()).value;
}

void OrderDesk::close_position(Side side, Reason cause) {
  submit_checked(closing_order(event_->instrument, side), cause);
}

void OrderDesk::exit_where_reached() {
  const PositionVerdict verdict =
      parts_.gate.check_position(parts_.account.position(event_->instrument), close());
  if (verdict.exit == ProtectiveExit::none) return;
  const Side side = held() > 0 ? Side::sell : Side::buy;
  close_position(side, verdict.exit == ProtectiveExit::stop_loss ? Reason::stop_loss : Reason::take_profit);
}

void OrderDesk::obey(SessionMark command) {
  state_ = command;
  next_record(JournalKind::command, Side::buy).detail = static_cast<std::uint8_t>(command);
  if (command == SessionMark::flatten) flatten();
}

void OrderDesk::flatten() {
  for (const OpenOrder& order : open_) cancel(order.id, order.instrument);
  for (InstrumentId instrument = 0; instrument < pending_.size(); ++instrument) close_at_market(instrument);
}

void OrderDesk::close_what_is_left() {
  for (InstrumentId instrument = 0; instrument < pending_.size(); ++instrument) {
    if (pending_[instrument] == 0) close_at_market(instrument);
  }
}

void OrderDesk::close_at_market(InstrumentId instrument) {
  const Position& position = parts_.account.position(instrument);
  if (position.flat()) return;
  send(closing_order(instrument, position.quantity.value > 0 ? Side::sell : Side::buy), Reason::flattened);
}

OrderId OrderDesk::submit_checked(const OrderRequest& request, Reason cause) {
  const GateDecision decision = judge(request);
  if (!decision.refuses()) return send(request, cause);
  refuse(request.side, decision);
  return 0;
}

// What only reduces is held back by the gate's own decision alone: limits on exposure must not keep a
// position open.
GateDecision OrderDesk::judge(const OrderRequest& request) const {
  if (decision_.refuses() || request.reduce_only) return decision_;
  if (state_ != SessionMark::resume && adds(request)) {
    return {is_flattening() ? Reason::flattened : Reason::paused, 0, 0};
  }
  const bool opens_short = request.side == Side::sell && request.rule != QuantityRule::close_position;
  if (opens_short && !config_.allow_short) {
    const double position = parts_.account.position(request.instrument).quantity.value;
    const double after =
        request.rule == QuantityRule::fixed ? position - request.quantity.value : request.target_weight;
    if (after < 0) return {Reason::short_not_allowed, after, 0};
  }
  return parts_.gate.check_order(exposure_after(request), volatility_);
}

// Anything but a quantity within the position that it is against.
bool OrderDesk::adds(const OrderRequest& request) const {
  if (request.rule != QuantityRule::fixed) return request.rule != QuantityRule::close_position;
  const double against = -sign_of(request.side) * parts_.account.position(request.instrument).quantity.value;
  return request.quantity.value > against;
}

// Exposure over equity if the whole order filled at its limit, or at the last price.
double OrderDesk::exposure_after(const OrderRequest& request) const {
  const Position& position = parts_.account.position(request.instrument);
  const double equity = parts_.account.equity().value;
  const double others = parts_.account.exposure().value - std::fabs(position.value().value);
  if (request.rule == QuantityRule::target_weight) return others / equity + target_of(request).value();
  if (request.rule == QuantityRule::close_position) return others / equity;
  const double price = std::isnan(request.limit.value) ? position.last.value : request.limit.value;
  const double after = position.quantity.value + sign_of(request.side) * request.quantity.value;
  return (others + std::fabs(after) * price) / equity;
}

OrderId OrderDesk::send(const OrderRequest& request, Reason cause) {
  Order order;
  order.id = parts_.venue.next_order_id();
  order.request = request;
  order.decided_at = now_;
  order.arrives_at = config_.latency.arrival(now_);

  JournalRecord& record = next_record(JournalKind::order, request.side);
  record.time_ns = order.arrives_at.value;
  record.instrument = request.instrument;
  record.order_id = order.id;
  record.price = request.limit.value;
  record.quantity = request.quantity.value;
  record.value = request.rule == QuantityRule::target_weight
                     ? std::copysign(target_of(request).value(), request.target_weight)
                     : 0;
  record.reason = cause;
  record.detail = static_cast<std::uint8_t>(request.type);
  ++parts_.counters.orders;
  ++pending_[request.instrument];
  open_.push_back({order.id, request.instrument});
  parts_.venue.submit(order);
  return order.id;
}

void OrderDesk::cancel(OrderId order, InstrumentId instrument) {
  JournalRecord& record = next_record(JournalKind::cancel, Side::buy);
  const Timestamp arrives_at = config_.latency.arrival(now_);
  record.instrument = instrument;
  record.time_ns = arrives_at.value;
  record.order_id = order;
  parts_.venue.cancel(order, arrives_at);
}

void OrderDesk::refuse(Side side, const GateDecision& why) {
  JournalRecord& record = next_record(JournalKind::refusal, side);
  record.price = close().value;
  record.quantity = why.limit;
  record.value = why.measured;
  record.reason = why.reason;
  parts_.counters.count_refusal(why.reason);
}

void OrderDesk::on_report(const ExecutionReport& report) {
  write_report(report, parts_.journal.next());
  if (report.kind == ReportKind::filled) ++parts_.counters.trades;
  if (report.kind == ReportKind::rejected) parts_.counters.count_refusal(report.reason);
  const bool ours = report.parent == 0;
  if (!report.order_done || !ours || pending_[report.instrument] == 0) return;
  --pending_[report.instrument];
  const auto done = std::ranges::lower_bound(open_, report.order, {}, &OpenOrder::id);
  if (done != open_.end() && done->id == report.order) open_.erase(done);
}

StrategyContext::PositionView OrderDesk::position(InstrumentId instrument) const {
  const Position& position = parts_.account.position(instrument);
  return {position.quantity, position.average_entry};
}

}  // namespace hftsim
