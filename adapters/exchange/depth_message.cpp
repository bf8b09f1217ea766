#include "adapters/exchange/depth_message.h"

namespace hftsim::exchange {
namespace {

std::vector<BookLevel> levels_of(const std::map<std::int64_t, std::int64_t>& changes) {
  std::vector<BookLevel> levels;
  levels.reserve(changes.size());
  for (const auto& [price, quantity] : changes) levels.push_back({price, quantity});
  return levels;
}

std::vector<BookLevel> changed_levels(std::span<const BookLevel> from, std::span<const BookLevel> to) {
  std::map<std::int64_t, std::int64_t> changes;
  for (const BookLevel& level : from) changes[level.price_ticks] = 0;
  for (const BookLevel& level : to) changes[level.price_ticks] = level.quantity_lots;
  for (const BookLevel& level : from) {
    const auto found = changes.find(level.price_ticks);
    if (found->second == level.quantity_lots) changes.erase(found);
  }
  return levels_of(changes);
}

}  // namespace

DepthMessage depth_message(std::span<const Event> changes) {
  const BookChangeBody& ids = changes.front().book;
  const Event& end = changes.back();
  DepthMessage message{.ts_ns = end.ts_ns,
                       .sent_ns = end.ts_ns + std::int64_t{end.send_delay_us} * 1'000,
                       .first = ids.seq_first,
                       .last = ids.seq,
                       .previous = ids.seq_previous,
                       .bids = {},
                       .asks = {}};
  for (const Event& change : changes) {
    if (change.has(kNoLevels)) continue;
    std::vector<BookLevel>& side = change.has(kBidSide) ? message.bids : message.asks;
    side.push_back({change.book.price_ticks, change.book.quantity_lots});
  }
  return message;
}

void DepthBatch::add(const DepthMessage& message) {
  if (is_empty_) {
    ids_.first = message.first;
    ids_.previous = message.previous;
    is_empty_ = false;
  }
  ids_.ts_ns = message.ts_ns;
  ids_.last = message.last;
  for (const BookLevel& level : message.bids) bids_[level.price_ticks] = level.quantity_lots;
  for (const BookLevel& level : message.asks) asks_[level.price_ticks] = level.quantity_lots;
}

DepthMessage DepthBatch::take() {
  DepthMessage message = ids_;
  message.bids = levels_of(bids_);
  message.asks = levels_of(asks_);
  bids_.clear();
  asks_.clear();
  is_empty_ = true;
  return message;
}

DepthMessage difference(const OrderBook& from, const OrderBook& to) {
  return {.ts_ns = 0,
          .sent_ns = 0,
          .first = from.seq() + 1,
          .last = to.seq(),
          .previous = from.seq(),
          .bids = changed_levels(from.bids(), to.bids()),
          .asks = changed_levels(from.asks(), to.asks())};
}

}  // namespace hftsim::exchange
