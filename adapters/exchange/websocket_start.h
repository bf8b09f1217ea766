// Which path a websocket was opened at: /ws, /ws/<stream>/..., /stream?streams=<stream>/...
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hftsim::exchange {

struct WebsocketStart {
  bool is_combined = false;  // messages come with their stream's name
  std::vector<std::string> streams = {};
};

// None where no websocket is to be had at that target.
std::optional<WebsocketStart> websocket_start(std::string_view target);

}  // namespace hftsim::exchange
