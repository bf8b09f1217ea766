// What the dashboard's server shows and whom it commands. All of it is called on the server's thread, one call at a time.
#pragma once

#include <prometheus/metric_family.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hftsim::dashboard {

enum class Command : std::uint8_t { pause, resume, flatten, stop };

struct Health {
  bool is_connected = false;                        // to the exchange
  bool is_recording = false;                        // everything, so far
  std::optional<std::int64_t> message_age_ms = {};  // none: nothing has come yet
};

class Content {
 public:
  virtual ~Content() = default;

  // JSON for a browser that has just come: everything up to the last update().
  virtual std::string snapshot() = 0;
  // JSON of what changed since the last update(), for all browsers.
  virtual std::string update() = 0;
  // False where it cannot be taken now.
  virtual bool command(Command command) = 0;
  virtual Health health() = 0;
  virtual std::vector<prometheus::MetricFamily> metrics() = 0;
};

}  // namespace hftsim::dashboard
