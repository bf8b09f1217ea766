#include "adapters/bar_reader.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>

#include "adapters/bar_time.h"
#include "adapters/lower_case.h"
#include "adapters/setting.h"
#include "engine/core/errors.h"

namespace hftsim {
namespace {

constexpr std::size_t kProbedRows = 1000;
constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

// The value that comes most often, the smallest of several such.
std::int64_t most_frequent(const std::map<std::int64_t, int>& counts) {
  return std::max_element(counts.begin(), counts.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

std::optional<Duration> infer_interval(std::span<const std::int64_t> open_ns) {
  std::map<std::int64_t, int> steps;
  for (std::size_t i = 1; i < open_ns.size(); ++i) {
    // Backwards counts too: that the bars are out of order is for the validator to say, with row and time.
    if (open_ns[i] != open_ns[i - 1]) ++steps[std::abs(open_ns[i] - open_ns[i - 1])];
  }
  if (steps.empty() || most_frequent(steps) > kIntervalMax.value) return std::nullopt;
  return Duration(most_frequent(steps));
}

// Where the grid of open times lies: sessions need not begin on the full hour.
Duration infer_phase(std::span<const std::int64_t> open_ns, Duration interval) {
  std::map<std::int64_t, int> phases;
  for (const std::int64_t ns : open_ns) ++phases[ns % interval.value];
  return Duration(most_frequent(phases));
}

std::string stem_of(std::filesystem::path name) {
  if (lower_case(name.extension().string()) == ".gz") name = name.stem();
  return name.stem().string();
}

// "1m", "15min", "4h", "1d": a small number and a unit.
bool is_interval_part(const std::string& part) {
  constexpr std::string_view kUnits[] = {"s",    "sec", "m",   "min", "minute", "h",  "hr",
                                         "hour", "d",   "day", "w",   "week",   "mo", "month"};
  const std::size_t digits = std::min(part.find_first_not_of("0123456789"), part.size());
  if (digits == 0 || digits > 4) return false;
  return std::find(std::begin(kUnits), std::end(kUnits), lower_case(part.substr(digits))) != std::end(kUnits);
}

// A year, or a date without dashes.
bool is_date_part(const std::string& part) {
  if (part.find_first_not_of("0123456789") != std::string::npos) return false;
  if (part.size() == 4) return part.starts_with("19") || part.starts_with("20");
  return part.size() == 8 && calendar_date_to_ns(std::stoll(part)) != kNoTime;
}

// Exchanges give the last instant inside the interval (59.999 s) or its end.
bool is_on_boundary(std::int64_t declared_ns, std::int64_t close_ns) {
  return declared_ns == kNoTime ||
         (declared_ns <= close_ns && close_ns - declared_ns <= kSecond.value / 1000);
}

void set_trades(Event& event, double trades) {
  constexpr double kTradesMax = std::numeric_limits<std::uint32_t>::max();
  const bool has_trades = !std::isnan(trades);
  event.trades = has_trades ? static_cast<std::uint32_t>(std::min(std::abs(trades), kTradesMax)) : 0;
  event.flags = !has_trades ? kNoTradeCount : trades < 0 ? kNegativeTrades : 0;
}

BarTable open_table(std::vector<std::filesystem::path> paths, const std::string& damage_advice) {
  try {
    return BarTable(std::move(paths));
  } catch (const BadInput& damage) {
    throw BadInput(damage.what() + damage_advice);
  }
}

}  // namespace

std::string symbol_of(const std::filesystem::path& path) {
  const std::string stem = stem_of(path.filename());
  for (std::size_t at = stem.find_first_of("-_"); at < stem.size();) {
    const std::size_t next = std::min(stem.find_first_of("-_", at + 1), stem.size());
    const std::string part = stem.substr(at + 1, next - at - 1);
    if (at > 0 && (is_interval_part(part) || is_date_part(part))) return stem.substr(0, at);
    at = next;
  }
  return stem;
}

BarReader::BarReader(const std::filesystem::path& path, BarReaderOptions options)
    : BarReader(std::vector<std::filesystem::path>{path}, path.string(), std::move(options)) {}

BarReader::BarReader(std::vector<std::filesystem::path> paths, const std::string& name,
                     BarReaderOptions options)
    : path_(name),
      table_(open_table(std::move(paths), options.damage_advice)),
      to_(options.to),
      damage_advice_(options.damage_advice) {
  next_rows();
  if (rows_.count == 0) throw BadInput(name, "a file without a bar", "at least one");
  instrument_.symbol = options.symbol.empty() ? symbol_of(path_) : options.symbol;
  choose_interval(options);
  validator_.emplace(BarValidatorOptions{
      options.policy, instrument_.symbol, interval(), infer_phase(probe(), interval()), options.now,
      [this](std::uint64_t row) { return table_.place_of(skipped_rows_ + row); }, options.policy_key});
  doubtful_.reserve(kBarRowsMax);
  if (options.from.value > INT64_MIN) skip_before(options.from);
}

std::span<const std::int64_t> BarReader::probe() const {
  return {rows_.open_ns, std::min(rows_.count, kProbedRows)};
}

// The next rows, up to the first that opens at or behind `to`.
void BarReader::next_rows() {
  try {
    rows_ = table_.next();
  } catch (const BadInput& damage) {
    throw BadInput(damage.what() + damage_advice_);
  }
  next_row_ = 0;
  if (to_.value == INT64_MAX) return;
  const std::int64_t* const end = rows_.open_ns + rows_.count;
  rows_.count = static_cast<std::size_t>(
      std::find_if(rows_.open_ns, end, [this](std::int64_t ns) { return ns >= to_.value; }) - rows_.open_ns);
}

void BarReader::skip_before(Timestamp from) {
  while (has_rows() && rows_.open_ns[next_row_] < from.value) {
    ++next_row_;
    ++skipped_rows_;
  }
}

void BarReader::choose_interval(const BarReaderOptions& options) {
  const std::optional<Duration> interval = options.interval.empty()
                                               ? infer_interval(probe())
                                               : checked_interval(options.interval, options.interval_key);
  if (!interval) {
    throw BadInput(
        path_.string(), "times that do not tell the bars' interval",
        "two bars of different times, or an interval (" + setting(options.interval_key, "1m") + ")");
  }
  instrument_.bar_interval = *interval;
}

std::size_t BarReader::read(std::span<Event> out) {
  std::size_t count = 0;
  while (count == 0 && !out.empty()) {
    if (next_doubtful_ < doubtful_.size() || validator_->has_backlog()) {
      count = read_judged(out);
    } else if (has_rows()) {
      count = read_fresh(out);
    } else {
      break;
    }
  }
  mark(out.first(count));
  return count;
}

std::size_t BarReader::read_judged(std::span<Event> out) {
  const BarValidator::Progress progress = validator_->run(std::span(doubtful_).subspan(next_doubtful_), out);
  next_doubtful_ += progress.consumed;
  return progress.produced;
}

// Good bars are written where they stay; from the first doubtful one on, the batch is judged bar by bar.
std::size_t BarReader::read_fresh(std::span<Event> out) {
  const std::span<Event> batch = out.first(std::min(out.size(), rows_.count - next_row_));
  decode(batch);
  next_row_ += batch.size();
  const std::size_t good = validator_->accept_good(batch);
  doubtful_.assign(batch.begin() + static_cast<std::ptrdiff_t>(good), batch.end());
  next_doubtful_ = 0;
  return good;
}

bool BarReader::has_rows() {
  if (next_row_ == rows_.count) next_rows();
  return rows_.count > 0;
}

void BarReader::decode(std::span<Event> out) {
  const BarRows& rows = rows_;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t row = next_row_ + i;
    Event& event = out[i];
    event.ts_ns = rows.open_ns[row] + instrument_.bar_interval.value;
    event.recv_ns = event.ts_ns;
    event.instrument = 0;
    event.kind = EventKind::bar;
    event.bar = {rows.open[row], rows.high[row], rows.low[row], rows.close[row], rows.volume[row]};
    set_trades(event, rows.trades == nullptr ? kNoNumber : rows.trades[row]);
    if (rows.close_ns != nullptr && !is_on_boundary(rows.close_ns[row], event.ts_ns)) {
      event.recv_ns = rows.close_ns[row];
    }
  }
}

void BarReader::mark(std::span<const Event> bars) {
  if (bars.empty()) return;
  if (!first_open_) first_open_ = bars.front().ts() - interval();
  last_open_ = bars.back().ts() - interval();
}

}  // namespace hftsim
