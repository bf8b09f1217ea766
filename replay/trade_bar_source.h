// Bars out of the trades of any source: one aggregator for each of its instruments, their bars in EventKey order, beside
// them whatever else of the source is wanted. The first bar that lacks its beginning and those that are open at the end
// are left out (bar_aggregator.h); every event of the source moves the time at which time bars close.
//
// What is given does not depend on how much is read at a time. The source's own bars are never passed on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "engine/runtime/event_source.h"
#include "replay/bar_aggregator.h"
#include "replay/recording_source.h"

namespace hftsim {

struct TradeBarOptions {
  BarSpec spec = {};
  EventKinds pass = {};       // given too: kinds of the source's events
  bool keep_partial = false;  // give the incomplete bars at both ends too, marked kPartial
  bool fill_breaks =
      false;  // flat bars, marked kRepaired, where a session mark says that the stream was cut off
  // Hears of every trade that is in no bar when all before it has been given, so it may throw.
  std::function<void(const Event& trade, TradeFault fault)> on_fault = {};
};

class TradeBarSource final : public EventSource {
 public:
  // Throws BadInput for a threshold that an instrument's steps do not hold.
  TradeBarSource(std::unique_ptr<EventSource> source, TradeBarOptions options);

  // The source's, with the interval of the bars made (0 where they have none).
  std::span<const Instrument> instruments() const override { return instruments_; }
  // Throws what the source and on_fault throw. Allocates nothing once it has held as many bars as close at one time.
  std::size_t read(std::span<Event> out) override;

  const TradeCounts& counts(InstrumentId id) const { return aggregators_[id].counts(); }
  TradeCounts counts() const;  // of all instruments
  // How many of the source's events were read.
  std::uint64_t events() const { return events_read_; }

 private:
  bool has_event();
  bool goes_on(std::span<Event> out, std::size_t& count);
  bool gives_waiting(Event& event);
  bool comes_before_event(const Event& bar) const;
  void collect_due();
  void take_in(const Event& event);
  void set_due();
  void wait_for_turn(const Event& bar);
  void finish();

  std::unique_ptr<EventSource> source_;
  TradeBarOptions options_;
  std::vector<Instrument> instruments_;
  std::vector<BarAggregator> aggregators_;
  std::vector<Event> room_;
  std::span<const Event> events_;  // read and not yet consumed
  std::vector<Event> waiting_;     // bars that closed, by key, from next_waiting_ on
  std::size_t next_waiting_ = 0;
  std::int64_t due_ns_ = INT64_MAX;   // the earliest of the aggregators'
  std::int64_t last_ns_ = INT64_MIN;  // of the last event
  std::uint64_t events_read_ = 0;
  bool started_ = false, at_end_ = false, told_of_fault_ = false;
};

}  // namespace hftsim
