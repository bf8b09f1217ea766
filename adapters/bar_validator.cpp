#include "adapters/bar_validator.h"

#include <algorithm>
#include <cassert>
#include <cfloat>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "adapters/bar_time.h"
#include "adapters/setting.h"
#include "engine/core/clock.h"
#include "engine/core/errors.h"
#include "engine/core/nearest_name.h"

namespace hftsim {
namespace {

constexpr Duration kPauseMax = 5 * kDay;  // a weekend with holidays around it

constexpr std::array<std::string_view, 3> kPolicyNames{"reject", "skip", "repair"};
constexpr std::array<std::string_view, kFindingKindCount> kKindNames{
    "gap",        "duplicate",      "out_of_order",    "off_boundary", "short_bar",       "still_open",
    "non_finite", "bad_price",      "negative_volume", "bad_range",    "negative_trades", "recorded_gap",
    "bad_trade",  "repeated_trade", "off_book_trade",  "partial_bar"};
constexpr std::array<std::string_view, kFindingKindCount> kExpectations{
    "bars one interval apart",
    "one bar per time",
    "bars in the order of their times",
    "bars that begin on the interval's grid",
    "a bar that closes at the end of its interval",
    "closed bars",
    "finite prices and volume",
    "prices above zero",
    "a volume of zero or more",
    "low <= open, close <= high",
    "a number of trades of zero or more",
    "streams without a gap",
    "trades with a price and a quantity above 0",
    "every trade once",
    "trades of the book",
    "whole bars"};

bool are_finite(const BarBody& bar) {
  return std::isfinite(bar.open) && std::isfinite(bar.high) && std::isfinite(bar.low) &&
         std::isfinite(bar.close);
}

double lowest(const BarBody& bar) {
  return std::min({bar.open, bar.high, bar.low, bar.close});
}
double highest(const BarBody& bar) {
  return std::max({bar.open, bar.high, bar.low, bar.close});
}

std::string prices_of(const BarBody& bar) {
  return fmt::format("open {} high {} low {} close {}", bar.open, bar.high, bar.low, bar.close);
}

}  // namespace

std::string_view name_of(DataPolicy policy) {
  return kPolicyNames[static_cast<std::size_t>(policy)];
}
std::string_view name_of(FindingKind kind) {
  return kKindNames[static_cast<std::size_t>(kind)];
}

DataPolicy parse_data_policy(std::string_view name, const std::string& key) {
  for (std::size_t i = 0; i < kPolicyNames.size(); ++i) {
    if (name == kPolicyNames[i]) return DataPolicy(i);
  }
  const std::vector<std::string> known(kPolicyNames.begin(), kPolicyNames.end());
  throw BadInput(key, "'" + std::string(name) + "'" + did_you_mean(name, known), "reject, skip or repair");
}

std::uint64_t DataFindings::total() const {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : counts) sum += count;
  return sum;
}

void DataFindings::merge(const DataFindings& other) {
  std::array<std::uint64_t, kFindingKindCount> kept{};
  for (const Finding& finding : first) ++kept[static_cast<std::size_t>(finding.kind)];
  for (const Finding& finding : other.first) {
    if (kept[static_cast<std::size_t>(finding.kind)]++ < kKeptPerKind) first.push_back(finding);
  }
  for (std::size_t i = 0; i < kFindingKindCount; ++i) counts[i] += other.counts[i];
}

BarValidator::BarValidator(BarValidatorOptions options) : options_(std::move(options)) {
  assert(options_.interval.value >= 0);
}

bool BarValidator::is_good(const Event& event) const {
  const BarBody& bar = event.bar;
  const bool is_next =
      is_irregular() ? event.ts_ns >= seen_ts_ns_ : event.ts_ns == seen_ts_ns_ + options_.interval.value;
  return is_next && event.recv_ns == event.ts_ns && event.ts_ns <= options_.now.value && bar.low > 0 &&
         bar.low <= bar.open && bar.low <= bar.close && bar.open <= bar.high && bar.close <= bar.high &&
         bar.high <= DBL_MAX && bar.volume >= 0 && bar.volume <= DBL_MAX &&
         (event.flags & kNegativeTrades) == 0;
}

std::size_t BarValidator::accept_good(std::span<const Event> bars) {
  if (seen_ts_ns_ == kNoBar || has_backlog()) return 0;
  std::size_t good = 0;
  for (; good < bars.size() && is_good(bars[good]); ++good) seen_ts_ns_ = bars[good].ts_ns;
  if (good > 0) keep(bars[good - 1]);
  judged_ += good;
  return good;
}

