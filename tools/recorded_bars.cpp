#include "tools/recorded_bars.h"

#include <fmt/format.h>

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

void require_interval(const Instrument& instrument, const std::string& path, const std::string& interval) {
  if (interval.empty()) return;
  if (checked_interval(interval, "data.interval") == instrument.bar_interval) return;
  throw BadInput("data.interval", interval,
                 fmt::format("{}, which the bars of {} in {} have", format_interval(instrument.bar_interval),
                             instrument.symbol, path));
}

}  // namespace

RecordedBars::RecordedBars(const std::filesystem::path& path, const std::string& symbol,
                           RecordedBarsOptions options)
    : path_(path.string()),
      options_(options),
      source_(path, choice(RecordingReader(path), symbol)),
      events_(kReadAhead) {
  if (source_.instruments().front().bar_interval.value > 0) return;
  throw BadInput(path_, "bars of " + symbol + " without a fixed interval", "bars of one interval");
}

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
      if (event.session.mark == SessionMark::gap) note(event);
      continue;
    }
    bars_.push_back(event);
    bars_.back().recv_ns = event.ts_ns;  // to the validator it is the close time that a file declares
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
  options.phase = Duration((first_bar.ts_ns % instrument.bar_interval.value + instrument.bar_interval.value) %
                           instrument.bar_interval.value);
  options.now = options_.now;
  options.place_of = [this](std::uint64_t bar) {
    return fmt::format("{}: bar {} of {}", path_, bar, source_.instruments().front().symbol);
  };
  return options;
}

void RecordedBars::note(const Event& mark) {
  DataFindings one;
  one.counts[static_cast<std::size_t>(FindingKind::recorded_gap)] = 1;
  one.first.push_back({FindingKind::recorded_gap, mark.ts(), source_.instruments().front().symbol,
                       describe_mark(mark), "kept"});
  gaps_.merge(one);
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
  const auto bars = static_cast<std::size_t>(EventKind::bar);
  if (reader.event_count() == 0 || (counts && (*counts)[bars] == 0)) {
    throw BadInput(path.string(), "a recording with " + counts_text(reader), "bars in it");
  }
  std::vector<std::unique_ptr<BarSource>> sources;
  for (const Instrument& instrument : reader.header().instruments) {
    require_interval(instrument, path.string(), interval);
    sources.push_back(std::make_unique<RecordedBars>(path, instrument.symbol, options));
  }
  return sources;
}

}  // namespace hftsim
