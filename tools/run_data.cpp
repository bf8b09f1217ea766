#include "tools/run_data.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "adapters/bar_time.h"
#include "engine/core/clock.h"
#include "engine/core/errors.h"
#include "replay/bar_generator.h"
#include "replay/file_hash.h"
#include "replay/merged_source.h"
#include "replay/recording_reader.h"
#include "tools/bar_spec_text.h"
#include "tools/cache_data.h"
#include "tools/recorded_bars.h"
#include "tools/recorded_session.h"
#include "tools/recorded_trade_bars.h"

namespace hftsim {
namespace {

constexpr std::size_t kFirstBars = 256;

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

// " (12 x bad_price)"; "" without findings.
std::string counts_of(const DataFindings& findings) {
  std::vector<std::string> counts;
  for (std::size_t k = 0; k < kFindingKindCount; ++k) {
    if (findings.counts[k] == 0) continue;
    counts.push_back(std::to_string(findings.counts[k]) + " x " +
                     std::string(name_of(static_cast<FindingKind>(k))));
  }
  return counts.empty() ? "" : " (" + joined(counts) + ")";
}

// All instruments of the recording in one source.
std::vector<std::unique_ptr<BarSource>> open_trade_bars(const RunConfig& config, const std::string& file,
                                                        const RecordedBarsOptions& options) {
  // What is there and is something else; the recording's reader says what is wrong with others.
  std::error_code ignored;
  if (!names_cache(file) && std::filesystem::file_size(file, ignored) > 0 && !ignored &&
      !is_recording(file)) {
    throw BadInput("data.trade_bars", config.data.trade_bars + ", and bars in " + file,
                   "a recording with trades");
  }
  std::vector<std::unique_ptr<BarSource>> sources;
  const BarSpec spec = parse_bar_spec(config.data.trade_bars, "data.trade_bars");
  sources.push_back(names_cache(file)
                        ? std::make_unique<RecordedTradeBars>(open_cached_trades(file), file, spec, options)
                        : std::make_unique<RecordedTradeBars>(file, spec, options));
  return sources;
}

// A recording is told by how it begins, not by its name.
std::vector<std::unique_ptr<BarSource>> open_bars(const RunConfig& config, const std::string& file) {
  const DataPolicy policy = parse_data_policy(config.data.policy);
  const Timestamp now = wall_clock_now();
  if (!config.data.trade_bars.empty()) return open_trade_bars(config, file, {policy, now});
  if (!names_cache(file) && is_recording(file))
    return open_recorded_bars(file, config.data.interval, {policy, now});
  BarReaderOptions options;
  options.interval = config.data.interval;
  options.policy = policy;
  options.now = now;
  std::vector<std::unique_ptr<BarSource>> sources;
  sources.push_back(open_bar_data(file, options));
  return sources;
}

// A file that the config names is refused with the config's line.
std::vector<std::unique_ptr<BarSource>> open_file(const RunConfig& config, const std::string& file) {
  try {
    return open_bars(config, file);
  } catch (const BadInput& error) {
    const auto place = config.places.find("data.path");
    if (place == config.places.end() || place->second.starts_with("--")) throw;
    throw BadInput(place->second + ": data.path: " + error.what());
  }
}

// A merge would refuse the second one without knowing its file.
void require_own_symbols(const std::vector<const BarSource*>& sources,
                         const std::vector<std::string>& file_of_source) {
  std::map<std::string, std::string> file_of;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    for (const Instrument& instrument : sources[i]->instruments()) {
      const auto [known, is_new] = file_of.emplace(instrument.symbol, file_of_source[i]);
      if (is_new) continue;
      throw BadInput("data.path", instrument.symbol + " in " + known->second + " and in " + file_of_source[i],
                     "one file per symbol, which is the name's part before an interval or a date");
    }
  }
}

}  // namespace

RunData::RunData(const RunConfig& config) : path_(joined(config.data.path)), files_(config.data.path) {
  if (config.data.order == "recorded") {
    open_session(config);
  } else if (std::find(files_.begin(), files_.end(), kGeneratedData) == files_.end()) {
    open_files(config);
  } else if (files_.size() == 1) {
    open_generator(config);
  } else {
    throw BadInput("data.path", path_, "files, or generated alone");
  }
  instruments_.assign(source_->instruments().begin(), source_->instruments().end());
  set_account_steps(instruments_, config);
  openings_ = BarOpenings(instruments_);
}

