#include "tools/recorded_trade_bars.h"

#include <fmt/format.h>

#include <utility>

#include "adapters/bar_time.h"
#include "adapters/setting.h"
#include "engine/core/clock.h"
#include "engine/core/errors.h"
#include "replay/recording_source.h"
#include "tools/recording_survey.h"

namespace hftsim {
namespace {

constexpr std::size_t kReadAhead = 1024;
constexpr std::int64_t kNoBar = INT64_MIN;

std::string describe_trade(const Event& trade, const Instrument& instrument) {
  return fmt::format("trade {} of {} at {}", trade.trade.seq,
                     format_steps(trade.trade.quantity_lots, instrument.quantity_step),
                     format_steps(trade.trade.price_ticks, instrument.price_step));
}

}  // namespace

RecordedTradeBars::RecordedTradeBars(const std::filesystem::path& path, const BarSpec& spec,
                                     RecordedBarsOptions options)
    : path_(path.string()), options_(std::move(options)), events_(kReadAhead) {
  auto recording = std::make_unique<RecordingSource>(path);
  reader_ = &recording->reader();
  require_kind(*reader_, EventKind::trade, "trades in it, to make bars of");
  start(std::move(recording), spec);
}

RecordedTradeBars::RecordedTradeBars(std::unique_ptr<EventSource> trades, const std::string& name,
                                     const BarSpec& spec, RecordedBarsOptions options)
    : path_(name), options_(std::move(options)), events_(kReadAhead) {
  start(std::move(trades), spec);
}

void RecordedTradeBars::start(std::unique_ptr<EventSource> trades, const BarSpec& spec) {
  TradeBarOptions how;
  how.spec = spec;
  how.pass = {EventKind::session_mark};
  how.keep_partial = true;
  how.fill_breaks = options_.policy == DataPolicy::repair;
  how.on_fault = [this](const Event& trade, TradeFault fault) {
    judge_fault(trade, fault);
  };
  source_ = std::make_unique<TradeBarSource>(std::move(trades), std::move(how));
  closed_ns_.assign(source_->instruments().size(), kNoBar);
}

std::size_t RecordedTradeBars::read(std::span<Event> out) {
  std::size_t count = 0;
  while (count < out.size()) {
    if (next_ == end_ && (count > 0 || !refill())) break;
    const Event& event = events_[next_];
    if (count > 0 && is_refused(event)) break;  // once everything before it has been given
    ++next_;
    if (is_kept(event)) out[count++] = event;
  }
  return count;
}

// False at the end.
bool RecordedTradeBars::refill() {
  next_ = 0;
  end_ = source_->read(events_);
  if (end_ == 0) note_tail();
  return end_ > 0;
}

// Once: a recording that was cut off ends before its stream did.
void RecordedTradeBars::note_tail() {
  const bool is_first = !std::exchange(at_end_, true);
  if (is_first && reader_ != nullptr && !reader_->tail().complete) findings_.merge(cut_off(*reader_));
}

bool RecordedTradeBars::is_refused(const Event& event) const {
  if (options_.policy != DataPolicy::reject || event.kind != EventKind::bar || event.has(kPartial))
    return false;
  return missing_before(event) > 0 || event.ts() > options_.now;
}

bool RecordedTradeBars::is_kept(const Event& event) {
  if (event.kind == EventKind::session_mark) {
    if (event.session.mark == SessionMark::connected) return false;
    found(FindingKind::recorded_gap, event.instrument, event.ts_ns, "kept",
          [&] { return describe_mark(event); });
    return false;
  }
  const std::int64_t open_ns = event.ts_ns - interval_of(event).value;
  if (event.has(kPartial)) {
    found(FindingKind::partial_bar, event.instrument, open_ns, "left out",
          [&] { return fmt::format("{} trades of a bar that has more", event.trades); });
    return false;
  }
  judge_gap(event);
  closed_ns_[event.instrument] = event.ts_ns;
  if (event.ts() <= options_.now) return true;
  rejectable(FindingKind::still_open, event.instrument, open_ns, "dropped", "closed bars",
             [&] { return fmt::format("a close at {} UTC, after now", format_utc(event.ts())); });
  return false;
}

// Bars that there are not between this one and the one before.
std::int64_t RecordedTradeBars::missing_before(const Event& bar) const {
  const std::int64_t interval_ns = interval_of(bar).value, closed_ns = closed_ns_[bar.instrument];
  return interval_ns == 0 || closed_ns == kNoBar ? 0 : (bar.ts_ns - closed_ns) / interval_ns - 1;
}

void RecordedTradeBars::judge_gap(const Event& bar) {
  const std::int64_t open_ns = bar.ts_ns - interval_of(bar).value;
  if (const std::int64_t missing = missing_before(bar); missing > 0) {
    rejectable(FindingKind::gap, bar.instrument, closed_ns_[bar.instrument], "kept", "trades without a gap",
               [&] { return fmt::format("{} bar{} missing", missing, missing == 1 ? "" : "s"); });
  } else if (bar.has(kRepaired)) {
    found(FindingKind::gap, bar.instrument, open_ns, "1 filled",
          [] { return std::string("1 bar missing: the stream was cut off"); });
  }
}

void RecordedTradeBars::judge_fault(const Event& trade, TradeFault fault) {
  const auto text = [&] {
    return describe_trade(trade, instruments()[trade.instrument]);
  };
  if (fault == TradeFault::off_book) {
    found(FindingKind::off_book_trade, trade.instrument, trade.ts_ns, "left out", text);
  } else if (fault == TradeFault::impossible) {
    rejectable(FindingKind::bad_trade, trade.instrument, trade.ts_ns, "left out",
               "a price and a quantity above 0", text);
  } else {
    rejectable(FindingKind::repeated_trade, trade.instrument, trade.ts_ns, "left out",
               "every trade once, either by itself or in an aggregate", text);
  }
}

template <class Text>
void RecordedTradeBars::rejectable(FindingKind kind, InstrumentId id, std::int64_t ts_ns, const char* action,
                                   const char* expectation, const Text& text) {
  const bool refuses = options_.policy == DataPolicy::reject;
  found(kind, id, ts_ns, refuses ? "refused" : action, text);
  if (!refuses) return;
  throw BadInput(fmt::format("{}: {} {} UTC: {}", path_, instruments()[id].symbol,
                             format_utc(Timestamp(ts_ns)), name_of(kind)),
                 text(),
                 fmt::format("{} ({} or repair goes on and counts them)", expectation,
                             setting(options_.policy_key, "skip")));
}

// The text only of those that are kept: there may be millions.
template <class Text>
void RecordedTradeBars::found(FindingKind kind, InstrumentId id, std::int64_t ts_ns, const char* action,
                              const Text& text) {
  if (findings_.counts[static_cast<std::size_t>(kind)]++ >= DataFindings::kKeptPerKind) return;
  findings_.first.push_back({kind, Timestamp(ts_ns), instruments()[id].symbol, text(), action});
}

}  // namespace hftsim
