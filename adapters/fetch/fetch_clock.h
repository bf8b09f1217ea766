// The time a fetch lives by, and its waiting. Another one in tests, where nobody waits.
#pragma once

#include <cstdint>

#include "adapters/net/stop_signal.h"
#include "engine/core/units.h"

namespace hftsim::fetch {

class FetchClock {
 public:
  virtual ~FetchClock() = default;

  // Nanoseconds since 1970. Called by several threads at once, as sleep() is.
  virtual std::int64_t now_ns() const = 0;

  // Throws net::Interrupted when told to stop.
  virtual void sleep(Duration duration) = 0;
};

class WallFetchClock : public FetchClock {
 public:
  // `stop` outlives this.
  explicit WallFetchClock(const net::StopSignal& stop) : stop_(stop) {}

  std::int64_t now_ns() const override;
  void sleep(Duration duration) override;

 private:
  const net::StopSignal& stop_;
};

}  // namespace hftsim::fetch
