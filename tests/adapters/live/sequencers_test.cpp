// Whatever happens to a stream on its way, what is handed out is the source's: each once, in order, none left out.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "adapters/live/bar_sequencer.h"
#include "adapters/live/trade_sequencer.h"
#include "engine/core/rng.h"

namespace hftsim::live {
namespace {

constexpr std::int64_t kStartNs = 1'704'067'200'000'000'000;
constexpr std::uint64_t kHoleMax = 1'000;

std::vector<Event> source_bars(std::size_t count) {
  std::vector<Event> bars;
  for (std::size_t i = 0; i < count; ++i) {
    const double price = 100 + static_cast<double>(i);
    bars.push_back(make_bar(Timestamp(kStartNs + static_cast<std::int64_t>(i + 1) * kMinute.value), 0,
                            {price, price, price, price, 1}, 1));
  }
  return bars;
}

std::vector<Event> source_trades(std::size_t count) {
  std::vector<Event> trades(count);
  for (std::size_t i = 0; i < count; ++i) {
    trades[i] = Event{};
    trades[i].ts_ns = kStartNs + static_cast<std::int64_t>(i);
    trades[i].kind = EventKind::trade;
    trades[i].trade.seq = 500 + i;
  }
  return trades;
}

// The stream with events lost, doubled and moved a few places back. The first comes first: a stream begins with it.
std::vector<Event> disturbed(const std::vector<Event>& source, RandomStream& random) {
  std::vector<Event> stream;
  for (const Event& event : source) {
    if (random.below(10) != 0) stream.push_back(event);
    if (random.below(10) == 0) stream.push_back(event);
    if (random.below(10) == 0 && stream.size() > 6) {
      const auto late = stream.end() - 1 - static_cast<std::ptrdiff_t>(random.below(4));
      std::rotate(late, late + 1, stream.end());
    }
  }
  stream.insert(stream.begin(), source.front());
  return stream;
}

TEST(BarSequencer, HandsOutTheSourcesBarsWhateverHappenedToTheStream) {
  const std::vector<Event> source = source_bars(400);
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    RandomStream random(seed, "bars");
    BarSequencer bars(kMinute, 0, std::nullopt);
    std::vector<Event> out;
    // REST has all bars up to what the stream has come to, sometimes only the first of those asked for.
    const auto repair = [&](std::int64_t closed_ns) {
      const std::optional<TimeRange> hole = bars.missing(closed_ns);
      if (!hole) return;
      std::vector<Event> answer;
      for (const Event& bar : source) {
        if (bar.ts_ns > hole->from_ns && bar.ts_ns <= hole->to_ns) answer.push_back(bar);
      }
      if (random.below(3) == 0) answer.resize((answer.size() + 1) / 2);
      bars.repair(answer, out);
    };
    for (const Event& bar : disturbed(source, random)) {
      bars.take(bar, out);
      if (random.below(4) == 0) repair(bar.ts_ns);
    }
    for (int again = 0; again < 20; ++again) repair(source.back().ts_ns);
    ASSERT_EQ(out.size(), source.size()) << "seed " << seed;
    for (std::size_t i = 0; i < out.size(); ++i) {
      ASSERT_EQ(out[i].ts_ns, source[i].ts_ns) << "seed " << seed;
      ASSERT_EQ(out[i].bar.open, source[i].bar.open) << "seed " << seed;
    }
    const auto late = std::ranges::count_if(out, [](const Event& bar) { return bar.has(kLate); });
    EXPECT_EQ(static_cast<std::uint64_t>(late), bars.counts().repaired);
    EXPECT_EQ(bars.counts().gaps, 0u);
  }
}

TEST(TradeSequencer, HandsOutTheSourcesTradesWhateverHappenedToTheStream) {
  const std::vector<Event> source = source_trades(600);
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    RandomStream random(seed, "trades");
    TradeSequencer trades(0, std::nullopt, kHoleMax);
    std::vector<Event> out;
    const auto repair = [&] {
      const std::optional<TradeHole> hole = trades.missing();
      if (!hole) return;
      std::vector<Event> answer;
      for (const Event& trade : source) {
        if (trade.trade.seq >= hole->from && trade.trade.seq < hole->to) answer.push_back(trade);
      }
      if (random.below(3) == 0) answer.resize((answer.size() + 1) / 2);
      trades.repair(*hole, answer, out);
    };
    for (const Event& trade : disturbed(source, random)) {
      trades.take(trade, out);
      if (random.below(2) == 0) repair();
    }
    trades.take(source.back(), out);  // only what follows tells that something is missing
    for (int again = 0; again < 40; ++again) repair();
    ASSERT_EQ(out.size(), source.size()) << "seed " << seed;
    for (std::size_t i = 0; i < out.size(); ++i) {
      ASSERT_EQ(out[i].trade.seq, source[i].trade.seq) << "seed " << seed;
      ASSERT_EQ(out[i].kind, EventKind::trade) << "seed " << seed;
    }
    const auto late = std::ranges::count_if(out, [](const Event& trade) { return trade.has(kLate); });
    EXPECT_EQ(static_cast<std::uint64_t>(late), trades.counts().repaired);
    EXPECT_EQ(trades.counts().gaps, 0u);
  }
}

TEST(TradeSequencer, MarksWhatTheExchangeDoesNotHave) {
  const std::vector<Event> source = source_trades(10);
  TradeSequencer trades(0, std::nullopt, kHoleMax);
  std::vector<Event> out;
  trades.take(source[0], out);
  trades.take(source[6], out);
  const std::optional<TradeHole> hole = trades.missing();
  ASSERT_TRUE(hole);
  EXPECT_EQ(hole->from, 501u);
  EXPECT_EQ(hole->to, 506u);
  trades.give_up(out);
  ASSERT_EQ(out.size(), 3u);
  EXPECT_EQ(out[1].kind, EventKind::session_mark);
  EXPECT_EQ(out[1].session.mark, SessionMark::gap);
  EXPECT_EQ(out[1].session.missing, 5u);
  EXPECT_EQ(out[2].trade.seq, 506u);
  EXPECT_EQ(trades.counts().gaps, 1u);
}

TEST(TradeSequencer, IsNotStoppedByOneAbsurdId) {
  const std::vector<Event> source = source_trades(100);
  TradeSequencer trades(0, std::nullopt, kHoleMax);
  std::vector<Event> out;
  trades.take(source[0], out);
  Event absurd = source[1];
  absurd.trade.seq = UINT64_MAX - 1;
  trades.take(absurd, out);
  for (std::size_t i = 1; i < source.size(); ++i) trades.take(source[i], out);
  EXPECT_EQ(out.size(), source.size());
  EXPECT_EQ(trades.counts().gaps, 0u);
}

TEST(BarSequencer, LeavesOutABarOffTheGrid) {
  std::vector<Event> out;
  BarSequencer bars(kMinute, 0, std::nullopt);
  Event bar = source_bars(1).front();
  bar.ts_ns += 1;
  bars.take(bar, out);
  EXPECT_TRUE(out.empty());
  EXPECT_EQ(bars.counts().implausible, 1u);
}

}  // namespace
}  // namespace hftsim::live
