// One message of book changes as a whole: what a depth stream sends. Several in a row become one, which is what the
// exchange sends every 100 ms or less often.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "engine/core/event.h"
#include "engine/execution/order_book.h"

namespace hftsim::exchange {

struct DepthMessage {
  std::int64_t ts_ns = 0;                       // of the last change
  std::int64_t sent_ns = 0;                     // when the exchange sent it
  std::uint64_t first = 0, last = 0;            // update ids: U, u
  std::uint64_t previous = 0;                   // last id of the message before: pu
  std::vector<BookLevel> bids = {}, asks = {};  // new totals; 0 removes
};

// Of all events of one message, in order.
DepthMessage depth_message(std::span<const Event> changes);

// Gathers messages until they are taken as one: of each level the last quantity.
class DepthBatch {
 public:
  void add(const DepthMessage& message);
  bool empty() const { return is_empty_; }
  DepthMessage take();

 private:
  DepthMessage ids_;
  std::map<std::int64_t, std::int64_t> bids_, asks_;
  bool is_empty_ = true;
};

// What turns the one book into the other, as one message that follows on the one's last.
DepthMessage difference(const OrderBook& from, const OrderBook& to);

}  // namespace hftsim::exchange
