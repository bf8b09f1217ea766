// Captures for the tests, and the books that their events build.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <vector>

#include "adapters/binance/capture_source.h"
#include "engine/execution/book_sequencer.h"
#include "engine/execution/order_book.h"
#include "tests/adapters/bar_files.h"

namespace hftsim::binance {

struct Imported {
  std::vector<Event> events;
  std::vector<Instrument> instruments;
  std::optional<Market> market;
  CaptureCounts counts;
  CaptureLineCounts lines;
  std::vector<DepthCounts> depth;
};

inline Imported import_all(const std::vector<std::filesystem::path>& paths,
                           const CaptureOptions& options = {}) {
  const CaptureSurvey survey = survey_captures(paths, "");
  CaptureSource source(paths, survey, options);
  Imported imported;
  imported.events = read_all(source, 1000);
  imported.instruments.assign(source.instruments().begin(), source.instruments().end());
  imported.market = survey.market;
  imported.counts = source.counts();
  imported.lines = source.line_counts();
  for (std::size_t id = 0; id < imported.instruments.size(); ++id)
    imported.depth.push_back(source.depth_counts(static_cast<InstrumentId>(id)));
  return imported;
}

// The book of one instrument by the exchange's rules: messages that they do not let on the book are left out.
class SequencedBook {
 public:
  SequencedBook(BookRules rules, InstrumentId instrument) : sequencer_(rules), instrument_(instrument) {}

  // Whether a message was applied that is whole now.
  bool take(const Event& event) {
    if (event.instrument != instrument_) return false;
    if (event.kind == EventKind::session_mark && breaks_book(event)) sequencer_.reset();
    if (event.kind != EventKind::book_change) return false;
    if (begins_) step_ = sequencer_.next(event);
    begins_ = event.has(kMessageEnd);
    const bool applies = step_ == BookStep::snapshot || step_ == BookStep::apply;
    if (applies) book.apply(event);
    if (!begins_) return false;
    left_out += !applies;
    applied += step_ == BookStep::apply;
    gaps += step_ == BookStep::gap;
    return applies;
  }

  OrderBook book;
  std::uint64_t applied = 0, left_out = 0, gaps = 0;

 private:
  // What follows is on a snapshot of its own.
  static bool breaks_book(const Event& event) {
    const bool is_of_book = event.session.stream == static_cast<std::uint32_t>(EventKind::book_change);
    return event.session.mark == SessionMark::disconnected ||
           (event.session.mark == SessionMark::gap && is_of_book);
  }

  BookSequencer sequencer_;
  InstrumentId instrument_;
  BookStep step_ = BookStep::early;
  bool begins_ = true;
};

}  // namespace hftsim::binance
