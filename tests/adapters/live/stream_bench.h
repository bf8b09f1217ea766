// A market stream without a network: a test gives it messages and answers, and time passes as it says.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "adapters/live/market_stream.h"

namespace hftsim::test {

class StreamBench final : public FeedSink {
 public:
  explicit StreamBench(const live::FeedOptions& options, const live::FeedStart& start = {},
                       std::int64_t wall_ns = 1'704'067'200'000'000'000)
      : stream_(
            options, start, *this, [this](const live::RepairRequest& request) { asked.push_back(request); },
            [this](live::LogLevel, const std::string& text) { log += text + "\n"; }, wall_ns, now_ns) {}

  void take(std::span<const Event> more, const BlockStamps&) override {
    events.insert(events.end(), more.begin(), more.end());
  }
  void message(std::string_view text) { stream_.message(text, now_ns); }
  void pass(Duration time) {
    now_ns += time.value;
    stream_.poll(now_ns);
  }
  // REST answers what was asked for.
  using Rest = std::function<live::RepairAnswer(const live::RepairRequest&)>;
  void answer(const Rest& rest) {
    while (!asked.empty()) answer_one(rest);
  }
  void answer_one(const Rest& rest) {
    if (asked.empty()) return;
    live::RepairAnswer answer = rest(asked.front());
    asked.pop_front();
    answer.heard_ns = now_ns;
    stream_.answer(answer, now_ns);
  }
  void connect() { stream_.connected(now_ns); }
  void disconnect() { stream_.disconnected(now_ns); }
  live::FeedHealth health() const {
    live::FeedHealth health;
    stream_.add_to(health);
    return health;
  }
  std::vector<Event> of(EventKind kind, InstrumentId id = 0) const {
    std::vector<Event> some = events;
    std::erase_if(some, [&](const Event& event) { return event.kind != kind || event.instrument != id; });
    return some;
  }
  std::vector<Event> gaps() const {
    std::vector<Event> some = events;
    std::erase_if(some, [](const Event& event) {
      return event.kind != EventKind::session_mark || event.session.mark != SessionMark::gap;
    });
    return some;
  }

  std::int64_t now_ns = 1'000'000'000;
  std::vector<Event> events;
  std::deque<live::RepairRequest> asked;
  std::string log;

 private:
  live::MarketStream stream_;
};

}  // namespace hftsim::test
