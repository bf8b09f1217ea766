#include "tools/paper/trader.h"

#include <algorithm>

namespace hftsim {
namespace {

constexpr int kAttempts = 10'000;  // about a second

Event command_event(SessionMark command, Timestamp now, std::int64_t recv_ns) {
  Event event{};
  event.ts_ns = now.value;
  event.recv_ns = recv_ns;
  event.kind = EventKind::session_mark;
  event.session.mark = command;
  return event;
}

}  // namespace

Trader::Trader(LiveLine& line, SessionCommands& commands, const TradingParts& parts, bool rehearses)
    : line_(line), commands_(commands), parts_(parts) {
  if (rehearses) rehearsal_.emplace(parts.features, parts.inference, parts.understudy);
}

Work Trader::work() {
  try {
    return next();
  } catch (...) {
    failure_ = std::current_exception();
    give_up();
    return Work::finished;
  }
}

Work Trader::next() {
  if (obey_next_command()) return Work::done_some;
  const std::optional<BlockHandle> handle = line_.next_received();
  if (!handle) return pass_time();
  Block& block = line_[*handle];
  const bool last = block.last;
  if (last) {
    finish(block);
  } else {
    process(block, line_.times(*handle));
  }
  line_.pass_on(*handle);
  return last ? Work::finished : Work::done_some;
}

// Before the first event there is no time that a command could have: it waits.
bool Trader::obey_next_command() {
  if (blocks_ == 0 || commands_.is_empty()) return false;
  const std::optional<BlockHandle> handle = line_.block_for_command();
  if (!handle) return false;
  const std::optional<SessionMark> command = commands_.pop();
  Block& block = line_[*handle];
  block.room[0] = command_event(*command, clock_.now(), last_recv_ns_);
  block.events = block.room.first(1);
  block.size = 1;
  block.last = false;
  block.stamps = {};
  process(block, line_.times(*handle));
  line_.pass_on(*handle);
  return true;
}

void Trader::process(Block& block, StageTimes& times) {
  const bool is_live = block.stamps.read_ns != 0;
  const auto now_ns = [is_live] {
    return is_live ? monotonic_ns() : 0;
  };
  times.taken_ns = now_ns();
  block.number = blocks_++;
  bool has_bar = false;
  for (const Event& event : block.events) {
    clock_.advance_to(event.ts());
    has_bar = has_bar || event.kind == EventKind::bar;
  }
  last_recv_ns_ = block.events.back().recv_ns;
  parts_.features.process(block);
  times.has_bar = has_bar;
  times.featured_ns = has_bar ? now_ns() : times.taken_ns;
  if (parts_.inference != nullptr && has_bar) parts_.inference->process(block);
  times.predicted_ns = has_bar ? now_ns() : times.featured_ns;
  parts_.core.process(block);
  parts_.journal.hand_on();
  times.decided_ns = now_ns();
  if (rehearsal_ && has_bar) rehearsal_->remember(block);
}

// A little at a time: an event that comes meanwhile waits for no more than that.
Work Trader::pass_time() {
  if (parts_.inference != nullptr && parts_.inference->advance()) return Work::done_some;
  if (rehearsal_) rehearsal_->found_nothing();
  return Work::found_none;
}

void Trader::finish(Block& block) {
  parts_.core.finish(false);
  block.number = blocks_++;
}

// Who is behind the trading thread ends as ever; who is before it is told to wait for no block.
void Trader::give_up() {
  line_.abandon();
  try {
    parts_.core.finish(true);
  } catch (...) {
    // The first failure is the one that is told.
  }
  Idle idle(IdleStrategy::park);
  std::optional<BlockHandle> handle = line_.block_for_command();
  for (int attempts = 0; !handle && attempts < kAttempts; ++attempts) {
    idle.idle();
    handle = line_.block_for_command();
  }
  if (!handle) return;  // nobody is behind any more
  Block& block = line_[*handle];
  block.events = {};
  block.size = 0;
  block.last = true;
  line_.pass_on(*handle);
}

}  // namespace hftsim
