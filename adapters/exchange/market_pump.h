// Lets the market's time go by: event by event at the clock's pace or, unpaced, as fast as the clients take what
// happens.
#pragma once

#include <utility>  // Boost 1.74: awaitable.hpp needs it and does not say so

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "adapters/exchange/server_context.h"

namespace hftsim::exchange {

class MarketPump {
 public:
  // waits: time stands still before somebody subscribes. Unpaced time always waits for subscribers.
  MarketPump(boost::asio::io_context& io, ServerContext& context, bool waits);

  // Returns at the source's end; throws what the source throws.
  boost::asio::awaitable<void> run();

 private:
  boost::asio::awaitable<void> run_paced();
  boost::asio::awaitable<void> run_unpaced();
  boost::asio::awaitable<void> wait(Duration most);

  ServerContext& context_;
  boost::asio::steady_timer timer_;
  bool waits_;
};

}  // namespace hftsim::exchange
