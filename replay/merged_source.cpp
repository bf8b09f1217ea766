#include "replay/merged_source.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "engine/core/errors.h"

namespace hftsim {
namespace {

void require_new_symbol(std::span<const Instrument> known, const std::string& symbol) {
  const auto same = [&](const Instrument& instrument) {
    return instrument.symbol == symbol;
  };
  if (std::any_of(known.begin(), known.end(), same)) {
    throw BadInput("data", "two sources of the symbol " + symbol, "one source per symbol");
  }
}

}  // namespace

MergedSource::MergedSource(std::vector<std::unique_ptr<EventSource>> sources, std::size_t batch) {
  if (sources.empty()) throw BadInput("data", "no source", "at least one");
  for (std::unique_ptr<EventSource>& source : sources) {
    const auto first_id = static_cast<InstrumentId>(instruments_.size());
    for (const Instrument& instrument : source->instruments()) {
      require_new_symbol(instruments_, instrument.symbol);
      instruments_.push_back(instrument);
    }
    if (instruments_.size() > std::numeric_limits<InstrumentId>::max()) {
      throw BadInput("data", std::to_string(instruments_.size()) + " instruments", "at most 65535");
    }
    lanes_.push_back(
        {std::move(source), first_id, std::vector<Event>(std::max<std::size_t>(batch, 1)), 0, 0});
  }
  heap_.reserve(lanes_.size());
}

std::size_t MergedSource::read(std::span<Event> out) {
  const auto later = [this](std::size_t a, std::size_t b) {
    return comes_later(a, b);
  };
  if (!std::exchange(started_, true)) {
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      if (refill(lanes_[i])) heap_.push_back(i);
    }
    std::make_heap(heap_.begin(), heap_.end(), later);
  }
  std::size_t count = 0;
  while (count < out.size() && !heap_.empty()) {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    Lane& lane = lanes_[heap_.back()];
    out[count++] = lane.front();
    if (++lane.next < lane.count || refill(lane)) {
      std::push_heap(heap_.begin(), heap_.end(), later);
    } else {
      heap_.pop_back();
    }
  }
  return count;
}

std::uint64_t MergedSource::size_hint() const {
  std::uint64_t sum = 0;
  for (const Lane& lane : lanes_) {
    const std::uint64_t hint = lane.source->size_hint();
    if (hint == 0) return 0;
    sum += hint;
  }
  return sum;
}

bool MergedSource::refill(Lane& lane) {
  lane.next = 0;
  lane.count = lane.source->read(lane.events);
  for (Event& event : std::span(lane.events).first(lane.count)) {
    event.instrument = static_cast<InstrumentId>(event.instrument + lane.first_id);
  }
  return lane.count > 0;
}

// Two sources never hold equal keys, the instrument being part of it; timers do not come from sources.
bool MergedSource::comes_later(std::size_t a, std::size_t b) const {
  return key_of(lanes_[a].front()) > key_of(lanes_[b].front());
}

}  // namespace hftsim
