// A websocket from its handshake to its end: what it subscribes to, what it is sent, what it may say.
#pragma once

#include <utility>  // Boost 1.74: awaitable.hpp needs it and does not say so

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl.hpp>

#include "adapters/exchange/server_context.h"
#include "adapters/exchange/websocket_start.h"

namespace hftsim::exchange {

// Returns when the connection has ended; throws system_error where it broke. For beast::tcp_stream and
// beast::ssl_stream<beast::tcp_stream>.
template <class Stream>
boost::asio::awaitable<void> serve_websocket(
    Stream stream, const boost::beast::http::request<boost::beast::http::string_body>& upgrade,
    const WebsocketStart& start, ServerContext& context);

}  // namespace hftsim::exchange
