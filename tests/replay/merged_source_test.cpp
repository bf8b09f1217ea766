// The merge against a sort of everything.
#include "replay/merged_source.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <random>

#include "engine/core/errors.h"
#include "replay/key_order.h"

namespace hftsim {
namespace {

class ListSource final : public EventSource {
 public:
  ListSource(std::string symbol, std::vector<Event> events) : events_(std::move(events)) {
    instruments_.resize(1);
    instruments_[0].symbol = std::move(symbol);
  }
  std::span<const Instrument> instruments() const override { return instruments_; }
  std::size_t read(std::span<Event> out) override {
    const std::size_t count = std::min(out.size(), events_.size() - next_);
    std::copy_n(events_.begin() + static_cast<std::ptrdiff_t>(next_), count, out.begin());
    next_ += count;
    return count;
  }
  std::uint64_t size_hint() const override { return events_.size(); }

 private:
  std::vector<Instrument> instruments_;
  std::vector<Event> events_;
  std::size_t next_ = 0;
};

Event bar_at(std::int64_t ts_ns) {
  return make_bar(Timestamp(ts_ns), 0, {1, 1, 1, 1, static_cast<double>(ts_ns)}, 1);
}

struct Made {
  std::vector<std::unique_ptr<EventSource>> sources;
  std::vector<Event> expected;
};

Made make_sources(std::uint32_t seed) {
  std::mt19937 random(seed);
  Made made;
  for (InstrumentId id = 0; id < 5; ++id) {
    std::vector<Event> events;
    std::int64_t ts_ns = 0;
    for (std::uint32_t i = 0; i < random() % 400; ++i) {
      events.push_back(bar_at(ts_ns += 1 + random() % 3));
      made.expected.push_back(events.back());
      made.expected.back().instrument = id;
    }
    made.sources.push_back(std::make_unique<ListSource>("S" + std::to_string(id), std::move(events)));
  }
  std::sort(made.expected.begin(), made.expected.end(),
            [](const Event& a, const Event& b) { return key_of(a) < key_of(b); });
  return made;
}

TEST(MergedSource, GivesAllEventsInKeyOrderWhateverTheBatches) {
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    Made made = make_sources(seed);
    MergedSource merged(std::move(made.sources), {.batch = 1 + seed * 7});
    std::vector<Event> events, batch(1 + seed % 13);
    while (const std::size_t count = merged.read(batch)) {
      events.insert(events.end(), batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(count));
    }
    ASSERT_EQ(events.size(), made.expected.size());
    for (std::size_t i = 0; i < events.size(); ++i) ASSERT_EQ(key_of(events[i]), key_of(made.expected[i]));
  }
}

TEST(MergedSource, PutsTheInstrumentsIntoOneTable) {
  MergedSource merged(std::move(make_sources(1).sources));
  ASSERT_EQ(merged.instruments().size(), 5u);
  EXPECT_EQ(merged.instruments()[3].symbol, "S3");
}

TEST(MergedSource, RefusesASymbolTwice) {
  std::vector<std::unique_ptr<EventSource>> sources;
  for (int i = 0; i < 2; ++i)
    sources.push_back(std::make_unique<ListSource>("BTC", std::vector<Event>{bar_at(1)}));
  EXPECT_THROW(MergedSource merged(std::move(sources)), BadInput);
}

TEST(MergedSource, RefusesNoSource) {
  EXPECT_THROW(MergedSource({}), BadInput);
}

TEST(MergedSource, HintsAtTheSum) {
  std::vector<std::unique_ptr<EventSource>> sources;
  sources.push_back(std::make_unique<ListSource>("A", std::vector<Event>{bar_at(1), bar_at(2)}));
  sources.push_back(std::make_unique<ListSource>("B", std::vector<Event>{bar_at(1)}));
  EXPECT_EQ(MergedSource(std::move(sources)).size_hint(), 3u);
}

class TableSource final : public EventSource {
 public:
  TableSource(std::vector<std::string> symbols, std::vector<Event> events) : events_(std::move(events)) {
    for (std::string& symbol : symbols) instruments_.emplace_back().symbol = std::move(symbol);
  }
  std::span<const Instrument> instruments() const override { return instruments_; }
  std::size_t read(std::span<Event> out) override {
    const std::size_t count = std::min(out.size(), events_.size() - next_);
    std::copy_n(events_.begin() + static_cast<std::ptrdiff_t>(next_), count, out.begin());
    next_ += count;
    return count;
  }

