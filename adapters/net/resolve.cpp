#include "adapters/net/resolve.h"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace hftsim::net {
namespace {

using tcp = boost::asio::ip::tcp;
using SteadyClock = std::chrono::steady_clock;

Resolved ask_system(const std::string& host, std::uint16_t port) {
  boost::asio::io_context io;
  Resolved resolved;
  for (const auto& found : tcp::resolver(io).resolve(host, std::to_string(port), resolved.error))
    resolved.endpoints.push_back(found.endpoint());
  return resolved;
}

struct Question {
  std::mutex mutex;
  std::condition_variable answered;
  std::optional<Resolved> answer;
};

}  // namespace

Resolved resolve(const std::string& host, std::uint16_t port, SteadyClock::time_point deadline,
                 const StopSignal& stop) {
  boost::system::error_code no_address;
  const auto address = boost::asio::ip::make_address(host, no_address);
  if (!no_address) return {.error = {}, .endpoints = {{address, port}}};
  const auto question = std::make_shared<Question>();
  std::thread([question, host, port] {
    Resolved answer = ask_system(host, port);
    const std::lock_guard lock(question->mutex);
    question->answer = std::move(answer);
    question->answered.notify_one();
  }).detach();
  std::unique_lock lock(question->mutex);
  while (!question->answer) {
    stop.check();
    if (SteadyClock::now() >= deadline) return {.error = boost::asio::error::timed_out, .endpoints = {}};
    question->answered.wait_until(lock, std::min(SteadyClock::now() + kStopPoll, deadline));
  }
  return std::move(*question->answer);
}

}  // namespace hftsim::net
