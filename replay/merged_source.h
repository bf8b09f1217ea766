// Several sources as one: their events in EventKey order, their instruments in one table. One file per
// instrument becomes one run over all of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/core/event_key.h"
#include "engine/runtime/event_source.h"

namespace hftsim {

class MergedSource final : public EventSource {
 public:
  // The table is the sources' tables one behind the other; ids of events are moved accordingly. Throws BadInput
  // where there is no source or a symbol comes twice. `batch` events of each source are read ahead.
  explicit MergedSource(std::vector<std::unique_ptr<EventSource>> sources, std::size_t batch = 256);

  std::span<const Instrument> instruments() const override { return instruments_; }
  std::size_t read(std::span<Event> out) override;
  // The sum, or 0 where a source does not know.
  std::uint64_t size_hint() const override;

 private:
  struct Lane {
    std::unique_ptr<EventSource> source;
    InstrumentId first_id;
    std::vector<Event> events;
    std::size_t next = 0;
    std::size_t count = 0;

    const Event& front() const { return events[next]; }
  };

  bool refill(Lane& lane);
  bool comes_later(std::size_t a, std::size_t b) const;

  std::vector<Lane> lanes_;
  std::vector<std::size_t> heap_;  // lanes with events left, the one whose front comes first on top
  std::vector<Instrument> instruments_;
  bool started_ = false;
};

}  // namespace hftsim
