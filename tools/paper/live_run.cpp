#include "tools/paper/live_run.h"

#include "engine/core/errors.h"

namespace hftsim {
namespace {

LiveLineOptions line_options(const LiveRunOptions& options) {
  LiveLineOptions line;
  line.block_events = options.block_events;
  line.feature_count = options.feature_count;
  return line;
}

bool spins(const LiveRunOptions& options) {
  return options.pin && core_count() > 1;
}

AgentOptions trading_thread(const LiveRunOptions& options, Wakeup& wakeup) {
  return {.name = "trading",
          .core = options.pin ? core_count() - 1 : -1,
          .idle = spins(options) ? IdleStrategy::spin : IdleStrategy::wait,
          .wakeup = &wakeup};
}

// What is recorded may wait a little, and costs the others least in one go.
AgentOptions recording_thread() {
  return {.name = "recorder", .idle = IdleStrategy::doze};
}

}  // namespace

LiveRun::LiveRun(const TradingParts& parts, LiveRunOptions options)
    : line_(line_options(options)),
      trader_(line_, commands_, parts, spins(options)),
      recorder_(line_, journal_line_, options.recorder) {
  parts.journal.write_to(&journal_line_, &journal_line_);
  if (options.pin) keep_this_thread_off(core_count() - 1);
  recording_thread_.emplace(recording_thread(), stop_recording_, [this] { return record(); });
  trading_thread_.emplace(trading_thread(options, line_.trading_wakeup()), stop_trading_,
                          [this] { return trade(); });
}

LiveRun::~LiveRun() {
  try {
    finish();
  } catch (...) {
    // Whoever wants to hear of it calls finish().
  }
}

bool LiveRun::command(SessionMark command) {
  if (!commands_.push(command)) return false;
  line_.trading_wakeup().notify();
  return true;
}

Work LiveRun::trade() {
  const Work work = trader_.work();
  if (work == Work::finished && trader_.failure()) has_failed_.store(true, std::memory_order_release);
  return work;
}

// Without a recorder nobody gives blocks back: those before it are told to wait for none.
Work LiveRun::record() {
  try {
    return recorder_.work();
  } catch (...) {
    recorder_failure_ = std::current_exception();
    line_.abandon();
    journal_line_.abandon();
    stop_trading_.store(true, std::memory_order_release);
    line_.trading_wakeup().notify();
    has_failed_.store(true, std::memory_order_release);
    return Work::finished;
  }
}

void LiveRun::wait_until_written() {
  Idle idle(IdleStrategy::park);
  while (recorder_.flushed_events() < line_.taken()) {
    if (has_failed()) finish();
    const LiveStatus now = status();
    if (!now.recording.trouble.empty()) throw IoFailure(now.recording.trouble);
    idle.idle();
  }
}

void LiveRun::finish() {
  if (finished_) return;
  finished_ = true;
  line_.end();
  trading_thread_->join();
  recording_thread_->join();
  for (const std::exception_ptr& failure : {trader_.failure(), recorder_failure_}) {
    if (failure) std::rethrow_exception(failure);
  }
}

}  // namespace hftsim
