// How a session stands, in one line of the terminal that is drawn over itself. Shows nothing where stderr is no terminal.
#pragma once

#include <cstdint>

#include "adapters/live/feed_options.h"
#include "tools/paper/live_status.h"

namespace hftsim {

class StatusLine {
 public:
  StatusLine();
  ~StatusLine();  // clears it
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  // Cheap: draws at most five times a second.
  void update(const LiveStatus& status, const live::FeedHealth& feed);
  bool is_shown() const { return on_terminal_; }

 private:
  bool on_terminal_, drawn_ = false;
  std::int64_t next_ns_ = 0;
};

// "12:31:05  paper BTCUSDT ...": what the line says.
std::string status_text(const LiveStatus& status, const live::FeedHealth& feed,
                        std::int64_t monotonic_now_ns);

}  // namespace hftsim