BarValidator::Progress BarValidator::run(std::span<const Event> bars, std::span<Event> out) {
  Progress progress;
  while (progress.produced < out.size()) {
    if (fills_left_ > 0) {
      out[progress.produced++] = next_fill();
    } else if (after_fills_) {
      keep(*after_fills_);
      out[progress.produced++] = *std::exchange(after_fills_, std::nullopt);
    } else if (progress.consumed < bars.size()) {
      Event bar = bars[progress.consumed++];
      const bool goes_on = judge(bar);
      ++judged_;
      if (goes_on) after_fills_ = bar;
    } else {
      break;
    }
  }
  return progress;
}

bool BarValidator::judge(Event& bar) {
  if (!judge_order(bar) || !judge_grid(bar) || !judge_now(bar)) return false;
  judge_gap(bar);
  seen_ts_ns_ = bar.ts_ns;  // even if it is dropped: a bar dropped is no bar missing
  return judge_close_time(bar) && judge_prices(bar) && judge_volume(bar) && judge_range(bar) &&
         judge_trades(bar);
}

bool BarValidator::judge_now(Event& bar) {
  if (bar.ts() <= options_.now) return true;
  const auto text = [&] {
    return fmt::format("a close at {} UTC, after now ({})", format_utc(bar.ts()), format_utc(options_.now));
  };
  return found(FindingKind::still_open, bar, text, "");
}

bool BarValidator::judge_close_time(Event& bar) {
  if (bar.recv_ns == bar.ts_ns) return true;
  const Timestamp declared(std::exchange(bar.recv_ns, bar.ts_ns));
  const auto text = [&] {
    return fmt::format("a close at {} UTC with volume {}", format_utc(declared), bar.bar.volume);
  };
  return found(FindingKind::short_bar, bar, text, "kept");
}

bool BarValidator::judge_order(Event& bar) {
  if (bar.ts_ns == kept_ts_ns_ && !is_irregular()) {
    return found(
        FindingKind::duplicate, bar, [] { return "a second bar of this time"; }, "");
  }
  if (bar.ts_ns >= seen_ts_ns_) return true;
  const auto text = [&] {
    return "a bar older than the one before it, of " +
           format_utc(Timestamp(seen_ts_ns_ - options_.interval.value));
  };
  return found(FindingKind::out_of_order, bar, text, "");
}

bool BarValidator::judge_grid(Event& bar) {
  if (options_.interval >= kDay || is_irregular()) return true;
  const std::int64_t interval_ns = options_.interval.value;
  const std::int64_t remainder_ns = (bar.ts_ns - options_.phase.value) % interval_ns;
  if (remainder_ns == 0) return true;
  const std::int64_t past_grid_ns = remainder_ns < 0 ? remainder_ns + interval_ns : remainder_ns;
  const bool is_free = seen_ts_ns_ == kNoBar || bar.ts_ns - past_grid_ns > seen_ts_ns_;
  const auto text = [&] {
    return fmt::format("a time {} ns past the {} grid", past_grid_ns, format_interval(options_.interval));
  };
  if (!found(FindingKind::off_boundary, bar, text, is_free ? "moved back to the grid" : "")) return false;
  bar.ts_ns -= past_grid_ns;
  bar.recv_ns = bar.ts_ns;
  return true;
}

void BarValidator::judge_gap(const Event& bar) {
  if (seen_ts_ns_ == kNoBar || is_irregular()) return;
  const std::int64_t interval_ns = options_.interval.value;
  const std::int64_t missing = (bar.ts_ns - seen_ts_ns_) / interval_ns - 1;
  if (missing < 1) return;
  const bool daily = options_.interval >= kDay;
  const bool may_pause = daily && bar.ts() - Timestamp(seen_ts_ns_) - options_.interval <= kPauseMax;
  const bool fills =
      options_.policy == DataPolicy::repair && !daily && missing <= kFillMax && kept_ts_ns_ == seen_ts_ns_;
  const std::int64_t first_open_ns = seen_ts_ns_;
  const auto text = [missing] {
    return fmt::format("{} bar{} missing", missing, missing == 1 ? "" : "s");
  };
  if (options_.policy == DataPolicy::reject && !may_pause) refuse(FindingKind::gap, first_open_ns, text);
  note(FindingKind::gap, first_open_ns, text, fills ? fmt::format("{} filled", missing) : "kept");
  fills_left_ = fills ? missing : 0;
}

