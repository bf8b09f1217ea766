// Latency between the trading core and the venue: three constants.
// Not modelled: jitter, load, and the difference between gateways.
#pragma once

#include "engine/core/units.h"

namespace hftsim {

struct LatencyModel {
  Duration compute{0};   // from the event to the decision
  Duration entry{0};     // from the decision to the venue
  Duration response{0};  // from the venue back

  Timestamp arrival(Timestamp decided_on) const { return decided_on + compute + entry; }
  Timestamp known_at(Timestamp happened) const { return happened + response; }
};

}  // namespace hftsim
