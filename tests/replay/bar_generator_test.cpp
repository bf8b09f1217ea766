#include "replay/bar_generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <xxhash.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>

#include "engine/core/errors.h"
#include "engine/core/event_key.h"

namespace hftsim {
namespace {

using Bars = std::vector<Event>;

BarGeneratorOptions options_of(std::uint64_t bars, std::uint64_t seed = 1, std::size_t symbols = 1) {
  BarGeneratorOptions options;
  options.bars = bars;
  options.seed = seed;
  options.symbols = generated_symbols(symbols);
  return options;
}

// `at_a_time` bars a read, and the reads go on after the end, where nothing may come.
Bars generate(const BarGeneratorOptions& options, std::size_t at_a_time = 256) {
  BarGenerator generator(options);
  Bars bars, block(at_a_time);
  for (std::size_t count = generator.read(block); count > 0; count = generator.read(block))
    bars.insert(bars.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(count));
  EXPECT_EQ(generator.read(block), 0u);
  return bars;
}

Bars of_instrument(const Bars& bars, InstrumentId instrument) {
  Bars own;
  for (Event bar : bars) {
    if (bar.instrument != instrument) continue;
    bar.instrument = 0;
    own.push_back(bar);
  }
  return own;
}

bool same_bytes(const Bars& a, const Bars& b) {
  if (a.size() != b.size()) return false;
  return a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(Event)) == 0;
}

std::uint64_t hash_of(const Bars& bars) {
  return XXH3_64bits(bars.data(), bars.size() * sizeof(Event));
}

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const BadInput& error) {
    return error.what();
  }
  return "";
}

