#include "tools/paper/session_dashboard.h"

#include <charconv>

#include "engine/core/clock.h"
#include "engine/core/errors.h"
#include "tools/paper/session_metrics.h"
#include "web/dashboard_page.h"

namespace hftsim {

dashboard::ServerOptions dashboard_options(std::string_view listen_at, const net::TlsFiles& tls) {
  const std::size_t colon = listen_at.rfind(':');
  std::string_view address = listen_at.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  dashboard::ServerOptions options;
  options.address = address;
  options.tls = tls;
  options.page = dashboard_page();
  const char* const last = listen_at.data() + listen_at.size();
  const char* const first = colon == std::string_view::npos ? last : listen_at.data() + colon + 1;
  const auto [end, error] = std::from_chars(first, last, options.port);
  if (error != std::errc{} || end != last)
    throw BadInput("--dashboard", "'" + std::string(listen_at) + "'",
                   "an address and a port: 127.0.0.1:8080, [::1]:8080");
  return options;
}

bool SessionContent::command(dashboard::Command command) {
  switch (command) {
    case dashboard::Command::pause:
      return session_.command(SessionMark::pause);
    case dashboard::Command::resume:
      return session_.command(SessionMark::resume);
    case dashboard::Command::flatten:
      return session_.command(SessionMark::flatten);
    case dashboard::Command::stop:
      session_.request_stop();
  }
  return true;
}

dashboard::Health SessionContent::health() {
  const live::FeedHealth feed = session_.health();
  dashboard::Health health{.is_connected = feed.connected,
                           .is_recording = session_.status().recording.is_ok()};
  if (feed.last_message_ns > 0) health.message_age_ms = (monotonic_ns() - feed.last_message_ns) / 1'000'000;
  return health;
}

std::vector<prometheus::MetricFamily> SessionContent::metrics() {
  return session_metrics(session_.status(), session_.health(), monotonic_ns());
}

}  // namespace hftsim
