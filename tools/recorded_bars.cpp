#include "tools/recorded_bars.h"

#include <fmt/format.h>

#include <utility>

#include "adapters/bar_time.h"
#include "adapters/event_table.h"
#include "engine/core/errors.h"
#include "tools/recording_survey.h"

namespace hftsim {
namespace {

constexpr std::size_t kReadAhead = 1024;

RecordingSourceOptions choice(const RecordingReader& reader, const std::string& symbol) {
  RecordingSourceOptions options;
  options.kinds = {EventKind::bar, EventKind::session_mark};
  options.keep_times = true;
  if (reader.header().instruments.size() > 1) options.symbols = {symbol};
  return options;
}

std::string counts_text(const RecordingReader& reader) {
  std::string text;
  const auto counts = reader.kind_counts();
  for (std::size_t k = 0; counts && k < counts->size(); ++k) {
    if ((*counts)[k] == 0) continue;
    text +=
        fmt::format("{}{} x {}", text.empty() ? "" : ", ", (*counts)[k], name_of(static_cast<EventKind>(k)));
  }
  return text.empty() ? "no event" : text;
}

Duration phase_of(std::int64_t ts_ns, Duration interval) {
  if (interval.value == 0) return interval;
  return Duration((ts_ns % interval.value + interval.value) % interval.value);
}

}  // namespace

void require_interval(const Instrument& instrument, const std::string& path, const std::string& interval) {
  if (interval.empty()) return;
  if (checked_interval(interval, "data.interval") == instrument.bar_interval) return;
  throw BadInput("data.interval", interval,
                 fmt::format("{}, which the bars of {} in {} have", format_interval(instrument.bar_interval),
                             instrument.symbol, path));
}

void require_kind(const RecordingReader& reader, EventKind kind, const std::string& expectation) {
  const auto counts = reader.kind_counts();
  if (reader.event_count() > 0 && (!counts || (*counts)[static_cast<std::size_t>(kind)] > 0)) return;
  throw BadInput(reader.name(), "a recording with " + counts_text(reader), expectation);
}

DataFindings cut_off(const RecordingReader& reader) {
  const std::int64_t last_ns = reader.blocks().empty() ? 0 : reader.blocks().back().last_ns;
  DataFindings one;
  one.counts[static_cast<std::size_t>(FindingKind::recorded_gap)] = 1;
  one.first.push_back({FindingKind::recorded_gap, Timestamp(last_ns), "all of " + reader.name(),
                       reader.tail().describe(), "kept"});
  return one;
}

DataFindings gap_at(const Event& mark, const std::string& symbol) {
  DataFindings one;
  one.counts[static_cast<std::size_t>(FindingKind::recorded_gap)] = 1;
  one.first.push_back({FindingKind::recorded_gap, mark.ts(), symbol, describe_mark(mark), "kept"});
  return one;
}

RecordedBars::RecordedBars(const std::filesystem::path& path, const std::string& symbol,
                           RecordedBarsOptions options)
    : path_(path.string()),
      options_(options),
      source_(path, choice(RecordingReader(path), symbol)),
      events_(kReadAhead) {}

std::size_t RecordedBars::read(std::span<Event> out) {
  std::size_t count = 0;
  while (count == 0 && !out.empty()) {
    if (next_bar_ < bars_.size() || (validator_ && validator_->has_backlog())) {
      const BarValidator::Progress progress = validator_->run(std::span(bars_).subspan(next_bar_), out);
      next_bar_ += progress.consumed;
      count = progress.produced;
    } else if (!refill()) {
      break;
    }
  }
  return count;
}

// False at the end.
bool RecordedBars::refill() {
  bars_.clear();
  next_bar_ = 0;
  const std::size_t count = source_.read(events_);
  for (const Event& event : std::span(events_).first(count)) {
    if (event.kind == EventKind::session_mark) {
      if (event.session.mark == SessionMark::gap)
        gaps_.merge(gap_at(event, source_.instruments().front().symbol));
      continue;
    }
    bars_.push_back(event);
    bars_.back().recv_ns = event.ts_ns;  // to the validator it is the close time that a file declares
  }
  if (count == 0 && !std::exchange(at_end_, true) && !source_.reader().tail().complete) {
    gaps_.merge(cut_off(source_.reader()));
  }
  if (!validator_ && !bars_.empty()) validator_.emplace(validator_options(bars_.front()));
  return count > 0;
}

BarValidatorOptions RecordedBars::validator_options(const Event& first_bar) {
  const Instrument& instrument = source_.instruments().front();
  BarValidatorOptions options;
  options.policy = options_.policy;
  options.symbol = instrument.symbol;
  options.interval = instrument.bar_interval;
  options.phase = phase_of(first_bar.ts_ns, instrument.bar_interval);
  // A session records what its exchange had closed, by that exchange's clock.
  const bool is_session = source_.reader().order() == EventOrder::receive;
  options.now = is_session ? Timestamp(INT64_MAX) : options_.now;
  options.policy_key = options_.policy_key;
  options.place_of = [this](std::uint64_t bar) {
    return fmt::format("{}: bar {} of {}", path_, bar, source_.instruments().front().symbol);
  };
  return options;
}

const DataFindings& RecordedBars::findings() const {
  findings_ = gaps_;
  if (validator_) findings_.merge(validator_->findings());
  return findings_;
}

std::vector<std::unique_ptr<BarSource>> open_recorded_bars(const std::filesystem::path& path,
                                                           const std::string& interval,
                                                           RecordedBarsOptions options) {
  const RecordingReader reader(path);
  const auto counts = reader.kind_counts();
  const bool has_trades = counts && (*counts)[static_cast<std::size_t>(EventKind::trade)] > 0;
  require_kind(reader, EventKind::bar,
               has_trades ? "bars in it, or --bars 1m (1000t, 50v, 1e6d), which makes them of its trades"
                          : "bars in it");
  std::vector<std::unique_ptr<BarSource>> sources;
  for (const Instrument& instrument : reader.header().instruments) {
    require_interval(instrument, path.string(), interval);
    sources.push_back(std::make_unique<RecordedBars>(path, instrument.symbol, options));
  }
  return sources;
}

}  // namespace hftsim
