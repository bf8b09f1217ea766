// Judges a stream of one instrument's bars by a named policy. Nothing is silently repaired: what is wrong is
// counted by kind, the first findings of each kind are kept with their times.
//
//   finding          what it is                              skip      repair
//   gap              bars missing before this one            kept      flat bars at the last close, volume 0
//   duplicate        a second bar of the same time           dropped   dropped
//   out_of_order     older than the bar before               dropped   dropped (a stream cannot be sorted)
//   off_boundary     does not begin on the interval's grid   dropped   moved back to the grid, if free
//   short_bar        its close_time is not its interval's    dropped   kept, marked
//   still_open       closes after `now`                      dropped   dropped
//   non_finite       a price or the volume is NaN or inf     dropped   flat at the last close; volume 0
//   bad_price        a price is zero or negative             dropped   flat at the last close
//   negative_volume  volume below 0                          dropped   volume 0
//   bad_range        high or low does not cover the bar      dropped   high and low widened
//   negative_trades  number of trades below 0                dropped   as if there were no number
//   recorded_gap     a recording says that a stream broke    kept      kept, under `reject` too (not of bars)
// and, of bars that are made of trades (tools/recorded_trade_bars.h), bad_trade, repeated_trade, off_book_trade and
// partial_bar.
//
// `reject` throws BadInput at the first finding. Repaired and filled bars carry kRepaired. A bar that cannot
// be repaired (nothing came before it) is dropped. Gaps: daily and longer bars pause on weekends and
// holidays, so there a gap of up to 5 days is neither fatal nor filled, only counted, and the grid is not
// checked (exchanges' days shift with daylight saving). A gap of more than kFillMax bars is counted but not
// filled. Not modelled: session calendars. Intraday data with nights need `skip`.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/event.h"
#include "engine/core/units.h"

namespace hftsim {

enum class DataPolicy : std::uint8_t { reject, skip, repair };
std::string_view name_of(DataPolicy policy);
// Throws BadInput(key, ...) with the known names and the nearest.
DataPolicy parse_data_policy(std::string_view name, const std::string& key = "data.policy");

enum class FindingKind : std::uint8_t {
  gap,
  duplicate,
  out_of_order,
  off_boundary,
  short_bar,
  still_open,
  non_finite,
  bad_price,
  negative_volume,
  bad_range,
  negative_trades,
  recorded_gap,
  bad_trade,
  repeated_trade,
  off_book_trade,
  partial_bar,
};
inline constexpr std::size_t kFindingKindCount = 16;
std::string_view name_of(FindingKind kind);

// A flag of a bar that is still to be judged, beside EventFlag's: its number of trades is -`trades`.
inline constexpr std::uint8_t kNegativeTrades = 128;

struct Finding {
  FindingKind kind;
  Timestamp open_ts;  // of the bar; of the first missing bar for a gap
  std::string symbol;
  std::string value;   // "open 10 high 9.5 low 9 close 9.2"
  std::string action;  // "dropped", "kept", "3 filled", "widened"...
};

struct DataFindings {
  static constexpr std::size_t kKeptPerKind = 100;

  std::array<std::uint64_t, kFindingKindCount> counts{};
  std::vector<Finding> first;  // in the order found, at most kKeptPerKind of each kind

  std::uint64_t count(FindingKind kind) const { return counts[static_cast<std::size_t>(kind)]; }
  std::uint64_t total() const;
  void merge(const DataFindings& other);  // for a run over several files
};

struct BarValidatorOptions {
  DataPolicy policy = DataPolicy::reject;
  std::string symbol = {};
  Duration interval{
      60'000'000'000};       // 0: irregular bars, which have no grid, no gaps, and may close at one time
  Duration phase{0};         // where the grid lies: open time modulo interval
  Timestamp now{INT64_MAX};  // a bar that closes later is still open
  // Where the n-th bar given, from 0, is found ("data.csv:17"); for messages, may be empty.
  std::function<std::string(std::uint64_t)> place_of = {};
  std::string policy_key = "data.policy";  // what the user sets the policy by, for messages (setting.h)
};

class BarValidator {
 public:
  static constexpr std::int64_t kFillMax = 10'000;

  explicit BarValidator(BarValidatorOptions options);

  // How many bars from the front of `bars` are good and need no further look; they count as seen. 0 at the
  // start and while run() has a backlog. A bar's recv_ns is the close time that its file declares (ts_ns
  // where it declares none). Allocates nothing.
  std::size_t accept_good(std::span<const Event> bars);

  struct Progress {
    std::size_t consumed = 0;
    std::size_t produced = 0;
  };
  // Judges bar by bar and writes what the policy leaves, until `out` is full or `bars` at its end. Throws
  // BadInput under `reject`.
  Progress run(std::span<const Event> bars, std::span<Event> out);
  // A gap is being filled: run() has more to give without further bars.
  bool has_backlog() const { return fills_left_ > 0 || after_fills_.has_value(); }

  const DataFindings& findings() const { return findings_; }

 private:
  static constexpr std::int64_t kNoBar = INT64_MIN;

  bool is_good(const Event& bar) const;
  // Each: whether the bar goes on. They repair it in place.
  bool judge(Event& bar);
  bool judge_order(Event& bar);
  bool judge_grid(Event& bar);
  bool judge_now(Event& bar);
  bool judge_close_time(Event& bar);
  bool judge_prices(Event& bar);
  bool judge_volume(Event& bar);
  bool judge_range(Event& bar);
  bool judge_trades(Event& bar);
  void judge_gap(const Event& bar);

  // One finding about a bar: counted, kept if among the first, thrown under `reject`. `repair` says what is
  // done about it under that policy, "" for nothing. Whether the bar goes on.
  template <class Text>
  bool found(FindingKind kind, Event& bar, const Text& text, std::string_view repair);
  template <class Text>
  void note(FindingKind kind, std::int64_t open_ns, const Text& text, std::string_view action);
  template <class Text>
  [[noreturn]] void refuse(FindingKind kind, std::int64_t open_ns, const Text& text);

  void keep(const Event& bar);
  Event next_fill();
  bool is_irregular() const { return options_.interval.value == 0; }
  std::int64_t open_ns_of(const Event& bar) const { return bar.ts_ns - options_.interval.value; }
  std::string_view flatten_action() const { return kept_ts_ns_ == kNoBar ? "" : "flat at the last close"; }

  BarValidatorOptions options_;
  DataFindings findings_;
  std::uint64_t judged_ = 0;          // bars given so far
  std::int64_t seen_ts_ns_ = kNoBar;  // of the last bar in order, kept or not
  std::int64_t kept_ts_ns_ = kNoBar;  // of the last bar that went on; what a fill copies comes from it:
  double last_close_ = 0;
  InstrumentId instrument_ = 0;
  bool no_trade_count_ = false;
  std::int64_t fills_left_ = 0;
  std::optional<Event> after_fills_;
};

}  // namespace hftsim
