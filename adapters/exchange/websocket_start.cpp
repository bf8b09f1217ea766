#include "adapters/exchange/websocket_start.h"

#include <algorithm>

#include "adapters/exchange/request_target.h"

namespace hftsim::exchange {
namespace {

// "a/b/c"
std::vector<std::string> split_streams(std::string_view text) {
  std::vector<std::string> streams;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('/'), text.size());
    if (end > 0) streams.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return streams;
}

}  // namespace

std::optional<WebsocketStart> websocket_start(std::string_view text) {
  const std::optional<RequestTarget> target = parse_target(text);
  if (!target) return std::nullopt;
  if (target->path == "/stream") {
    const std::string* streams = target->find("streams");
    return WebsocketStart{.is_combined = true, .streams = split_streams(streams == nullptr ? "" : *streams)};
  }
  if (target->path == "/ws") return WebsocketStart{};
  if (!target->path.starts_with("/ws/")) return std::nullopt;
  return WebsocketStart{.is_combined = false, .streams = split_streams(target->path.substr(4))};
}

}  // namespace hftsim::exchange
