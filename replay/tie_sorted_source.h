// A source whose instruments are numbered anew, with the events of one time brought into EventKey order by the new
// numbers. Only needed where the new numbers are in another order than the old ones; a merge does it by itself.
#pragma once

#include <memory>
#include <vector>

#include "engine/runtime/event_source.h"
#include "replay/event_order.h"

namespace hftsim {

class TieSortedSource final : public EventSource {
 public:
  // `new_ids`: one for each of the source's instruments. Holds the events of one time, as many as there are.
  TieSortedSource(std::unique_ptr<EventSource> source, std::vector<InstrumentId> new_ids, EventOrder order);

  std::span<const Instrument> instruments() const override { return source_->instruments(); }
  std::size_t read(std::span<Event> out) override;
  std::uint64_t size_hint() const override { return source_->size_hint(); }

 private:
  void refill();

  std::unique_ptr<EventSource> source_;
  std::vector<InstrumentId> new_ids_;
  EventOrder order_;
  std::vector<Event>
      events_;  // [given_, sorted_) are to be given, those behind wait for the rest of their time
  std::size_t given_ = 0, sorted_ = 0;
  bool at_end_ = false;
};

}  // namespace hftsim