 private:
  std::vector<Instrument> instruments_;
  std::vector<Event> events_;
  std::size_t next_ = 0;
};

// By definition: the events of each key in turn, as they came.
void sort_naively(std::vector<Event>& events) {
  std::map<EventKey, std::vector<Event>> by_key;
  for (const Event& event : events) by_key[key_of(event)].push_back(event);
  events.clear();
  for (const auto& [key, same] : by_key) events.insert(events.end(), same.begin(), same.end());
}

// Trades and bars of the instruments given, many at one time and of one key, in key order.
std::vector<Event> crowded(std::mt19937& random, std::size_t count, std::size_t instruments) {
  std::vector<Event> events;
  std::int64_t ts_ns = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Event event{};
    event.ts_ns = ts_ns += random() % 6 == 0 ? 1 : 0;
    event.recv_ns = static_cast<std::int64_t>(random());  // tells events of equal keys apart
    event.kind = random() % 2 == 0 ? EventKind::trade : EventKind::bar;
    event.instrument = static_cast<InstrumentId>(random() % instruments);
    if (event.kind == EventKind::trade) event.trade.seq = random() % 3;
    events.push_back(event);
  }
  sort_by_key(events);
  return events;
}

TEST(MergedSource, IsTheStableSortOfAllSourcesWhereSymbolsAreShared) {
  const std::vector<std::vector<std::string>> tables{{"A", "B"}, {"B", "A"}, {"C"}, {"A"}, {"C", "B", "A"}};
  const std::map<std::string, InstrumentId> ids{{"A", 0}, {"B", 1}, {"C", 2}};
  for (std::uint32_t seed = 0; seed < 30; ++seed) {
    std::mt19937 random(seed);
    std::vector<std::unique_ptr<EventSource>> sources;
    std::vector<Event> expected;
    const std::size_t lanes = 1 + seed % tables.size();
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      auto events = crowded(random, random() % 3000, tables[lane].size());
      sources.push_back(std::make_unique<TableSource>(tables[lane], events));
      for (Event& event : events) event.instrument = ids.at(tables[lane][event.instrument]);
      expected.insert(expected.end(), events.begin(), events.end());
    }
    sort_naively(expected);
    MergedSource merged(std::move(sources), {.batch = 1 + seed * 5, .share_symbols = true});
    std::vector<Event> events, batch(1 + seed % 17);
    while (const std::size_t count = merged.read(batch)) {
      events.insert(events.end(), batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(count));
    }
    ASSERT_EQ(events.size(), expected.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
      ASSERT_EQ(std::memcmp(&events[i], &expected[i], sizeof(Event)), 0) << "seed " << seed << " event " << i;
    }
  }
}

TEST(MergedSource, MergesByTheTimeOfReceiptWhereAsked) {
  std::vector<std::unique_ptr<EventSource>> sources;
  for (const std::int64_t ts_ns : {1, 2}) {  // what was later at the exchange was here first
    Event event = bar_at(ts_ns);
    event.recv_ns = 10 - ts_ns;
    sources.push_back(std::make_unique<ListSource>("S" + std::to_string(ts_ns), std::vector<Event>{event}));
  }
  MergedSource merged(std::move(sources), {.order = EventOrder::receive});
  std::vector<Event> events(4);
  ASSERT_EQ(merged.read(events), 2u);
  EXPECT_EQ(events[0].ts_ns, 2);
  EXPECT_EQ(events[1].ts_ns, 1);
}

TEST(MergedSource, DropsOnlyWhatAnEarlierSourceGaveAndCountsIt) {
  std::vector<Event> message(
      3, bar_at(5));  // one key, as the levels of a book message have; two of them the same
  message[1].bar.open = 7;
  std::vector<Event> other = message;
  other.push_back(message[1]);  // once more than the first source has it
  other[2].bar.open = 8;
  for (const Duplicates duplicates : {Duplicates::keep, Duplicates::count, Duplicates::drop}) {
    std::vector<std::unique_ptr<EventSource>> sources;
    sources.push_back(std::make_unique<ListSource>("S", message));
    sources.push_back(std::make_unique<ListSource>("S", other));
    MergedSource merged(std::move(sources), {.share_symbols = true, .duplicates = duplicates});
    std::vector<Event> events(20);
    EXPECT_EQ(merged.read(events), duplicates == Duplicates::drop ? 5u : 7u)
        << "the first three, the changed one, and the one too many";
    EXPECT_EQ(merged.duplicates(), duplicates == Duplicates::keep ? 0u : 2u);
  }
}

TEST(MergedSource, RefusesASharedSymbolOfOtherSteps) {
  class OtherGrid final : public EventSource {
   public:
    OtherGrid() { instruments_[0].symbol = "S", instruments_[0].price_step = {1, 2}; }
    std::span<const Instrument> instruments() const override { return instruments_; }
    std::size_t read(std::span<Event>) override { return 0; }

   private:
    std::vector<Instrument> instruments_ = std::vector<Instrument>(1);
  };
  std::vector<std::unique_ptr<EventSource>> sources;
  sources.push_back(std::make_unique<ListSource>("S", std::vector<Event>{}));
  sources.push_back(std::make_unique<OtherGrid>());
  EXPECT_THROW(MergedSource(std::move(sources), {.share_symbols = true}), BadInput);
}

}  // namespace
}  // namespace hftsim