void RunData::open_files(const RunConfig& config) {
  std::vector<std::unique_ptr<EventSource>> sources;
  std::vector<std::string> file_of_source;
  for (const std::string& file : files_) {
    for (std::unique_ptr<BarSource>& source : open_file(config, file)) {
      bar_sources_.push_back(source.get());
      file_of_source.push_back(file);
      sources.push_back(std::move(source));
    }
  }
  require_own_symbols(bar_sources_, file_of_source);
  if (sources.size() == 1) {
    source_ = std::move(sources.front());
  } else {
    source_ = std::make_unique<MergedSource>(std::move(sources));
  }
}

void RunData::open_session(const RunConfig& config) {
  const std::string& file = files_.front();
  if (file == kGeneratedData || names_cache(file)) {
    throw BadInput("data.path", file, "a recording (.hfr): data.order is recorded");
  }
  auto session =
      std::make_unique<RecordedSession>(file, config.data.interval, config.execution.venue == "ticks");
  bar_sources_.push_back(session.get());
  source_ = std::move(session);
}

void RunData::open_generator(const RunConfig& config) {
  if (!config.data.trade_bars.empty()) {
    throw BadInput("data.trade_bars", config.data.trade_bars + ", and generated bars",
                   "a recording with trades");
  }
  BarGeneratorOptions options;
  options.seed = static_cast<std::uint64_t>(config.run.seed);
  options.bars = static_cast<std::uint64_t>(config.data.bars);
  options.symbols = generated_symbols(static_cast<std::size_t>(config.data.symbols));
  if (!config.data.interval.empty()) {
    options.interval = checked_interval(config.data.interval, "data.interval");
  }
  generator_options_ = options.describe();
  source_ = std::make_unique<BarGenerator>(options);
}

std::size_t RunData::read(std::span<Event> out) {
  const bool is_ahead = next_first_bar_ < first_bars_.size();
  const std::size_t count = is_ahead ? take_first_bars(out) : source_->read(out);
  observe(out.first(count));
  return count;
}

void RunData::read_first_bars() {
  first_bars_.resize(kFirstBars);
  first_bars_.resize(source_->read(first_bars_));
  if (first_bars_.empty()) {
    throw BadInput(path_, "no bar that its policy keeps" + counts_of(findings()), "at least one");
  }
}

std::size_t RunData::take_first_bars(std::span<Event> out) {
  const std::size_t count = std::min(out.size(), first_bars_.size() - next_first_bar_);
  std::copy_n(first_bars_.begin() + static_cast<std::ptrdiff_t>(next_first_bar_), count, out.begin());
  next_first_bar_ += count;
  return count;
}

void RunData::sample_candles() {
  candles_.resize(instruments_.size());
}

void RunData::observe(std::span<const Event> events) {
  for (const Event& event : events) {
    if (event.kind == EventKind::bar) observe_bar(event);
  }
}

void RunData::observe_bar(const Event& bar) {
  ++bars_;
  bars_without_trade_count_ += bar.has(kNoTradeCount) ? 1u : 0u;
  last_close_ = bar.ts();
  if (!first_open_) first_open_ = Timestamp(BarOpenings(openings_).open_ns(bar));
  if (!candles_.empty()) candles_[bar.instrument].add({openings_.open_ns(bar), bar.bar});
}

std::string RunData::sha256() const {
  if (!generator_options_.empty()) return sha256_of_text(generator_options_);
  std::vector<std::filesystem::path> files;
  for (const std::string& data : files_) {
    for (const std::filesystem::path& file : files_of_data(data)) files.push_back(file);
  }
  if (files.size() == 1) return sha256_of_file(files.front());
  std::string digests;
  for (const std::filesystem::path& file : files) digests += sha256_of_file(file);
  return sha256_of_text(digests);
}

DataFindings RunData::findings() const {
  DataFindings all;
  for (const BarSource* source : bar_sources_) all.merge(source->findings());
  return all;
}

}  // namespace hftsim
