// What is to be had of the dashboard's server, under which conditions:
//
//   GET  /              the page; from anywhere
//   GET  /live          a websocket: a snapshot, then an update every 250 ms
//   GET  /api/session   the snapshot
//   POST /api/command   {"command":"pause"}, resume, flatten or stop; with the token alone
//   GET  /metrics       Prometheus
//   GET  /healthz       200 or 503
//
// Beyond loopback all but the page need the token.
#pragma once

#include <optional>
#include <string>

#include "adapters/dashboard/access.h"
#include "adapters/dashboard/content.h"
#include "adapters/dashboard/dashboard_options.h"
#include "adapters/dashboard/live_hub.h"
#include "adapters/dashboard/server_counts.h"

namespace hftsim::dashboard {

class Site {
 public:
  // All of it outlives this. `is_guarded`: the server listens beyond loopback.
  Site(Content& content, Access& access, const ServerOptions& options, bool is_guarded);

  // Why a request is refused; none: it is answered, or is_live() and opens a websocket.
  std::optional<Refusal> check(const Request& request, const boost::asio::ip::address& reached);
  static bool is_live(const Request& request) { return request.target() == "/live"; }
  Response answer(const Request& request);
  Response refuse(Refusal refusal);

  const ServerLimits& limits() const { return options_.limits; }

  ServerCounts counts;
  LiveHub hub;

 private:
  Response page() const;
  Response session();
  Response command(const Request& request);
  Response metrics() const;
  Response health() const;
  Response respond(unsigned status, const char* type, std::string body) const;

  Content& content_;
  Access& access_;
  const ServerOptions& options_;
  bool is_guarded_;
  std::string policy_;
};

}  // namespace hftsim::dashboard
