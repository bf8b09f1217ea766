// Several sources as one: their events in EventKey order, their instruments in one table. One file per
// instrument becomes one run over all of them; recordings of one instrument (two halves of a day, trades and quotes
// apart) become one.
//
// Each source has to be in order by itself. Equal keys: what the first of the sources has comes first, and each
// source's own events stay in their sequence.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/core/event_key.h"
#include "engine/runtime/event_source.h"
#include "replay/event_order.h"

namespace hftsim {

// Of events whose every byte an earlier source gave at the same key: given all the same, given and counted, or
// counted and left out.
enum class Duplicates : std::uint8_t { keep, count, drop };

struct MergeOptions {
  std::size_t batch = 256;     // events of each source read ahead, where they do not lie in memory already
  bool share_symbols = false;  // sources of the same symbol become one instrument; else they are refused
  Duplicates duplicates = Duplicates::keep;
  EventOrder order = EventOrder::exchange;  // receive: by recv_ns in the place of ts_ns
};

class MergedSource final : public EventSource {
 public:
  // The table is the sources' tables one behind the other; ids of events are moved accordingly. Throws BadInput
  // where there is no source, a symbol comes twice and may not, or comes with other steps.
  explicit MergedSource(std::vector<std::unique_ptr<EventSource>> sources, MergeOptions options = {});

  std::span<const Instrument> instruments() const override { return instruments_; }
  std::size_t read(std::span<Event> out) override;
  // The sum, or 0 where a source does not know.
  std::uint64_t size_hint() const override;

  std::uint64_t duplicates() const { return duplicates_; }  // counted so far

 private:
  struct Lane {
    std::unique_ptr<EventSource> source;
    std::vector<InstrumentId> new_ids;
    std::vector<Event> room;
    std::span<const Event> events;  // left of those that were read; where they lie, with the source's numbers
    // Of the first of them, for comparisons without looking at it.
    std::int64_t ns = 0;
    std::uint32_t rank = 0;  // kind, then new instrument; the greatest: the source is at its end
    // Where duplicates are counted: which key it was asked at last, how many events earlier lanes gave there, and how far
    // its own have been found among them.
    std::uint64_t key_number = 0;
    std::size_t earlier = 0, matched = 0;
  };

  void add(std::unique_ptr<EventSource> source);
  InstrumentId id_for(const Instrument& instrument);
  void start();
  void advance(Lane& lane);
  void look_at_front(Lane& lane);
  bool comes_first(std::uint32_t a, std::uint32_t b) const;
  std::uint32_t play(std::uint32_t node);
  void replay(std::uint32_t lane);
  bool is_duplicate(const Event& event, Lane& lane);
  bool has_last_key(const Event& event) const;

  MergeOptions options_;
  std::vector<Lane> lanes_;
  std::vector<std::uint32_t> losers_;  // a tournament's: [0] the winner, [1..] the loser of each match
  std::vector<Instrument> instruments_;
  std::vector<Event> given_;      // where duplicates are counted: the events of the last key
  std::uint64_t key_number_ = 0;  // where duplicates are counted: how many keys there were
  std::uint64_t duplicates_ = 0;
  bool started_ = false;
};

}  // namespace hftsim
