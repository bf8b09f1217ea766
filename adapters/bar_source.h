// A source of bars that were judged by the run's policy, and what was found wrong with them.
#pragma once

#include "adapters/bar_validator.h"
#include "engine/runtime/event_source.h"

namespace hftsim {

class BarSource : public EventSource {
 public:
  // Complete once read() has given 0.
  virtual const DataFindings& findings() const = 0;
};

}  // namespace hftsim
