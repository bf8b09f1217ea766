#include "adapters/exchange/websocket_subscriptions.h"

#include <algorithm>

namespace hftsim::exchange {

WebsocketSubscriptions::WebsocketSubscriptions(ServerContext& context, StreamClient& client,
                                               const WebsocketStart& start)
    : context_(context), client_(client), at_start_(start.streams), is_combined_(start.is_combined) {}

bool WebsocketSubscriptions::start() {
  return subscribe(at_start_);
}

bool WebsocketSubscriptions::subscribe(const std::vector<std::string>& streams) {
  std::set<std::string> wanted = streams_;
  wanted.insert(streams.begin(), streams.end());
  if (wanted.size() > context_.limits.streams) return false;
  for (const std::string& stream : streams) {
    if (!streams_.insert(stream).second) continue;
    context_.counts.unknown_streams += !context_.feed.publisher().subscribe(client_, stream);
  }
  context_.wake_pump();
  return true;
}

void WebsocketSubscriptions::unsubscribe(const std::vector<std::string>& streams) {
  for (const std::string& stream : streams) {
    if (streams_.erase(stream) > 0) context_.feed.publisher().unsubscribe(client_, stream);
  }
}

std::string WebsocketSubscriptions::answer(std::string_view message) {
  try {
    return answer_parsed(parse_subscribe_message(message));
  } catch (const SubscribeError& error) {
    return error_json(error);
  }
}

std::string WebsocketSubscriptions::answer_parsed(const SubscribeMessage& message) {
  switch (message.method) {
    case SubscribeMethod::subscribe:
      if (!subscribe(message.streams))
        throw SubscribeError{2, "Invalid request: too many streams", message.id};
      break;
    case SubscribeMethod::unsubscribe:
      unsubscribe(message.streams);
      break;
    case SubscribeMethod::set_property:
      is_combined_ = message.value;
      break;
    case SubscribeMethod::get_property:
      return result_json(is_combined_ ? "true" : "false", message.id);
    case SubscribeMethod::list:
      return result_json(stream_list_json({streams_.begin(), streams_.end()}), message.id);
  }
  return result_json("null", message.id);
}

}  // namespace hftsim::exchange
