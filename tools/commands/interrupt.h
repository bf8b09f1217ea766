// Ctrl-C, or a plain kill: a run ends after the current block and is kept as far as it came; a command that writes
// one file stops between two batches of rows, so that the unfinished file is taken away again. The second signal
// ends the program as it is.
#pragma once

#include <atomic>
#include <csignal>
#include <string>

#include "engine/core/errors.h"

namespace hftsim {

inline std::atomic<bool> interrupt_requested{false};
static_assert(std::atomic<bool>::is_always_lock_free);  // a signal handler may touch nothing else

inline void catch_interrupts() {
  const auto request = [](int signal) {
    interrupt_requested.store(true, std::memory_order_relaxed);
    std::signal(signal, SIG_DFL);
  };
  std::signal(SIGINT, request);
  std::signal(SIGTERM, request);
}

// Throws IoFailure, exit code 1, where one has come.
inline void stop_if_interrupted(const std::string& file) {
  if (interrupt_requested.load(std::memory_order_relaxed)) {
    throw IoFailure("interrupted: nothing was kept of " + file);
  }
}

}  // namespace hftsim
