// Binance's market data as it happens, made whole: whatever the network does, the bars of an instrument are those of an
// unbroken stream, each once and in order, and so are its trades as far as REST has them.
//
//   websocket ─▶ parser ─▶ sequencers ─▶ FeedSink          one thread
//                             │   ▲
//                  what is missing │ kLate
//                             ▼   │
//                        REST, on a thread of its own
//
//   stream       order                      a hole                                      what cannot be had
//   kline        closed bars, by time       later ones wait, klines by REST             a hole of the exchange's: `gap`
//   aggTrade     ids without a hole         later ones wait, aggTrades by REST          `gap`, then on
//   trade        ids without a hole         later ones wait a moment                    `gap`, then on
//   bookTicker   rising update ids          is not seen: each is whole                  -
//   depth        on a snapshot              `gap`, messages wait for a new snapshot     -
//
// For every instrument session marks say when the connection was there. Not repaired: quotes and books of the time
// without one.
#pragma once

#include <memory>

#include "adapters/live/feed_options.h"
#include "engine/runtime/feed_sink.h"

namespace hftsim::live {

class LiveFeed {
 public:
  // `sink` outlives this; take() is called on the feed's thread between start() and the end of stop(). Throws BadInput
  // where the URLs, the instruments, `start` or the file of authorities are not what they have to be.
  LiveFeed(FeedOptions options, FeedStart start, FeedSink& sink, FeedLog log = {});
  ~LiveFeed();  // stops
  LiveFeed(const LiveFeed&) = delete;
  LiveFeed& operator=(const LiveFeed&) = delete;

  // Returns when the first attempt to connect has ended. Where asking again will not help (a certificate that does not
  // hold, a URL that the server has nothing at) it throws BadInput and the feed stands still; whatever else is in the way
  // is tried again until stop(). Once.
  void start();

  // Within half a second, whatever the network does. A sink that waits in take() has to be let go first.
  void stop();

  // Of at most 50 ms ago. Any thread.
  FeedHealth health() const;

 private:
  struct Parts;
  std::shared_ptr<Parts> parts_;
};

}  // namespace hftsim::live
