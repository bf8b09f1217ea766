// A live session as the dashboard's server asks for it.
#pragma once

#include <string>
#include <string_view>

#include "adapters/dashboard/dashboard_server.h"
#include "tools/paper/paper_session.h"

namespace hftsim {

// Of --dashboard: "127.0.0.1:8080", "[::1]:0". Throws BadInput where it is no address with a port.
dashboard::ServerOptions dashboard_options(std::string_view listen_at, const net::TlsFiles& tls);

class SessionContent final : public dashboard::Content {
 public:
  // A session that is shown (PaperOptions); outlives this.
  explicit SessionContent(PaperSession& session) : session_(session), view_(*session.view()) {}

  std::string snapshot() override { return view_.snapshot(); }
  std::string update() override { return view_.update(); }
  bool command(dashboard::Command command) override;
  dashboard::Health health() override;
  std::vector<prometheus::MetricFamily> metrics() override;

 private:
  PaperSession& session_;
  SessionView& view_;
};

}  // namespace hftsim
