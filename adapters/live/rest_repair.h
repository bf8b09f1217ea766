// Asks REST for what a feed is missing, one request after the other, on whoever's thread calls it.
#pragma once

#include <string>

#include "adapters/fetch/fetch_clock.h"
#include "adapters/fetch/rest_session.h"
#include "adapters/live/feed_options.h"
#include "adapters/live/repair_request.h"
#include "adapters/net/stop_signal.h"
#include "adapters/net/tls_context.h"
#include "adapters/net/url.h"

namespace hftsim::live {

class RestRepair {
 public:
  // All outlive this.
  RestRepair(const FeedOptions& options, const net::Url& base, net::TlsContext& tls,
             const net::StopSignal& stop);

  // Blocks. Whatever goes wrong is said in the answer; throws net::Interrupted alone.
  RepairAnswer answer(const RepairRequest& request);

 private:
  void ask_time(RepairAnswer& answer);
  void ask_bars(RepairAnswer& answer);
  void ask_trades(RepairAnswer& answer);
  void ask_book(RepairAnswer& answer);

  const FeedOptions& options_;
  fetch::WallFetchClock clock_;
  fetch::RestSession session_;
};

}  // namespace hftsim::live
