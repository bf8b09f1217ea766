#include "tools/paper/session_view.h"

#include <utility>

#include "tools/paper/session_json.h"

namespace hftsim {
namespace {

// Names and messages of others may be no UTF-8.
std::string text_of(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

SessionView::SessionView(SessionInfo info) : info_(std::move(info)), state_(info_) {}

void SessionView::on_block(const Block& block) {
  const std::lock_guard lock(mutex_);
  state_.add(block, info_);
  state_.follow_equity();
}

void SessionView::on_journal(std::span<const JournalRecord> records) {
  const std::lock_guard lock(mutex_);
  state_.add(records);
  state_.follow_equity();
}

void SessionView::on_marks(std::span<const EquityMark> marks) {
  const std::lock_guard lock(mutex_);
  state_.add(marks);
}

void SessionView::on_status(const LiveStatus& status) {
  const std::lock_guard lock(mutex_);
  state_.status = status;
}

void SessionView::on_feed(const live::FeedHealth& feed, std::int64_t monotonic_now_ns) {
  const std::lock_guard lock(mutex_);
  state_.feed = feed;
  if (feed.last_message_ns > 0)
    state_.feed_age_ms = static_cast<double>((monotonic_now_ns - feed.last_message_ns) / 1'000'000);
}

void SessionView::on_log(std::int64_t ts_ms, std::string level, std::string text) {
  const std::lock_guard lock(mutex_);
  state_.log.add({ts_ms, std::move(level), std::move(text)});
}

// What is shown is copied under the lock and written outside of it.
std::string SessionView::snapshot() const {
  std::unique_lock lock(mutex_);
  const SessionState state = state_;
  lock.unlock();
  return text_of(snapshot_json(info_, state));
}

std::string SessionView::update() {
  std::unique_lock lock(mutex_);
  const SessionChanges changes = take_changes(state_);
  const std::int64_t now_ms = state_.status.now_ns / 1'000'000;
  nlohmann::json state = state_json(info_, state_);
  lock.unlock();
  nlohmann::json update = update_json(info_, changes);
  update["now_ms"] = now_ms;
  update["state"] = std::move(state);
  return text_of(update);
}

}  // namespace hftsim
