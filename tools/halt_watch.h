// Whether a run traded no more because a loss limit held: told from its journal on the way to its sink.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "engine/portfolio/equity_series.h"
#include "engine/runtime/journal.h"

namespace hftsim {

// The limit refused everything that was asked for from `since` to the end of the run.
struct Halt {
  Reason reason = Reason::none;  // drawdown_limit or total_loss_limit
  Timestamp since{0};            // of the first refusal
};

class HaltWatch final : public JournalSink {
 public:
  // Passes everything on to `sink`; null: nowhere.
  explicit HaltWatch(JournalSink* sink) : sink_(sink) {}

  void write(std::span<const JournalRecord> records) override;

  // After the last record; none where the last that was asked for was let through, or refused for another reason.
  const std::optional<Halt>& halt() const { return halt_; }

 private:
  void follow(const JournalRecord& record);

  JournalSink* sink_;
  std::optional<Halt> halt_;
};

// Instants at which bars closed from `since` on. Reads the series from its start.
std::uint64_t marks_since(EquitySeries& equity, Timestamp since);

}  // namespace hftsim
