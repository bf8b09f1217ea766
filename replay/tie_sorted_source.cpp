#include "replay/tie_sorted_source.h"

#include <algorithm>
#include <utility>

#include "replay/key_order.h"

namespace hftsim {
namespace {

constexpr std::size_t kReadAhead = 1024;

}  // namespace

TieSortedSource::TieSortedSource(std::unique_ptr<EventSource> source, std::vector<InstrumentId> new_ids,
                                 EventOrder order)
    : source_(std::move(source)), new_ids_(std::move(new_ids)), order_(order) {}

std::size_t TieSortedSource::read(std::span<Event> out) {
  while (given_ == sorted_ && !at_end_) refill();
  const std::size_t count = std::min(out.size(), sorted_ - given_);
  std::copy_n(events_.begin() + static_cast<std::ptrdiff_t>(given_), count, out.begin());
  given_ += count;
  return count;
}

// Everything but the last time that was read is whole, so in its order for good.
void TieSortedSource::refill() {
  events_.erase(events_.begin(), events_.begin() + static_cast<std::ptrdiff_t>(given_));
  const std::size_t waiting = events_.size();
  events_.resize(waiting + kReadAhead);
  const std::size_t count = source_->read(std::span(events_).subspan(waiting));
  events_.resize(waiting + count);
  for (Event& event : std::span(events_).subspan(waiting)) event.instrument = new_ids_[event.instrument];
  at_end_ = count == 0;
  given_ = 0;
  auto end = events_.end();
  if (!at_end_) {
    const std::int64_t last_ns = ordering_ns(events_.back(), order_);
    end = std::partition_point(events_.begin(), events_.end(),
                               [&](const Event& event) { return ordering_ns(event, order_) < last_ns; });
  }
  sorted_ = static_cast<std::size_t>(end - events_.begin());
  sort_by_key(std::span(events_).first(sorted_), order_);
}

}  // namespace hftsim
