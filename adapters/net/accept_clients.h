// Taking clients in, one after the other, as long as a server listens.
#pragma once

#include "adapters/net/pause.h"

#include <boost/asio/ip/tcp.hpp>

namespace hftsim::net {

// serve(socket) for each, without Nagle's delay, until the acceptor is closed; it outlives this.
template <class Serve>
boost::asio::awaitable<void> accept_clients(boost::asio::ip::tcp::acceptor& acceptor, Serve serve) {
  namespace asio = boost::asio;
  while (acceptor.is_open()) {
    boost::system::error_code error;
    asio::ip::tcp::socket socket =
        co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) co_return;
    if (error) {  // out of descriptors, for instance: that passes
      co_await pause(Duration(100'000'000));
      continue;
    }
    socket.set_option(asio::ip::tcp::no_delay(true), error);
    serve(std::move(socket));
  }
}

}  // namespace hftsim::net