bool BarValidator::judge_prices(Event& bar) {
  const bool finite = are_finite(bar.bar);
  if (finite && lowest(bar.bar) > 0) return true;
  const FindingKind kind = finite ? FindingKind::bad_price : FindingKind::non_finite;
  if (!found(
          kind, bar, [&] { return prices_of(bar.bar); }, flatten_action()))
    return false;
  bar.bar.open = bar.bar.high = bar.bar.low = bar.bar.close = last_close_;
  return true;
}

bool BarValidator::judge_volume(Event& bar) {
  const bool finite = std::isfinite(bar.bar.volume);
  if (finite && bar.bar.volume >= 0) return true;
  const auto text = [&] {
    return fmt::format("volume {}", bar.bar.volume);
  };
  const FindingKind kind = finite ? FindingKind::negative_volume : FindingKind::non_finite;
  if (!found(kind, bar, text, "volume 0")) return false;
  bar.bar.volume = 0;
  return true;
}

bool BarValidator::judge_range(Event& bar) {
  if (bar.bar.low <= lowest(bar.bar) && bar.bar.high >= highest(bar.bar)) return true;
  if (!found(
          FindingKind::bad_range, bar, [&] { return prices_of(bar.bar); }, "widened"))
    return false;
  const double low = lowest(bar.bar);
  bar.bar.high = highest(bar.bar);
  bar.bar.low = low;
  return true;
}

bool BarValidator::judge_trades(Event& bar) {
  if ((bar.flags & kNegativeTrades) == 0) return true;
  const auto text = [&] {
    return fmt::format("trades -{}", bar.trades);
  };
  if (!found(FindingKind::negative_trades, bar, text, "no trade count")) return false;
  bar.trades = 0;
  bar.flags = static_cast<std::uint8_t>((bar.flags & ~kNegativeTrades) | kNoTradeCount);
  return true;
}

template <class Text>
bool BarValidator::found(FindingKind kind, Event& bar, const Text& text, std::string_view repair) {
  if (options_.policy == DataPolicy::reject) refuse(kind, open_ns_of(bar), text);
  const bool goes_on = options_.policy == DataPolicy::repair && !repair.empty();
  note(kind, open_ns_of(bar), text, goes_on ? repair : "dropped");
  if (goes_on) bar.flags = static_cast<std::uint8_t>(bar.flags | kRepaired);
  return goes_on;
}

template <class Text>
void BarValidator::note(FindingKind kind, std::int64_t open_ns, const Text& text, std::string_view action) {
  if (findings_.counts[static_cast<std::size_t>(kind)]++ >= DataFindings::kKeptPerKind) return;
  findings_.first.push_back({kind, Timestamp(open_ns), options_.symbol, text(), std::string(action)});
}

// Counted too: a run that was cut off by it says so in its summary.
template <class Text>
void BarValidator::refuse(FindingKind kind, std::int64_t open_ns, const Text& text) {
  note(kind, open_ns, text, "refused");
  const std::string place = options_.place_of ? options_.place_of(judged_) + ": " : "";
  throw BadInput(
      fmt::format("{}{} {} UTC: {}", place, options_.symbol, format_utc(Timestamp(open_ns)), name_of(kind)),
      text(),
      fmt::format("{} ({} or {} goes on and counts them)", kExpectations[static_cast<std::size_t>(kind)],
                  setting(options_.policy_key, "skip"), "repair"));
}

void BarValidator::keep(const Event& bar) {
  kept_ts_ns_ = bar.ts_ns;
  last_close_ = bar.bar.close;
  instrument_ = bar.instrument;
  no_trade_count_ = bar.has(kNoTradeCount);
}

// The bar of an interval in which nothing traded.
Event BarValidator::next_fill() {
  const BarBody flat{last_close_, last_close_, last_close_, last_close_, 0.0};
  const auto flags = static_cast<std::uint8_t>(kRepaired | (no_trade_count_ ? kNoTradeCount : 0));
  const Event bar = make_bar(Timestamp(kept_ts_ns_) + options_.interval, instrument_, flat, 0, flags);
  --fills_left_;
  keep(bar);
  return bar;
}

}  // namespace hftsim
