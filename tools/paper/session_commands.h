// What whoever watches a session tells it, on its way to the trading thread: any thread puts in, the trading thread
// takes out and puts it into the stream where it obeys it.
#pragma once

#include <boost/lockfree/queue.hpp>
#include <optional>

#include "engine/core/event.h"

namespace hftsim {

class SessionCommands {
 public:
  // pause, resume or flatten. False where so many wait already.
  bool push(SessionMark command) { return queue_.bounded_push(command); }

  // Trading thread.
  bool is_empty() const { return queue_.empty(); }
  std::optional<SessionMark> pop() {
    SessionMark command;
    if (!queue_.pop(command)) return std::nullopt;
    return command;
  }

 private:
  boost::lockfree::queue<SessionMark, boost::lockfree::capacity<64>> queue_;
};

}  // namespace hftsim
