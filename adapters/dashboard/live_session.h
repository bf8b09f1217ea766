// A browser's websocket from its handshake to its end: it is shown the session, and says nothing.
#pragma once

#include <utility>  // Boost 1.74: awaitable.hpp needs it and does not say so

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl.hpp>

#include "adapters/dashboard/site.h"

namespace hftsim::dashboard {

// Returns when it has ended; throws system_error where it broke. For beast::tcp_stream and
// beast::ssl_stream<beast::tcp_stream>.
template <class Stream>
boost::asio::awaitable<void> serve_live(Stream stream, const Request& upgrade, Site& site);

}  // namespace hftsim::dashboard
