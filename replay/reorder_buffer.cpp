#include "replay/reorder_buffer.h"

#include <algorithm>
#include <cassert>

#include "replay/event_check.h"
#include "replay/key_order.h"

namespace hftsim {
namespace {

constexpr std::size_t kGivenBeforeMoving =
    4096;  // events that were given stay in their lane until half of it is theirs

std::ptrdiff_t offset(std::size_t i) {
  return static_cast<std::ptrdiff_t>(i);
}

// For heaps of the standard library, whose top is the greatest.
constexpr auto comes_later = [](const auto& a, const auto& b) {
  return a.key > b.key;
};

}  // namespace

ReorderBuffer::Lane& ReorderBuffer::lane_of(const Event& event, std::uint32_t& number) {
  number =
      static_cast<std::uint32_t>(event.instrument * kEventKindCount + static_cast<std::size_t>(event.kind));
  if (number >= lanes_.size()) lanes_.resize(number + 1);
  return lanes_[number];
}

bool ReorderBuffer::push(std::span<const Event> message) {
  assert(!is_finished_);
  if (message.empty()) return true;
  const std::int64_t ns = ordering_ns(message.front(), order_);
  if (ns < floor_ns()) return false;
  std::uint32_t number = 0;
  Lane& lane = lane_of(message.front(), number);
  const bool was_empty = lane.begin == lane.events.size();
  const EventKey key = key_of(message.front(), order_);
  if (was_empty || !(key < key_of(lane.events.back(), order_))) {
    lane.events.insert(lane.events.end(), message.begin(), message.end());
    if (was_empty) update_front(number, key, true);
  } else {
    const auto begin = lane.events.begin() + offset(lane.begin);
    const auto at = std::upper_bound(begin, lane.events.end(), key, [&](const EventKey& k, const Event& e) {
      return k < key_of(e, order_);
    });
    const bool is_first = at == begin;
    lane.events.insert(at, message.begin(), message.end());
    if (is_first) update_front(number, key, false);
  }
  size_ += message.size();
  newest_ns_ = std::max(newest_ns_, ns);
  return true;
}

void ReorderBuffer::update_front(std::uint32_t number, const EventKey& key, bool was_empty) {
  if (was_empty) {
    fronts_.push_back({key, number});
    std::push_heap(fronts_.begin(), fronts_.end(), comes_later);
    return;
  }
  for (Front& front : fronts_) {
    if (front.lane == number) front.key = key;
  }
  std::make_heap(fronts_.begin(), fronts_.end(), comes_later);
}

std::size_t ReorderBuffer::pop(std::span<Event> out) {
  const std::int64_t end_ns = floor_ns();  // what lies before it has its place
  std::size_t count = 0;
  while (count < out.size() && !fronts_.empty() && (is_finished_ || fronts_.front().key.ts_ns < end_ns)) {
    count += give_run(out.subspan(count), end_ns);
  }
  return count;
}

// The lane that comes after the first one.
const ReorderBuffer::Front* ReorderBuffer::second() const {
  if (fronts_.size() < 2) return nullptr;
  if (fronts_.size() == 2 || fronts_[1].key < fronts_[2].key) return &fronts_[1];
  return &fronts_[2];
}

// Of the first lane, as far as no other comes before.
std::size_t ReorderBuffer::give_run(std::span<Event> out, std::int64_t end_ns) {
  const std::uint32_t number = fronts_.front().lane;
  const Front* const next = second();
  Lane& lane = lanes_[number];
  EventKey key = fronts_.front().key;
  std::size_t count = 0;
  for (;;) {
    out[count++] = lane.events[lane.begin++];
    if (lane.begin == lane.events.size()) break;
    key = key_of(lane.events[lane.begin], order_);
    const bool is_certain = is_finished_ || key.ts_ns < end_ns;
    if (count == out.size() || !is_certain || (next != nullptr && next->key < key)) break;
  }
  size_ -= count;
  std::pop_heap(fronts_.begin(), fronts_.end(), comes_later);
  if (lane.begin == lane.events.size()) {
    fronts_.pop_back();
    lane.events.clear();
    lane.begin = 0;
    return count;
  }
  fronts_.back().key = key;
  std::push_heap(fronts_.begin(), fronts_.end(), comes_later);
  if (lane.begin >= kGivenBeforeMoving && 2 * lane.begin >= lane.events.size()) {
    lane.events.erase(lane.events.begin(), lane.events.begin() + offset(lane.begin));
    lane.begin = 0;
  }
  return count;
}

}  // namespace hftsim
