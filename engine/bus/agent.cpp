#include "engine/bus/agent.h"

#include <pthread.h>
#include <sched.h>

#include <utility>

namespace hftsim {

int core_count() {
  const unsigned cores = std::thread::hardware_concurrency();
  return cores > 0 ? static_cast<int>(cores) : 1;
}

bool pin_this_thread(int core) {
  if (core < 0 || core >= CPU_SETSIZE) return false;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<unsigned>(core), &set);
  return pthread_setaffinity_np(pthread_self(), sizeof set, &set) == 0;
}

bool keep_this_thread_off(int core) {
  cpu_set_t set;
  if (core < 0 || core >= CPU_SETSIZE || sched_getaffinity(0, sizeof set, &set) != 0) return false;
  CPU_CLR(static_cast<unsigned>(core), &set);
  return CPU_COUNT(&set) > 0 && pthread_setaffinity_np(pthread_self(), sizeof set, &set) == 0;
}

Agent::Agent(AgentOptions options, std::atomic<bool>& stop, std::function<Work()> do_work)
    : stop_(stop),
      wakeup_(options.wakeup),
      do_work_(std::move(do_work)),
      thread_([this, options = std::move(options)] { run(options); }) {}

Agent::~Agent() {
  if (!thread_.joinable()) return;
  stop_.store(true, std::memory_order_release);
  if (wakeup_ != nullptr) wakeup_->notify();
  thread_.join();
}

void Agent::join() {
  thread_.join();
  if (failure_) std::rethrow_exception(failure_);
}

void Agent::run(const AgentOptions& options) {
  pthread_setname_np(pthread_self(), options.name.substr(0, 15).c_str());
  if (options.core >= 0) pin_this_thread(options.core);
  Idle idle(options.idle, options.wakeup);
  try {
    // Acquire pairs with the release of the agent that failed: its failure_ is complete by then.
    while (!stop_.load(std::memory_order_acquire)) {
      const Work work = do_work_();
      if (work == Work::finished) break;
      if (work == Work::done_some) {
        idle.reset();
      } else {
        idle.idle();
      }
    }
  } catch (...) {
    failure_ = std::current_exception();
    stop_.store(true, std::memory_order_release);
  }
  waits_ = idle.waits();
}

}  // namespace hftsim
