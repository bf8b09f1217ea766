// Where a feed's websocket and REST are.
#pragma once

#include <string>

#include "adapters/live/feed_options.h"
#include "adapters/net/url.h"

namespace hftsim::live {

struct FeedAddress {
  net::Url websocket;  // its target: the base's path, then /stream?streams=...
  net::Url rest;
};

// Without streams: of the exchange's market, or what is said in its place (FeedOptions). Throws BadInput.
FeedAddress base_address(Market market, const std::string& websocket_url, const std::string& rest_url);

// Throws BadInput where the options' URLs or instruments are not what they have to be.
FeedAddress feed_address(const FeedOptions& options);

}  // namespace hftsim::live
