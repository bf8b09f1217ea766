// What a client says over a websocket: {"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":1}, and what it is
// answered, in Binance's words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hftsim::exchange {

enum class SubscribeMethod : std::uint8_t { subscribe, unsubscribe, list, set_property, get_property };

struct SubscribeMessage {
  SubscribeMethod method = SubscribeMethod::list;
  std::vector<std::string> streams;  // subscribe, unsubscribe
  std::string property;              // set_property, get_property
  bool value = false;                // set_property
  std::string id = "null";           // as it is answered: JSON
};

// What is wrong with a message, as the answer says it.
struct SubscribeError {
  int code;
  std::string message;
  std::string id = "null";
};

// Throws SubscribeError.
SubscribeMessage parse_subscribe_message(std::string_view text);

// {"result":null,"id":1}; `result` is JSON.
std::string result_json(std::string_view result, std::string_view id);
std::string stream_list_json(const std::vector<std::string>& streams);
// {"error":{"code":2,"msg":"..."},"id":null}
std::string error_json(const SubscribeError& error);

}  // namespace hftsim::exchange
