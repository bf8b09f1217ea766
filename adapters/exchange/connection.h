// One connection of a client, from the first byte to the last: HTTP requests, and the websocket that one of them may
// turn it into.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "adapters/exchange/server_context.h"

namespace hftsim::exchange {

// Serves it in the background, on the socket's executor, until either side closes. With `tls` over TLS. The context has
// to outlive the executor.
void serve_connection(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls,
                      ServerContext& context);

}  // namespace hftsim::exchange
