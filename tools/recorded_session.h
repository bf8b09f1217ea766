// A recording as its session lived it: every event in the order in which it was recorded, all instruments together, bars
// as they were accepted then, late ones late. So a replay decides what the session decided.
#pragma once

#include <filesystem>
#include <string>

#include "adapters/bar_source.h"
#include "replay/recording_source.h"

namespace hftsim {

class RecordedSession final : public BarSource {
 public:
  // Bars and marks; with `ticks` all that there is. Throws BadInput where the recording has no bars, or of another interval
  // than `interval` ("": whatever they have).
  RecordedSession(const std::filesystem::path& path, const std::string& interval, bool ticks);

  std::span<const Instrument> instruments() const override { return source_.instruments(); }
  // Throws BadInput where the recording is damaged.
  std::size_t read(std::span<Event> out) override;
  std::uint64_t size_hint() const override { return source_.size_hint(); }
  // Gaps, and that nobody closed it.
  const DataFindings& findings() const override { return findings_; }

 private:
  RecordingSource source_;
  DataFindings findings_;
  bool at_end_ = false;
};

}  // namespace hftsim
