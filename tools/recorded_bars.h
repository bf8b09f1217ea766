// The bars of one instrument of a recording, judged by the run's policy like those of any file. A bar is known when it
// closes, whichever clock the recording is in order of. Marks of gaps on the instrument's streams are findings
// (recorded_gap), kept under every policy: what is missing may have been trades or book changes. So is the end of a
// recording that was cut off.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/bar_source.h"
#include "replay/recording_source.h"

namespace hftsim {

struct RecordedBarsOptions {
  DataPolicy policy = DataPolicy::reject;
  Timestamp now{INT64_MAX};                // a bar that closes later is still open
  std::string policy_key = "data.policy";  // what the user sets the policy by, for messages (setting.h)
};

// Throws BadInput(its name, what it has, `expectation`) where the recording has no event of that kind; one that was not
// closed is not searched.
void require_kind(const RecordingReader& reader, EventKind kind, const std::string& expectation);

// Throws BadInput where the instrument's bars are of another interval than `interval`; "": any will do.
void require_interval(const Instrument& instrument, const std::string& path, const std::string& interval);

// The finding that a recording which nobody closed is: where it ends and what is lost.
DataFindings cut_off(const RecordingReader& reader);

// The finding that a mark of a gap is.
DataFindings gap_at(const Event& mark, const std::string& symbol);

class RecordedBars final : public BarSource {
 public:
  // Throws BadInput where there is no such symbol.
  RecordedBars(const std::filesystem::path& path, const std::string& symbol, RecordedBarsOptions options);

  std::span<const Instrument> instruments() const override { return source_.instruments(); }
  // Throws BadInput where the recording is damaged, or for a bar that the policy rejects.
  std::size_t read(std::span<Event> out) override;
  std::uint64_t size_hint() const override { return source_.size_hint(); }
  const DataFindings& findings() const override;

 private:
  bool refill();
  BarValidatorOptions validator_options(const Event& first_bar);

  std::string path_;
  RecordedBarsOptions options_;
  RecordingSource source_;
  std::optional<BarValidator> validator_;  // from the first bar on, which says where the grid lies
  std::vector<Event> events_, bars_;       // as read; those that are still to be judged
  std::size_t next_bar_ = 0;
  bool at_end_ = false;
  DataFindings gaps_;
  mutable DataFindings findings_;  // both together, when asked for
};

// One source for each instrument of the recording. Throws BadInput where it has no bar at all, or bars of another
// interval than `interval` ("": whatever they have).
std::vector<std::unique_ptr<BarSource>> open_recorded_bars(const std::filesystem::path& path,
                                                           const std::string& interval,
                                                           RecordedBarsOptions options);

}  // namespace hftsim
