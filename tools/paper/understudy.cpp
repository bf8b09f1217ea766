#include "tools/paper/understudy.h"

#include <algorithm>
#include <cmath>

namespace hftsim {
namespace {

constexpr double kBeyondMeasure = 1e100;
constexpr double kStepsMax = 1e15;
constexpr std::uint64_t kBarsOfAnOpinion = 5;
constexpr Duration kInterval = kSecond;
constexpr Duration kTickBeforeBar = Duration(1'000'000);
constexpr std::uint32_t kEvents = 3;  // of a bar: a quote, a trade, the bar

// It trades for as long as the session lasts: nothing that it does costs anything or is too small, and no limit halts it.
RunConfig config_for_ever(RunConfig config, bool with_model) {
  config.account.fee_rate = 0;
  config.account.maker_fee = config.account.taker_fee = std::nullopt;
  config.account.lot_size = config.account.min_notional = 0;
  config.risk = {.max_drawdown = 0, .max_daily_loss = 0, .stop_loss = config.risk.stop_loss};
  config.execution.slippage_bps = config.execution.half_spread_bps = 0;
  config.run.start.clear();
  config.run.block = kEvents;
  if (!with_model) config.model.path.clear();
  return config;
}

// By bars of a minute the time would run out within hours.
Instrument instrument_for_ever(Instrument instrument) {
  instrument.lot_size = instrument.min_notional = 0;
  instrument.bar_interval = kInterval;
  return instrument;
}

std::int64_t steps_of(double value, const DecimalStep& step) {
  return std::llround(std::clamp(value / step.value(1), 1.0, kStepsMax));
}

}  // namespace

Understudy::Understudy(const RunConfig& config, const Instrument& instrument, RunModel& model)
    : config_(config_for_ever(config, model.is_native())),
      instruments_{instrument_for_ever(instrument)},
      without_model_(model.is_native() ? std::nullopt : std::optional<RunModel>(std::in_place, config_)),
      model_(without_model_ ? *without_model_ : model) {
  begin();
}

void Understudy::begin() {
  wiring_.emplace(config_, instruments_, model_, Feeding::live);
  const auto features = static_cast<std::uint32_t>(wiring_->names.names().size());
  if (blocks_) return;
  arena_.emplace(BlockPool::bytes_needed(1, kEvents, features));
  blocks_.emplace(*arena_, 1, kEvents, features);
}

void Understudy::remember(const Event& bar) {
  bars_[remembered_++ % kBarsKept] = bar.bar;
  now_ns_ = std::max(now_ns_, bar.ts_ns);
}

bool Understudy::work_ahead() {
  return wiring_->inference != nullptr && wiring_->inference->advance();
}

void Understudy::play() {
  if (remembered_ == 0) return;
  if (is_spent()) begin();
  put_events(next_bar());
  Block& block = (*blocks_)[0];
  wiring_->features.process(block);
  if (wiring_->inference != nullptr) {
    wiring_->inference->process(block);
    exaggerate(block);
  }
  wiring_->core.process(block);
  wiring_->journal.hand_on();
  ++played_;
}

// The models' opinions, but strong ones of both kinds in turn: there have to be orders.
void Understudy::exaggerate(Block& block) const {
  double& probability = block.predictions[block.row_of[kEvents - 1]];
  if (!std::isnan(probability)) probability = played_ / kBarsOfAnOpinion % 2 == 0 ? 0.99 : 0.01;
}

bool Understudy::is_spent() const {
  const double share = wiring_->core.account().equity().value / config_.account.initial_capital;
  return !(share > 1 / kBeyondMeasure && share < kBeyondMeasure);
}

// To and fro, so that prices do not jump from the last to the first.
const BarBody& Understudy::next_bar() {
  const std::size_t count = std::min(remembered_, kBarsKept);
  if (at_ + 1 >= count) goes_back_ = true;
  if (at_ == 0) goes_back_ = false;
  if (count > 1) at_ = std::min(goes_back_ ? at_ - 1 : at_ + 1, count - 1);
  return bars_[at_];
}

void Understudy::put_events(const BarBody& bar) {
  now_ns_ += kInterval.value;
  Block& block = (*blocks_)[0];
  const Instrument& instrument = instruments_.front();
  const std::int64_t ticks = steps_of(bar.close, instrument.price_step),
                     lots = static_cast<std::int64_t>(kStepsMax);
  Event& quote = block.room[0] = {};
  quote.kind = EventKind::quote;
  quote.quote = {ticks, lots, ticks + 1, lots, played_ + 1};
  Event& trade = block.room[1] = {};
  trade.kind = EventKind::trade;
  trade.trade = {ticks, lots, played_ + 1, played_ + 1, played_ + 1};
  block.room[2] = make_bar(Timestamp(now_ns_), 0, bar, 1);
  for (Event& event : block.room.first(2)) event.ts_ns = event.recv_ns = now_ns_ - kTickBeforeBar.value;
  block.events = block.room.first(kEvents);
  block.size = kEvents;
  block.number = played_;
}

}  // namespace hftsim
