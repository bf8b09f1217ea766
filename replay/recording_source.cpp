#include "replay/recording_source.h"

#include <algorithm>
#include <utility>

#include "engine/core/errors.h"
#include "engine/core/nearest_name.h"

namespace hftsim {

RecordingSource::RecordingSource(const std::filesystem::path& path, RecordingSourceOptions options)
    : options_(std::move(options)), reader_(path, options_.reader), to_the_end_(options_.to_ns == INT64_MAX) {
  choose_symbols();
  sets_times_ = reader_.order() == EventOrder::receive && !options_.keep_times;
  chooses_ = options_.kinds != EventKinds::all() || !options_.symbols.empty();
  if (options_.from_ns != INT64_MIN) first_ = reader_.lower_bound(options_.from_ns);
  end_ = to_the_end_ ? reader_.event_count() : std::max(first_, reader_.lower_bound(options_.to_ns));
  reader_.seek_event(first_);
}

void RecordingSource::choose_symbols() {
  const std::vector<Instrument>& all = reader_.header().instruments;
  new_ids_.assign(all.size(), -1);
  std::vector<std::string> known;
  for (const Instrument& instrument : all) known.push_back(instrument.symbol);
  for (const std::string& symbol : options_.symbols) {
    if (std::ranges::count(known, symbol) > 0) continue;
    throw BadInput(reader_.name(), "no symbol '" + symbol + "'" + did_you_mean(symbol, known),
                   "one of the recording's instruments");
  }
  for (std::size_t id = 0; id < all.size(); ++id) {
    if (!options_.symbols.empty() && std::ranges::count(options_.symbols, all[id].symbol) == 0) continue;
    new_ids_[id] = static_cast<std::int32_t>(instruments_.size());
    instruments_.push_back(all[id]);
  }
}

std::size_t RecordingSource::read(std::span<Event> out) {
  std::size_t count = 0;
  while (count == 0 && !out.empty()) {
    const std::span<const Event> events = taken(out.size());
    if (events.empty()) break;
    count = copy_chosen(events, out);
  }
  return count;
}

std::span<const Event> RecordingSource::next(std::span<Event> room) {
  if (chooses_ || sets_times_) return room.first(read(room));
  const std::span<const Event> events = taken(room.size());
  if (events.empty() || reader_.in_place()) return events;
  std::copy(events.begin(), events.end(), room.begin());
  return room.first(events.size());
}

// To the end includes what is wrong there: the reader says so.
std::span<const Event> RecordingSource::taken(std::size_t most) {
  const std::uint64_t left = end_ - reader_.position();
  if (left == 0 && !to_the_end_) return {};
  return reader_.next(std::min<std::uint64_t>(most, std::max<std::uint64_t>(left, 1)));
}

std::size_t RecordingSource::copy_chosen(std::span<const Event> events, std::span<Event> out) const {
  if (!chooses_) {
    std::copy(events.begin(), events.end(), out.begin());
    if (sets_times_) {
      for (Event& event : out.first(events.size())) event.ts_ns = event.recv_ns;
    }
    return events.size();
  }
  std::size_t count = 0;
  for (const Event& event : events) {
    if (!options_.kinds.has(event.kind) || new_ids_[event.instrument] < 0) continue;
    Event& copy = out[count++];
    copy = event;
    copy.instrument = static_cast<InstrumentId>(new_ids_[event.instrument]);
    if (sets_times_) copy.ts_ns = event.recv_ns;
  }
  return count;
}

std::uint64_t RecordingSource::size_hint() const {
  if (!options_.symbols.empty()) return 0;
  if (!chooses_) return end_ - first_;
  const auto counts = reader_.kind_counts();
  if (!counts || first_ > 0 || end_ < reader_.event_count()) return 0;
  std::uint64_t sum = 0;
  for (std::size_t k = 0; k < kEventKindCount; ++k) {
    if (options_.kinds.has(static_cast<EventKind>(k))) sum += (*counts)[k];
  }
  return sum;
}

}  // namespace hftsim
