// An agent is a named thread, pinned to a core where asked, that calls do_work() until there is no more.
// What an agent throws is kept and thrown again by join().
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <string>
#include <thread>

#include "engine/bus/idle.h"

namespace hftsim {

enum class Work : std::uint8_t { done_some, found_none, finished };

struct AgentOptions {
  std::string name;
  int core = -1;  // -1: wherever the scheduler likes
  IdleStrategy idle = IdleStrategy::park;
  Wakeup* wakeup = nullptr;  // for IdleStrategy::wait; outlives it, and who sets `stop` notifies it
};

class Agent {
 public:
  // Starts at once. `stop` ends every agent of a run: set by whichever agent throws first.
  Agent(AgentOptions options, std::atomic<bool>& stop, std::function<Work()> do_work);
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;
  ~Agent();

  // Waits for the thread; throws what it threw.
  void join();

  // How often it found no work: where the pipeline waits. Valid after join().
  std::uint64_t waits() const { return waits_; }

 private:
  void run(const AgentOptions& options);

  std::atomic<bool>& stop_;
  Wakeup* wakeup_;
  std::function<Work()> do_work_;
  std::exception_ptr failure_;
  std::uint64_t waits_ = 0;
  std::thread thread_;
};

// Cores this process may use; at least 1.
int core_count();

// Pins the calling thread; false where the core does not exist or may not be used.
bool pin_this_thread(int core);

// Leaves that core to others: the calling thread, and those that it starts from now on, run elsewhere. False where there is
// nowhere else.
bool keep_this_thread_off(int core);

}  // namespace hftsim
