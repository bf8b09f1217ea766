#include "tests/adapters/dashboard/dashboard_bench.h"

#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <nlohmann/json.hpp>

#include "adapters/dashboard/metric_family.h"

namespace hftsim::test {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

template <class Stream>
std::string say_and_listen(Stream& stream, const std::string& bytes) {
  error_code error;
  asio::write(stream, asio::buffer(bytes), error);  // the server may have heard enough
  std::string answer;
  asio::read(stream, asio::dynamic_buffer(answer), error);
  return answer;
}

}  // namespace

std::string CountedSession::snapshot() {
  return nlohmann::json{{"type", "snapshot"}, {"n", updates_}, {"padding", padding_}}.dump();
}

std::string CountedSession::update() {
  return nlohmann::json{{"type", "update"}, {"n", ++updates_}, {"padding", padding_}}.dump();
}

bool CountedSession::command(dashboard::Command command) {
  if (!takes_commands_) return false;
  const std::lock_guard lock(mutex_);
  commands_.push_back(command);
  return true;
}

std::vector<dashboard::Command> CountedSession::commands() const {
  const std::lock_guard lock(mutex_);
  return commands_;
}

std::vector<prometheus::MetricFamily> CountedSession::metrics() {
  return {dashboard::counter("hftsim_test_total", "Of the session.", 7)};
}

DashboardBench::DashboardBench(dashboard::ServerLimits limits, std::string address, net::TlsFiles tls)
    : server_({.address = std::move(address), .tls = tls, .page = kTestPage, .limits = limits}),
      has_tls_(!tls.certificate.empty()) {}

dashboard::DashboardServer& DashboardBench::server() {
  if (!is_started_) server_.start(session);
  is_started_ = true;
  return server_;
}

tcp::socket DashboardBench::connected() {
  tcp::socket socket(io_);
  socket.connect({asio::ip::make_address("127.0.0.1"), server().port()});
  return socket;
}

std::string DashboardBench::exchange(const std::string& bytes) {
  tcp::socket socket = connected();
  if (!has_tls_) return say_and_listen(socket, bytes);
  asio::ssl::context tls(asio::ssl::context::tls_client);
  asio::ssl::stream<tcp::socket> stream(std::move(socket), tls);
  stream.handshake(asio::ssl::stream_base::client);
  return say_and_listen(stream, bytes);
}

std::string DashboardBench::request(const std::string& method, const std::string& target,
                                    const std::string& fields, const std::string& body) {
  std::string bytes = method + " " + target + " HTTP/1.1\r\nHost: " + host() + "\r\n" + fields;
  if (!body.empty()) bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return exchange(bytes + "\r\n" + body);
}

std::string DashboardBench::get(const std::string& target, const std::string& fields) {
  return request("GET", target, fields);
}

std::string DashboardBench::command(const std::string& body, const std::string& fields) {
  return request("POST", "/api/command", "Content-Type: application/json\r\n" + fields, body);
}

double DashboardBench::metric(const std::string& name, const std::string& fields) {
  const std::string text = "\n" + body_of(get("/metrics", fields));
  const std::size_t found = text.find("\n" + name + " ");
  return found == std::string::npos ? 0 : std::stod(text.substr(found + name.size() + 2));
}

unsigned status_of(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 ") ? static_cast<unsigned>(std::stoul(answer.substr(9, 3))) : 0;
}

std::string body_of(const std::string& answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "" : answer.substr(end + 4);
}

std::string field_of(const std::string& answer, const std::string& name) {
  const std::size_t found = answer.find("\r\n" + name + ": ");
  if (found == std::string::npos || found > answer.find("\r\n\r\n")) return "";
  const std::size_t begin = found + name.size() + 4;
  return answer.substr(begin, answer.find("\r\n", begin) - begin);
}

Browser::Browser(DashboardBench& bench, int receive_buffer) : socket_(bench.connected()) {
  if (receive_buffer > 0)
    socket_.next_layer().set_option(asio::socket_base::receive_buffer_size(receive_buffer));
  socket_.read_message_max(0);
  socket_.set_option(beast::websocket::stream_base::decorator(
      [&bench](beast::websocket::request_type& request) { request.set("Origin", bench.origin()); }));
  socket_.handshake(bench.host(), "/live");
}

std::string Browser::next() {
  beast::flat_buffer buffer;
  error_code error;
  socket_.read(buffer, error);
  if (error) return "";
  const auto message = nlohmann::json::parse(beast::buffers_to_string(buffer.data()));
  return message["type"].get<std::string>() + " " + std::to_string(message["n"].get<std::uint64_t>());
}

}  // namespace hftsim::test
