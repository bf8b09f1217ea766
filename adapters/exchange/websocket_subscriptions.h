// The subscriptions of one websocket, and what it is answered to what it says about them. No sockets here.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/exchange/server_context.h"
#include "adapters/exchange/subscribe_message.h"
#include "adapters/exchange/websocket_start.h"

namespace hftsim::exchange {

class WebsocketSubscriptions {
 public:
  WebsocketSubscriptions(ServerContext& context, StreamClient& client, const WebsocketStart& start);

  bool is_combined() const { return is_combined_; }
  // The streams it was opened with; false where they are too many.
  bool start();
  // The answer to one message.
  std::string answer(std::string_view message);

 private:
  bool subscribe(const std::vector<std::string>& streams);
  void unsubscribe(const std::vector<std::string>& streams);
  std::string answer_parsed(const SubscribeMessage& message);

  ServerContext& context_;
  StreamClient& client_;
  std::vector<std::string> at_start_;
  std::set<std::string> streams_;
  bool is_combined_;
};

}  // namespace hftsim::exchange
