// Where events go: a recording, a table, a socket. The other end of EventSource.
#pragma once

#include <span>

#include "engine/core/event.h"

namespace hftsim {

class EventSink {
 public:
  virtual ~EventSink() = default;

  // In the order in which a source would give them. Throws IoFailure where they cannot be kept.
  virtual void append(std::span<const Event> events) = 0;
};

}  // namespace hftsim
