// One connection of a client: one request, and its answer or the websocket that it turns into.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "adapters/dashboard/site.h"

namespace hftsim::dashboard {

// Serves it in the background, on the socket's executor, or tells it that there are too many. With `tls` over TLS. The
// site has to outlive the executor.
void serve_connection(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls, Site& site);

}  // namespace hftsim::dashboard
