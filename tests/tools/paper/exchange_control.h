// What a test asks of a running hftsim exchange: faults, counts, its bars.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "adapters/binance/rest_klines.h"

namespace hftsim::test {

class ExchangeControl {
 public:
  // "http://127.0.0.1:8080"
  explicit ExchangeControl(const std::string& url)
      : port_(static_cast<std::uint16_t>(std::atoi(url.substr(url.rfind(':') + 1).c_str()))) {}

  void set_faults(const std::string& faults) const { ask(Verb::post, "/hftsim/faults", faults); }
  void clear_faults() const { ask(Verb::delete_, "/hftsim/faults"); }
  std::uint64_t strikes(const std::string& side, const std::string& fault) const {
    return stats()["faults"][side].value(fault, std::uint64_t{0});
  }
  std::int64_t now_ns() const { return stats()["time_ms"].get<std::int64_t>() * 1'000'000; }

  // Closed minutes from then on; at most a thousand.
  std::vector<Event> minutes(const std::string& symbol, std::int64_t from_ns) const {
    const std::string target = "/api/v3/klines?symbol=" + symbol +
                               "&interval=1m&limit=1000&startTime=" + std::to_string(from_ns / 1'000'000);
    const std::int64_t now = now_ns();
    std::vector<Event> bars =
        binance::parse_klines(ask(Verb::get, target), {.from_ns = from_ns, .to_ns = INT64_MAX}, target);
    while (!bars.empty() && bars.back().ts_ns > now) bars.pop_back();
    return bars;
  }

 private:
  using Verb = boost::beast::http::verb;

  nlohmann::json stats() const { return nlohmann::json::parse(ask(Verb::get, "/hftsim/stats")); }

  std::string ask(Verb verb, const std::string& target, const std::string& body = "") const {
    namespace http = boost::beast::http;
    boost::asio::io_context io;
    boost::asio::ip::tcp::socket socket(io);
    socket.connect({boost::asio::ip::make_address("127.0.0.1"), port_});
    http::request<http::string_body> request(verb, target, 11, body);
    request.prepare_payload();
    http::write(socket, request);
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(64 * 1024 * 1024);
    http::read(socket, buffer, parser);
    if (parser.get().result_int() != 200) throw std::runtime_error(target + ": " + parser.get().body());
    return parser.get().body();
  }

  std::uint16_t port_;
};

}  // namespace hftsim::test
