// Waiting within a coroutine.
#pragma once

#include <utility>  // Boost 1.74: awaitable.hpp needs it and does not say so

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "engine/core/units.h"

namespace hftsim::net {

inline boost::asio::awaitable<void> pause(Duration duration) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  timer.expires_after(std::chrono::nanoseconds(duration.value));
  co_await timer.async_wait(boost::asio::use_awaitable);
}

}  // namespace hftsim::net
