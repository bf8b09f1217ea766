// A dashboard's server on loopback over a session that counts, and clients that say what a test wants, byte by byte.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/websocket.hpp>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/dashboard/dashboard_server.h"

namespace hftsim::test {

// Update n follows snapshot n - 1: a browser that missed one sees it.
class CountedSession final : public dashboard::Content {
 public:
  std::string snapshot() override;
  std::string update() override;
  bool command(dashboard::Command command) override;
  dashboard::Health health() override { return health_; }
  std::vector<prometheus::MetricFamily> metrics() override;

  std::vector<dashboard::Command> commands() const;
  void take_no_commands() { takes_commands_ = false; }
  void set_health(const dashboard::Health& health) { health_ = health; }  // before the server starts
  void set_padding(std::size_t bytes) { padding_ = std::string(bytes, 'x'); }

 private:
  std::uint64_t updates_ = 0;
  std::string padding_;
  dashboard::Health health_{.is_connected = true, .is_recording = true, .message_age_ms = 12};
  std::atomic<bool> takes_commands_{true};
  mutable std::mutex mutex_;
  std::vector<dashboard::Command> commands_;
};

// With an inline script and an inline style.
inline const std::string kTestPage =
    "<html><head><style>a{}</style></head><body><script type=\"module\">go()</script></body></html>";

class DashboardBench {
 public:
  explicit DashboardBench(dashboard::ServerLimits limits = {}, std::string address = "127.0.0.1",
                          net::TlsFiles tls = {});

  // Starts at the first use of it.
  dashboard::DashboardServer& server();
  std::uint16_t port() const { return server_.port(); }
  std::string host() const { return "127.0.0.1:" + std::to_string(port()); }
  std::string origin() const { return "http://" + host(); }

  boost::asio::ip::tcp::socket connected();
  // What comes back until the server closes the connection. With TLS where the server has it.
  std::string exchange(const std::string& bytes);
  // "GET /x" with a Host; `fields` end in "\r\n" each.
  std::string request(const std::string& method, const std::string& target, const std::string& fields = "",
                      const std::string& body = "");
  std::string get(const std::string& target, const std::string& fields = "");
  std::string command(const std::string& body, const std::string& fields);
  std::string bearer() { return "Authorization: Bearer " + server().token() + "\r\n"; }
  // The value behind a line's beginning in /metrics; 0 where there is none.
  double metric(const std::string& name, const std::string& fields = "");

  CountedSession session;

 private:
  dashboard::DashboardServer server_;
  bool is_started_ = false;
  bool has_tls_;
  boost::asio::io_context io_;
};

unsigned status_of(const std::string& answer);  // 0: none came
std::string body_of(const std::string& answer);
// "": it has no such field.
std::string field_of(const std::string& answer, const std::string& name);

// A browser that was let in.
class Browser {
 public:
  using Socket = boost::beast::websocket::stream<boost::asio::ip::tcp::socket>;

  explicit Browser(DashboardBench& bench, int receive_buffer = 0);

  // "snapshot 3", "update 4": what came next; "" where the connection ended.
  std::string next();
  Socket& socket() { return socket_; }

 private:
  Socket socket_;
};

}  // namespace hftsim::test
