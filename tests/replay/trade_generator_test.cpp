#include "replay/trade_generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <xxhash.h>

#include <cstring>

#include "engine/core/errors.h"
#include "replay/bar_generator.h"
#include "tests/replay/trade_check.h"

namespace hftsim {
namespace {

using Events = std::vector<Event>;

TradeGeneratorOptions options_of(std::uint64_t bars, std::uint64_t seed = 1, std::size_t symbols = 1) {
  TradeGeneratorOptions options;
  options.bars.bars = bars;
  options.bars.seed = seed;
  options.bars.symbols = generated_symbols(symbols);
  return options;
}

Events generate(const TradeGeneratorOptions& options, std::size_t at_a_time = 1000) {
  TradeGenerator generator(options);
  return test::read_all(generator, at_a_time);
}

bool same_bytes(std::span<const Event> a, std::span<const Event> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

std::uint64_t hash_of(std::span<const Event> events) {
  return XXH3_64bits(events.data(), events.size_bytes());
}

Events of_instrument(const Events& events, InstrumentId instrument) {
  Events own;
  for (Event event : events) {
    if (event.instrument != instrument) continue;
    event.instrument = 0;
    own.push_back(event);
  }
  return own;
}

// Another number here is another set of bytes for every user: kTradeModelVersion has to count up with it.
TEST(TradeGenerator, GivesTheBytesWrittenDownHere) {
  EXPECT_EQ(hash_of(generate(options_of(20))), 0x70ecfcefaca24b96u);
  EXPECT_EQ(hash_of(generate(options_of(10, 7, 3))), 0xf461be2fdf57624bu);
  TradeGeneratorOptions book = options_of(4, 1, 2);
  book.level = TradeLevel::book;
  EXPECT_EQ(hash_of(generate(book)), 0xf11cb52b7d86de90u);
}

TEST(TradeGenerator, BarsAloneComeFirstAndMoveNoBar) {
  TradeGeneratorOptions options = options_of(6, 3, 2);
  options.level = TradeLevel::book;
  const Events all = generate(options);
  options.bars_alone = 4;
  const Events partly = generate(options, 7);
  const auto bars_of = [](const Events& events) {
    Events bars;
    std::ranges::copy_if(events, std::back_inserter(bars),
                         [](const Event& event) { return event.kind == EventKind::bar; });
    return bars;
  };
  EXPECT_TRUE(same_bytes(bars_of(partly), bars_of(all)));
  const std::int64_t details_ns = options.bars.start.value + 4 * kMinute.value;
  std::size_t before = 0, behind = 0;
  for (const Event& event : partly) {
    if (event.kind != EventKind::bar) (event.ts_ns < details_ns ? before : behind) += 1;
  }
  EXPECT_EQ(before, 0u);
  EXPECT_GT(behind, 100u);
}

TEST(TradeGenerator, GivesTheSameBytesWhateverTheReads) {
  const Events all = generate(options_of(3, 5, 2), 100'000);
  for (const std::size_t at_a_time : {1, 7, 256, 4096})
    EXPECT_TRUE(same_bytes(generate(options_of(3, 5, 2), at_a_time), all)) << at_a_time;
}

TEST(TradeGenerator, ItsBarsAreThoseOfTheBarGenerator) {
  const TradeGeneratorOptions options = options_of(30, 3, 2);
  BarGenerator bars(options.bars);
  EXPECT_TRUE(same_bytes(test::of_kind(generate(options), EventKind::bar), test::read_all(bars)));
}

TEST(TradeGenerator, OtherSymbolsDoNotMoveASymbol) {
  EXPECT_TRUE(same_bytes(of_instrument(generate(options_of(10, 1, 3)), 0), generate(options_of(10))));
}

TEST(TradeGenerator, ALongerRunBeginsWithTheShorterOne) {
  const Events shorter = generate(options_of(5, 2, 2)), longer = generate(options_of(8, 2, 2));
  ASSERT_LT(shorter.size(), longer.size());
  EXPECT_TRUE(same_bytes(shorter, std::span(longer).first(shorter.size())));
}

struct Case {
  const char* name;
  void (*change)(BarGeneratorOptions&);
};

class TradesOf : public ::testing::TestWithParam<Case> {};

TEST_P(TradesOf, AddUpToTheirBars) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    TradeGeneratorOptions options = options_of(12, seed, 2);
    GetParam().change(options.bars);
    TradeGenerator generator(options);
    test::TradeCheck(generator.instruments()).check(test::read_all(generator));
  }
}

INSTANTIATE_TEST_SUITE_P(Markets, TradesOf,
                         ::testing::Values(Case{"AsTheyAre",
                                                [](auto&) {
                                                }},
                                           Case{"Seconds",
                                                [](auto& o) {
                                                  o.interval = kSecond;
                                                  o.bars = 2000;
                                                }},
                                           Case{"QuietSeconds",
                                                [](auto& o) {
                                                  o.interval = kSecond;
                                                  o.bars = 5000;
                                                  for (auto& symbol : o.symbols) symbol.trades_per_minute = 1;
                                                }},
                                           Case{"MoreTradesThanVolume",
                                                [](auto& o) {
                                                  for (auto& symbol : o.symbols)
                                                    symbol.volume_per_minute = 0.01;
                                                }},
                                           Case{"CheapAndQuiet",
                                                [](auto& o) {
                                                  o.bars = 500;
                                                  for (auto& symbol : o.symbols) {
                                                    symbol.initial_price = 10;
                                                    symbol.trades_per_minute = 2;
                                                  }
                                                }},
                                           Case{"Jumps",
                                                [](auto& o) {
                                                  o.model.jumps_per_day = 1440;
                                                }},
                                           Case{"Days",
                                                [](auto& o) {
                                                  o.interval = kDay;
                                                  o.bars = 3;
                                                  for (auto& symbol : o.symbols)
                                                    symbol.trades_per_minute = 20;
                                                }}),
                         [](const auto& market) { return std::string(market.param.name); });

TEST(TradeGenerator, SaysWhatItsStepsAre) {
  TradeGenerator generator(options_of(1, 1, 2));
  ASSERT_EQ(generator.instruments().size(), 2u);
  EXPECT_EQ(generator.instruments()[1].symbol, "SYN2USDT");
  EXPECT_EQ(generator.instruments()[1].price_step, (DecimalStep{1, 2}));
  EXPECT_EQ(generator.instruments()[1].quantity_step, (DecimalStep{1, 5}));
}

TEST(TradeGenerator, DescribesItsLevelToo) {
  TradeGeneratorOptions trades = options_of(1), book = options_of(1);
  book.level = TradeLevel::book;
  EXPECT_NE(trades.describe(), book.describe());
  EXPECT_NE(trades.describe(), options_of(2).describe());
}

TEST(TradeGenerator, RefusesWhatTheBarGeneratorRefuses) {
  TradeGeneratorOptions options = options_of(1);
  options.bars.symbols.clear();
  EXPECT_THROW(TradeGenerator{options}, BadInput);
}

}  // namespace
}  // namespace hftsim
