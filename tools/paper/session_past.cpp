#include "tools/paper/session_past.h"

#include <algorithm>
#include <cstring>

#include "replay/journal_file.h"

namespace hftsim {

StreamEnd::StreamEnd(std::size_t instruments) {
  start_.last_bar_close.resize(instruments);
  start_.last_trade_id.resize(instruments);
}

void StreamEnd::follow(std::span<const Event> events) {
  for (const Event& event : events) {
    if (event.kind == EventKind::bar) {
      std::optional<Timestamp>& last = start_.last_bar_close[event.instrument];
      last = std::max(last.value_or(event.ts()), event.ts());
    }
    if (event.kind == EventKind::trade) {
      std::optional<std::uint64_t>& last = start_.last_trade_id[event.instrument];
      last = std::max(last.value_or(event.trade.seq), event.trade.seq);
    }
    start_.last_recv_ns = event.recv_ns;
  }
}

live::FeedStart replay_into(FeedSink& sink, RecordingReader& recording, const net::StopSignal& stop) {
  StreamEnd end(recording.header().instruments.size());
  for (auto events = recording.next(); !events.empty(); events = recording.next()) {
    stop.check();
    end.follow(events);
    sink.take(events, {});
  }
  return end.start();
}

std::vector<Event> in_one_order(std::vector<std::vector<Event>> bars, std::int64_t recv_ns) {
  struct Place {
    std::int64_t close_ns;
    std::size_t instrument, position;
    auto operator<=>(const Place&) const = default;
  };
  std::vector<Place> places;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    for (std::size_t p = 0; p < bars[i].size(); ++p) places.push_back({bars[i][p].ts_ns, i, p});
  }
  std::ranges::sort(places);
  std::vector<Event> ordered;
  ordered.reserve(places.size());
  for (const Place& place : places) {
    ordered.push_back(bars[place.instrument][place.position]);
    ordered.back().recv_ns = recv_ns;
  }
  return ordered;
}

std::optional<Timestamp> first_live_close(std::span<const Event> history, Duration interval) {
  if (history.empty()) return std::nullopt;
  std::int64_t last_ns = history.front().ts_ns;
  for (const Event& bar : history) last_ns = std::max(last_ns, bar.ts_ns);
  return Timestamp(last_ns + interval.value);
}

namespace {

// Record by record, whatever the blocks.
class Records {
 public:
  explicit Records(const std::filesystem::path& path) : reader_(path) {}
  const JournalRecord* next() {
    if (at_ == batch_.size()) batch_ = reader_.next(), at_ = 0;
    return batch_.empty() ? nullptr : &batch_[at_++];
  }

 private:
  JournalFileReader reader_;
  std::span<const JournalRecord> batch_;
  std::size_t at_ = 0;
};

}  // namespace

JournalComparison compare_journals(const std::filesystem::path& older, const std::filesystem::path& newer) {
  JournalComparison result;
  Records a(older), b(newer);
  while (true) {
    const JournalRecord *was = a.next(), *is = b.next();
    if (was == nullptr || is == nullptr) return result;
    if (std::memcmp(was, is, sizeof *was) != 0) {
      result.differs = result.records;
      return result;
    }
    ++result.records;
  }
}

}  // namespace hftsim
