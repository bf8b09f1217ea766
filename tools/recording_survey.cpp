#include "tools/recording_survey.h"

#include <fmt/format.h>

#include "adapters/event_table.h"

namespace hftsim {

void RecordingSurvey::add(std::span<const Event> given) {
  for (const Event& event : given) {
    ++by_instrument[event.instrument][static_cast<std::size_t>(event.kind)];
    exchange.add(event.ts_ns);
    receive.add(event.recv_ns);
    if (event.kind == EventKind::session_mark) {
      const bool is_gap = event.session.mark == SessionMark::gap;
      gaps += is_gap ? 1 : 0;
      disconnects += event.session.mark == SessionMark::disconnected ? 1 : 0;
      if (is_gap && first_gaps.size() < kGapsKept) first_gaps.push_back(event);
    } else if (event.kind != EventKind::bar && event.kind != EventKind::timer) {
      latency.add(static_cast<std::int64_t>(static_cast<std::uint64_t>(event.recv_ns) -
                                            static_cast<std::uint64_t>(event.ts_ns)));
    }
  }
  events += given.size();
}

RecordingSurvey::KindCounts RecordingSurvey::by_kind() const {
  KindCounts sum{};
  for (const KindCounts& counts : by_instrument) {
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += counts[k];
  }
  return sum;
}

std::string describe_mark(const Event& mark) {
  const SessionMarkBody& body = mark.session;
  if (body.mark == SessionMark::connected) return "connected";
  if (body.mark == SessionMark::disconnected) return "disconnected";
  if (body.mark == SessionMark::pause) return "paused";
  if (body.mark == SessionMark::resume) return "resumed";
  if (body.mark == SessionMark::flatten) return "flattened";
  const std::string stream =
      body.stream < kEventKindCount ? std::string(name_of(static_cast<EventKind>(body.stream))) : "unknown";
  const std::string missing = body.missing == 0 ? "an unknown number" : std::to_string(body.missing);
  return fmt::format("gap of {}: {} missing, {} came where {} was expected", stream, missing, body.seq_found,
                     body.seq_expected);
}

}  // namespace hftsim
