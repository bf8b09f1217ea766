#include "engine/execution/order_book.h"

namespace hftsim {

void OrderBook::begin_message(const Event& event) {
  is_whole_ = false;
  ++counts_.messages;
  if (!event.has(kSnapshot)) return;
  ++counts_.snapshots;
  bids_.clear();
  asks_.clear();
}

void OrderBook::end_message(const Event& event) {
  is_whole_ = true;
  seq_ = event.book.seq;
  counts_.crossed_messages += is_crossed();
}

void OrderBook::clear() {
  bids_.clear();
  asks_.clear();
  seq_ = 0;
  is_whole_ = true;
}

}  // namespace hftsim
