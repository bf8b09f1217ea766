// Serves the dashboard of a live session (site.h says what) on a thread of its own, to any number of browsers up to a limit.
// Whatever they do or do not do, the session does not wait for it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "adapters/dashboard/content.h"
#include "adapters/dashboard/dashboard_options.h"

namespace hftsim::dashboard {

class DashboardServer {
 public:
  // Listens from here on, and answers from start() on. Throws BadInput where the address cannot be listened at, is beyond
  // loopback and has no certificate, or the TLS files are none.
  explicit DashboardServer(ServerOptions options);
  ~DashboardServer();  // stop()s

  // `content` outlives stop(). Once.
  void start(Content& content);
  // Takes leave of the browsers, and returns within a second, whatever they do.
  void stop();

  std::uint16_t port() const;
  // "http://127.0.0.1:8080"
  std::string url() const;
  // What commands the session, and beyond loopback what sees it.
  const std::string& token() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace hftsim::dashboard
