// Where events come from: a file, a generator, a recording, a socket. A pull interface, so that the run sets
// the pace and nothing is buffered twice.
#pragma once

#include <cstddef>
#include <span>

#include "engine/core/event.h"
#include "engine/core/instrument.h"

namespace hftsim {

class EventSource {
 public:
  virtual ~EventSource() = default;

  // Fixed before the first read.
  virtual std::span<const Instrument> instruments() const = 0;

  // Writes up to out.size() events in EventKey order, returns how many; 0 is the end. Throws BadInput with
  // the place where the data is not what its policy allows.
  virtual std::size_t read(std::span<Event> out) = 0;

  // The same where they already lie, if the source has them in memory that stays as it is while the source is
  // there (a mapped recording): nothing is copied. Otherwise they are read into `room`. At most room.size().
  virtual std::span<const Event> next(std::span<Event> room) { return room.first(read(room)); }

  // How many events will come, where that is known beforehand; 0 where not. For progress bars.
  virtual std::uint64_t size_hint() const { return 0; }
};

}  // namespace hftsim
