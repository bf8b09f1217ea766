#include "tools/paper/understudy.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace hftsim {
namespace {

constexpr double kCapital = 1e12, kQuantity = 1;
constexpr double kStepsMax = 1e15;
constexpr std::int64_t kLots = 1'000'000'000'000'000;  // as many as anybody wants
constexpr std::uint64_t kBarsOfAnOpinion = 5;
constexpr Duration kInterval = kSecond;
constexpr Duration kTickBeforeBar = Duration(1'000'000);
constexpr std::uint32_t kTicks = 4;  // before every bar

// It trades for as long as the session lasts: what it wins or loses is nothing beside what it has, and nothing that it
// trades is too small.
RunConfig config_for_ever(RunConfig config, bool with_model) {
  config.account.initial_capital = kCapital;
  config.account.sizer = "fixed_quantity";
  config.account.quantity = kQuantity;
  config.account.lot_size = config.account.min_notional = 0;
  config.risk.volatility_limit = config.risk.var_limit = 0;
  config.run.start.clear();
  config.run.block = kTicks;
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

Event book_level(bool is_bid, std::int64_t ticks, std::uint64_t seq) {
  Event level{};
  level.kind = EventKind::book_change;
  level.flags = static_cast<std::uint8_t>(kSnapshot | (is_bid ? kBidSide : kMessageEnd));
  level.book = {ticks, kLots, seq, seq, 0};
  return level;
}

}  // namespace

Understudy::Understudy(const RunConfig& config, const Instrument& instrument, RunModel& model)
    : config_(config_for_ever(config, model.is_native())),
      instruments_{instrument_for_ever(instrument)},
      without_model_(model.is_native() ? std::nullopt : std::optional<RunModel>(std::in_place, config_)),
      wiring_(config_, instruments_, without_model_ ? *without_model_ : model, Feeding::live),
      arena_(BlockPool::bytes_needed(1, kTicks, static_cast<std::uint32_t>(wiring_.names.names().size()))),
      blocks_(arena_, 1, kTicks, static_cast<std::uint32_t>(wiring_.names.names().size())) {}

void Understudy::remember(const Event& bar) {
  bars_[remembered_++ % kBarsKept] = bar.bar;
  now_ns_ = std::max(now_ns_, bar.ts_ns);
}

bool Understudy::work_ahead() {
  return wiring_.inference != nullptr && wiring_.inference->advance();
}

// Ticks and bar are blocks of their own, as they are live.
bool Understudy::play() {
  if (remembered_ == 0) return false;
  const BarBody& bar = next_bar();
  now_ns_ += kInterval.value;
  put_ticks(bar);
  process(kTicks);
  blocks_[0].room[0] = make_bar(Timestamp(now_ns_), 0, bar, 1);
  process(1);
  ++played_;
  return true;
}

void Understudy::process(std::uint32_t events) {
  Block& block = blocks_[0];
  block.events = block.room.first(events);
  block.size = events;
  block.number = played_;
  wiring_.features.process(block);
  if (wiring_.inference != nullptr) {
    wiring_.inference->process(block);
    exaggerate(block);
  }
  wiring_.core.process(block);
  wiring_.journal.hand_on();
}

// The models' opinions, but strong ones of both kinds in turn: there have to be orders.
void Understudy::exaggerate(Block& block) const {
  if (block.row_of[0] == kNoRow) return;
  double& probability = block.predictions[block.row_of[0]];
  if (!std::isnan(probability)) probability = played_ / kBarsOfAnOpinion % 2 == 0 ? 0.99 : 0.01;
}

// From the oldest to the newest and back, so that prices do not jump.
const BarBody& Understudy::next_bar() {
  const std::size_t count = std::min(remembered_, kBarsKept);
  if (at_ + 1 >= count) goes_back_ = true;
  if (at_ == 0) goes_back_ = false;
  if (count > 1) at_ = goes_back_ ? at_ - 1 : at_ + 1;
  return bars_[(remembered_ - count + at_) % kBarsKept];
}

// Of each kind that a venue may fill on.
void Understudy::put_ticks(const BarBody& bar) {
  const std::int64_t ticks = steps_of(bar.close, instruments_.front().price_step);
  const std::uint64_t seq = played_ + 1;
  const std::span<Event> room = blocks_[0].room;
  room[0] = {};
  room[0].kind = EventKind::quote;
  room[0].quote = {ticks, kLots, ticks + 1, kLots, seq};
  room[1] = {};
  room[1].kind = EventKind::trade;
  room[1].trade = {ticks, kLots, seq, seq, seq};
  room[2] = book_level(true, ticks, seq);
  room[3] = book_level(false, ticks + 1, seq);
  for (Event& event : room) event.ts_ns = event.recv_ns = now_ns_ - kTickBeforeBar.value;
}

}  // namespace hftsim
