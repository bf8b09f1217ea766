#include "engine/features/feature_stage.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/features/feature_lists.h"
#include "tests/features/planted_bars.h"
#include "tests/features/rows.h"

namespace hftsim::features {
namespace {

struct Pool {
  Pool(std::uint32_t capacity, std::size_t features)
      : arena(BlockPool::bytes_needed(1, capacity, static_cast<std::uint32_t>(features))),
        blocks(arena, 1, capacity, static_cast<std::uint32_t>(features)) {}
  Arena arena;
  BlockPool blocks;
};

// Bars of three instruments in random order, with trades between them.
std::vector<Event> interleaved(std::span<const std::vector<Event>> bars_of, std::uint64_t seed) {
  RandomStream random(seed, "interleaving");
  std::vector<std::size_t> next(bars_of.size(), 0);
  std::vector<Event> events;
  for (bool left = true; left;) {
    const std::size_t k = random.below(bars_of.size());
    if (next[k] < bars_of[k].size()) {
      events.push_back(bars_of[k][next[k]++]);
      events.back().instrument = static_cast<InstrumentId>(k);
    } else if (random.below(4) == 0) {
      Event trade{};
      trade.kind = EventKind::trade;
      events.push_back(trade);
    }
    left = false;
    for (std::size_t j = 0; j < bars_of.size(); ++j) left = left || next[j] < bars_of[j].size();
  }
  return events;
}

TEST(FeatureStage, GivesEachOfSeveralInstrumentsWhatItGetsAlone) {
  const std::vector<std::string> names = all_features();
  const std::vector<std::vector<Event>> bars_of = {planted_bars(1, 900), planted_bars(2, 400),
                                                   planted_bars(3, 700)};
  const std::vector<Event> events = interleaved(bars_of, 4);
  const std::vector<Instrument> instruments(3);
  for (const std::uint32_t capacity : {1U, 64U, 1024U}) {
    Pool pool(capacity, names.size());
    Block& block = pool.blocks[0];
    FeatureStage stage(names, instruments, capacity);
    std::vector<Rows> got;
    for (const auto& bars : bars_of) got.emplace_back(names.size(), bars.size());
    std::size_t seen[3] = {};
    for (std::size_t first = 0; first < events.size(); first += capacity) {
      block.size = static_cast<std::uint32_t>(std::min<std::size_t>(capacity, events.size() - first));
      block.events = std::span(events).subspan(first, block.size);
      stage.process(block);
      for (std::uint32_t i = 0; i < block.size; ++i) {
        const Event& event = block.events[i];
        if (event.kind != EventKind::bar) {
          EXPECT_EQ(block.row_of[i], kNoRow);
          EXPECT_EQ(block.warm[i], 0);
          continue;
        }
        Rows& rows = got[event.instrument];
        const std::size_t bar = seen[event.instrument]++;
        bool known = true;
        for (std::uint32_t f = 0; f < names.size(); ++f) {
          const double value = block.feature(f, block.row_of[i]);
          rows.values[f * rows.bars + bar] = value;
          known = known && !std::isnan(value);
        }
        if (bar < 60) {
          EXPECT_EQ(block.warm[i] != 0, known) << "bar " << bar;
        }
      }
    }
    for (std::size_t k = 0; k < bars_of.size(); ++k) {
      EXPECT_TRUE(same_bits(got[k].values, compute(names, bars_of[k], 256).values))
          << "instrument " << k << ", blocks of " << capacity;
    }
  }
}

TEST(FeatureStage, PlacesTheBarsOfOneInstrumentInOrder) {
  const std::vector<std::string> names = default_features();
  const std::vector<Event> bars = planted_bars(5, 500);
  const Rows expected = compute(names, bars, 256);
  Pool pool(512, names.size());
  Block& block = pool.blocks[0];
  FeatureStage stage(names, std::vector<Instrument>(1), 512);
  block.size = 500;
  block.events = bars;
  stage.process(block);
  for (std::uint32_t i = 0; i < 500; ++i) {
    ASSERT_EQ(block.row_of[i], i);
    ASSERT_EQ(block.warm[i] != 0, i >= stage.set(0).warmup_bars());
    for (std::uint32_t f = 0; f < names.size(); ++f) {
      const double value = block.feature(f, i), alone = expected.at(f, i);
      ASSERT_TRUE(same_bits({&value, 1}, {&alone, 1})) << names[f] << ", bar " << i;
    }
  }
}

}  // namespace
}  // namespace hftsim::features
