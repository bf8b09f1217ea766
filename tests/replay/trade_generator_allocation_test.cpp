// Generating trades and books allocates nothing per event.
#include <gtest/gtest.h>

#include "engine/core/allocation_counter.h"
#include "replay/trade_generator.h"

namespace hftsim {
namespace {

TEST(TradeGeneratorAllocations, AreNoneAfterTheFirstRead) {
  for (const TradeLevel level : {TradeLevel::trades, TradeLevel::book}) {
    for (const std::size_t symbols : {1, 3}) {
      TradeGeneratorOptions options;
      options.bars.bars = 20;
      options.bars.symbols = generated_symbols(symbols);
      options.level = level;
      TradeGenerator generator(options);
      std::vector<Event> room(1000);
      generator.read(room);
      const std::uint64_t before = thread_allocation_count;
      while (generator.read(room) > 0) {
      }
      EXPECT_EQ(thread_allocation_count - before, 0u);
    }
  }
}

}  // namespace
}  // namespace hftsim
