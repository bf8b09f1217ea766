#include "tools/recorded_session.h"

#include <utility>

#include "tools/recorded_bars.h"

namespace hftsim {
namespace {

RecordingSourceOptions everything(bool ticks) {
  RecordingSourceOptions options;
  if (!ticks) options.kinds = {EventKind::bar, EventKind::session_mark};
  options.keep_times = true;
  return options;
}

}  // namespace

RecordedSession::RecordedSession(const std::filesystem::path& path, const std::string& interval, bool ticks)
    : source_(path, everything(ticks)) {
  require_kind(source_.reader(), EventKind::bar, "bars in it, on which is decided");
  for (const Instrument& instrument : source_.instruments()) {
    require_interval(instrument, path.string(), interval);
  }
}

std::size_t RecordedSession::read(std::span<Event> out) {
  const std::size_t count = source_.read(out);
  for (const Event& event : out.first(count)) {
    if (event.kind != EventKind::session_mark || event.session.mark != SessionMark::gap) continue;
    findings_.merge(gap_at(event, source_.instruments()[event.instrument].symbol));
  }
  if (count == 0 && !std::exchange(at_end_, true) && !source_.reader().tail().complete) {
    findings_.merge(cut_off(source_.reader()));
  }
  return count;
}

}  // namespace hftsim
