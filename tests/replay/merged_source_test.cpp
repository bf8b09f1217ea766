// The merge against a sort of everything.
#include "replay/merged_source.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "engine/core/errors.h"

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

}  // namespace
}  // namespace hftsim
