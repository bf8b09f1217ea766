#include "replay/merged_source.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include "engine/core/errors.h"
#include "replay/tie_sorted_source.h"

namespace hftsim {
namespace {

constexpr std::uint32_t kAtEnd = std::numeric_limits<std::uint32_t>::max();

bool same_grid(const Instrument& a, const Instrument& b) {
  return a.price_step == b.price_step && a.quantity_step == b.quantity_step &&
         a.bar_interval == b.bar_interval;
}

}  // namespace

MergedSource::MergedSource(std::vector<std::unique_ptr<EventSource>> sources, MergeOptions options)
    : options_(options) {
  if (sources.empty()) throw BadInput("data", "no source", "at least one");
  for (std::unique_ptr<EventSource>& source : sources) add(std::move(source));
}

void MergedSource::add(std::unique_ptr<EventSource> source) {
  Lane lane;
  for (const Instrument& instrument : source->instruments()) lane.new_ids.push_back(id_for(instrument));
  if (!std::is_sorted(lane.new_ids.begin(), lane.new_ids.end())) {
    source = std::make_unique<TieSortedSource>(std::move(source), lane.new_ids, options_.order);
    lane.new_ids.resize(instruments_.size());
    for (std::size_t id = 0; id < lane.new_ids.size(); ++id) lane.new_ids[id] = static_cast<InstrumentId>(id);
  }
  lane.source = std::move(source);
  lane.room.resize(std::max<std::size_t>(options_.batch, 1));
  lanes_.push_back(std::move(lane));
}

InstrumentId MergedSource::id_for(const Instrument& instrument) {
  const auto known = std::find_if(instruments_.begin(), instruments_.end(),
                                  [&](const Instrument& i) { return i.symbol == instrument.symbol; });
  if (known == instruments_.end()) {
    if (instruments_.size() == std::numeric_limits<InstrumentId>::max()) {
      throw BadInput("data", std::to_string(instruments_.size() + 1) + " instruments", "at most 65535");
    }
    instruments_.push_back(instrument);
    return static_cast<InstrumentId>(instruments_.size() - 1);
  }
  if (!options_.share_symbols) {
    throw BadInput("data", "two sources of the symbol " + instrument.symbol, "one source per symbol");
  }
  if (!same_grid(*known, instrument)) {
    throw BadInput("data",
                   instrument.symbol + " with other price or quantity steps, or bars of another interval",
                   "the same in every source of a symbol");
  }
  return static_cast<InstrumentId>(known - instruments_.begin());
}

std::size_t MergedSource::read(std::span<Event> out) {
  if (!std::exchange(started_, true)) start();
  std::size_t count = 0;
  while (count < out.size()) {
    Lane& lane = lanes_[losers_[0]];
    if (lane.rank == kAtEnd) break;
    Event& event = out[count];
    event = lane.events.front();
    event.instrument = static_cast<InstrumentId>(lane.rank & 0xffff);
    if (options_.duplicates == Duplicates::keep || !is_duplicate(event, lane) ||
        options_.duplicates == Duplicates::count) {
      ++count;
    }
    advance(lane);
    replay(losers_[0]);
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

void MergedSource::start() {
  for (Lane& lane : lanes_) advance(lane);
  losers_.assign(lanes_.size(), 0);
  losers_[0] = lanes_.size() == 1 ? 0 : play(1);
}

// The winner below a node: lanes are the leaves n..2n-1 of a tree whose root is node 1.
std::uint32_t MergedSource::play(std::uint32_t node) {
  const auto leaves = static_cast<std::uint32_t>(lanes_.size());
  if (node >= leaves) return node - leaves;
  const std::uint32_t a = play(2 * node), b = play(2 * node + 1);
  const bool a_wins = comes_first(a, b);
  losers_[node] = a_wins ? b : a;
  return a_wins ? a : b;
}

// The lane that won has another front: only the matches above its leaf are played again.
void MergedSource::replay(std::uint32_t winner) {
  for (std::uint32_t node = (winner + static_cast<std::uint32_t>(lanes_.size())) / 2; node > 0; node /= 2) {
    if (comes_first(losers_[node], winner)) std::swap(losers_[node], winner);
  }
  losers_[0] = winner;
}

void MergedSource::advance(Lane& lane) {
  if (!lane.events.empty()) lane.events = lane.events.subspan(1);
  if (lane.events.empty()) lane.events = lane.source->next(lane.room);
  look_at_front(lane);
}

void MergedSource::look_at_front(Lane& lane) {
  if (lane.events.empty()) {
    lane.ns = std::numeric_limits<std::int64_t>::max();
    lane.rank = kAtEnd;
    return;
  }
  const Event& front = lane.events.front();
  lane.ns = ordering_ns(front, options_.order);
  lane.rank = static_cast<std::uint32_t>(front.kind) << 16 | lane.new_ids[front.instrument];
}

// By EventKey, then by lane.
bool MergedSource::comes_first(std::uint32_t a, std::uint32_t b) const {
  const Lane &x = lanes_[a], &y = lanes_[b];
  if (x.ns != y.ns) return x.ns < y.ns;
  if (x.rank != y.rank) return x.rank < y.rank;
  if (x.rank == kAtEnd) return a < b;
  const std::uint64_t x_seq = sequence_of(x.events.front()), y_seq = sequence_of(y.events.front());
  return x_seq != y_seq ? x_seq < y_seq : a < b;
}

// Equal keys come lane by lane, so what a lane repeats is among what earlier lanes gave at this key, in the same
// sequence: each is found once, and nothing is taken for a repetition within its own lane.
bool MergedSource::is_duplicate(const Event& event, Lane& lane) {
  if (!has_last_key(event)) {
    given_.clear();
    ++key_number_;
  }
  if (lane.key_number != key_number_) {
    lane.key_number = key_number_;
    lane.earlier = given_.size();
    lane.matched = 0;
  }
  for (std::size_t i = lane.matched; i < lane.earlier; ++i) {
    if (std::memcmp(&given_[i], &event, sizeof event) != 0) continue;
    lane.matched = i + 1;
    ++duplicates_;
    return true;
  }
  given_.push_back(event);
  return false;
}

bool MergedSource::has_last_key(const Event& event) const {
  if (given_.empty()) return false;
  const Event& last = given_.back();
  return ordering_ns(last, options_.order) == ordering_ns(event, options_.order) && last.kind == event.kind &&
         last.instrument == event.instrument && sequence_of(last) == sequence_of(event);
}

}  // namespace hftsim