// Another number here is another set of bytes for every user: kModelVersion has to count up with it.
TEST(BarGenerator, GivesTheBytesWrittenDownHere) {
  EXPECT_EQ(hash_of(generate(options_of(10'000))), 0x9d006019e55416fau);
  EXPECT_EQ(hash_of(generate(options_of(4'000, 7, 3))), 0xd10d83bf31729418u);
  BarGeneratorOptions hourly = options_of(5'000, 3, 2);
  hourly.interval = Duration(60 * kMinute.value);
  EXPECT_EQ(hash_of(generate(hourly)), 0xc8d7391c1cd01d6du);
}

TEST(BarGenerator, GivesTheSameBytesWhateverTheReads) {
  const Bars all = generate(options_of(3'001, 5, 3), 4096);
  ASSERT_EQ(all.size(), 9'003u);
  for (const std::size_t at_a_time : {1, 2, 7, 63, 64, 65, 256, 10'000})
    EXPECT_TRUE(same_bytes(generate(options_of(3'001, 5, 3), at_a_time), all)) << at_a_time;
}

TEST(BarGenerator, ALongerRunBeginsWithTheShorterOne) {
  const Bars longer = generate(options_of(1'000, 2, 2));
  for (const std::uint64_t bars : {0, 1, 63, 64, 65, 999})
    EXPECT_TRUE(same_bytes(generate(options_of(bars, 2, 2)),
                           Bars(longer.begin(), longer.begin() + static_cast<std::ptrdiff_t>(2 * bars))));
}

TEST(BarGenerator, OtherSymbolsDoNotMoveASymbol) {
  const Bars alone = generate(options_of(2'000));
  const Bars with_others = generate(options_of(2'000, 1, 4));
  EXPECT_TRUE(same_bytes(of_instrument(with_others, 0), alone));

  BarGeneratorOptions reversed = options_of(2'000, 1, 4);
  std::reverse(reversed.symbols.begin(), reversed.symbols.end());
  EXPECT_TRUE(same_bytes(of_instrument(generate(reversed), 3), alone));
}

TEST(BarGenerator, AnotherSeedGivesOtherBars) {
  EXPECT_NE(hash_of(generate(options_of(100, 1))), hash_of(generate(options_of(100, 2))));
}

TEST(BarGenerator, BarsAreValidAndFollowEachOther) {
  BarGeneratorOptions options = options_of(20'000, 9, 3);
  options.model.jumps_per_day = 100;
  const Bars bars = generate(options);
  std::vector<double> last_close(3, 0);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const Event& bar = bars[i];
    const BarBody& body = bar.bar;
    ASSERT_EQ(bar.ts_ns, options.start.value + static_cast<std::int64_t>(i / 3 + 1) * kMinute.value);
    ASSERT_EQ(bar.recv_ns, bar.ts_ns);
    ASSERT_EQ(bar.instrument, i % 3);
    ASSERT_EQ(bar.kind, EventKind::bar);
    ASSERT_GT(body.low, 0);
    ASSERT_LE(body.low, std::min(body.open, body.close));
    ASSERT_GE(body.high, std::max(body.open, body.close));
    ASSERT_GT(body.volume, 0);
    ASSERT_GT(bar.trades, 0u);
    ASSERT_TRUE(i < 3 || std::fabs(body.open - last_close[i % 3]) < 0.0101);
    last_close[i % 3] = body.close;
    ASSERT_TRUE(i == 0 || key_of(bars[i - 1]) < key_of(bar));
  }
}

// From open to close by way of high and low, a lot in each trade at least; also where trades and volume are small.
TEST(BarGenerator, ThereAreAsManyTradesAsThePricesTakeAndAsMuchVolume) {
  BarGeneratorOptions options = options_of(20'000);
  options.symbols[0].trades_per_minute = 2;
  options.symbols[0].volume_per_minute = 0.01;
  options.symbols[0].initial_price = 50;
  std::size_t of_one_trade = 0;
  for (const Event& bar : generate(options)) {
    const BarBody& body = bar.bar;
    const auto beyond = static_cast<std::uint32_t>(body.high > std::max(body.open, body.close)) +
                        static_cast<std::uint32_t>(body.low < std::min(body.open, body.close));
    ASSERT_GE(bar.trades, body.high == body.low ? 1 : 2 + beyond);
    ASSERT_GE(std::round(body.volume * 1e5), bar.trades);
    if (bar.trades == 1) ++of_one_trade;
  }
  EXPECT_GT(of_one_trade, 0u);
}

// As a decimal read from a file would be: the double nearest to a multiple of the step.
TEST(BarGenerator, PricesAndVolumesLieOnTheirGrids) {
  for (const Event& bar : generate(options_of(5'000, 4, 2))) {
    for (const double price : {bar.bar.open, bar.bar.high, bar.bar.low, bar.bar.close})
      ASSERT_EQ(price, std::round(price * 100) / 100);
    ASSERT_EQ(bar.bar.volume, std::round(bar.bar.volume * 1e5) / 1e5);
  }
}

TEST(BarGenerator, SaysWhatItTradesAndHowMuchComes) {
  const BarGenerator generator(options_of(1'000, 1, 2));
  ASSERT_EQ(generator.instruments().size(), 2u);
  EXPECT_EQ(generator.instruments()[1].symbol, "SYN2USDT");
  EXPECT_EQ(generator.instruments()[1].tick_size, 0.01);
  EXPECT_EQ(generator.instruments()[1].lot_size, 1e-5);
  EXPECT_EQ(generator.size_hint(), 2'000u);
}

TEST(BarGenerator, OneSecondAndOneDayBarsAreAsVolatileAsTheirTimeIsLong) {
  for (const Duration interval : {kSecond, kDay}) {
    BarGeneratorOptions options = options_of(50'000, 2);
    options.interval = interval;
    options.model.price_spread = 0.5;
    double squares = 0;
    for (const Event& bar : generate(options)) {
      const double ret = std::log(bar.bar.close / bar.bar.open);
      squares += ret * ret;
    }
    const double expected = options.model.volatility * std::sqrt(options.minutes_per_bar());
    const double ratio = std::sqrt(squares / 50'000) / expected;
    EXPECT_GT(ratio, 0.75) << interval.value;
    EXPECT_LT(ratio, 1.35) << interval.value;
  }
}

TEST(BarGeneratorOptions, DescribeTellsEveryOptionApart) {
  const BarGeneratorOptions base;
  const std::vector<std::function<void(BarGeneratorOptions&)>> changes{
      [](auto& o) { o.seed += 1; },
      [](auto& o) { o.bars += 1; },
      [](auto& o) { o.start = o.start + kSecond; },
      [](auto& o) { o.interval = kSecond; },
      [](auto& o) { o.symbols = generated_symbols(2); },
      [](auto& o) { o.symbols[0].name = "X"; },
      [](auto& o) { o.symbols[0].initial_price += 0.01; },
      [](auto& o) { o.symbols[0].volume_per_minute += 1e-12; },
      [](auto& o) { o.symbols[0].trades_per_minute += 1; },
      [](auto& o) { o.model.volatility *= 1.0000001; },
      [](auto& o) { o.model.slow_volatility_sd += 0.01; },
      [](auto& o) { o.model.slow_half_life = kMinute; },
      [](auto& o) { o.model.fast_volatility_sd += 0.01; },
      [](auto& o) { o.model.fast_half_life = kMinute; },
      [](auto& o) { o.model.bar_volatility_sd += 0.01; },
      [](auto& o) { o.model.leverage = 0; },
      [](auto& o) { o.model.day_profile = 0; },
      [](auto& o) { o.model.jumps_per_day = 0; },
      [](auto& o) { o.model.jump_size = 0; },
      [](auto& o) { o.model.price_spread = 0.2; },
      [](auto& o) { o.model.correlation = 0; },
      [](auto& o) { o.model.activity_sd = 0; },
      [](auto& o) { o.model.activity_half_life = kMinute; },
      [](auto& o) { o.model.trades_sd = 0; },
      [](auto& o) { o.model.size_sd = 0; },
  };
  std::vector<std::string> texts{base.describe()};
  for (const auto& change : changes) {
    BarGeneratorOptions options;
    change(options);
    EXPECT_EQ(message_of([&] { options.check(); }), "");
    texts.push_back(options.describe());
  }
  std::sort(texts.begin(), texts.end());
  EXPECT_EQ(std::adjacent_find(texts.begin(), texts.end()), texts.end());
}

TEST(BarGeneratorOptions, RefusesWhatMakesNoSenseByName) {
  const auto refusal_of = [](const std::function<void(BarGeneratorOptions&)>& change) {
    BarGeneratorOptions options;
    change(options);
    return message_of([&] { BarGenerator{options}; });
  };
  using ::testing::HasSubstr;
  EXPECT_THAT(refusal_of([](auto& o) { o.interval = Duration(0); }), HasSubstr("interval"));
  EXPECT_THAT(refusal_of([](auto& o) { o.interval = Duration(-1); }), HasSubstr("interval"));
  EXPECT_THAT(refusal_of([](auto& o) { o.start = Timestamp(-1); }), HasSubstr("start"));
  EXPECT_THAT(refusal_of([](auto& o) { o.bars = UINT64_MAX; }), HasSubstr("bars"));
  EXPECT_THAT(refusal_of([](auto& o) { o.symbols.clear(); }), HasSubstr("symbols"));
  EXPECT_THAT(refusal_of([](auto& o) { o.symbols = generated_symbols(70'000); }), HasSubstr("65535"));
  EXPECT_THAT(refusal_of([](auto& o) { o.symbols.push_back(o.symbols[0]); }), HasSubstr("SYN1USDT twice"));
  EXPECT_THAT(refusal_of([](auto& o) { o.symbols[0].name = ""; }), HasSubstr("name"));
  EXPECT_THAT(refusal_of([](auto& o) { o.symbols[0].initial_price = 0; }), HasSubstr("initial_price"));
  EXPECT_THAT(refusal_of([](auto& o) { o.model.volatility = std::nan(""); }), HasSubstr("volatility"));
  EXPECT_THAT(refusal_of([](auto& o) { o.model.correlation = 1.5; }), HasSubstr("correlation"));
  EXPECT_THAT(refusal_of([](auto& o) { o.model.fast_half_life = Duration(0); }), HasSubstr("fast_half_life"));
}

}  // namespace
}  // namespace hftsim
