#include "adapters/exchange/market_feed.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/bar_time.h"
#include "engine/core/errors.h"

namespace hftsim::exchange {
namespace {

constexpr std::size_t kBatch = 256;

std::vector<std::unique_ptr<SymbolMarket>> make_markets(std::span<const Instrument> instruments,
                                                        Market market, std::size_t trades_kept) {
  std::vector<std::unique_ptr<SymbolMarket>> markets;
  for (const Instrument& instrument : instruments) {
    markets.push_back(std::make_unique<SymbolMarket>(instrument, market, trades_kept));
  }
  return markets;
}

// Sums and milliseconds of such times stay within 64 bits.
void check_times(std::span<const Event> events) {
  for (const std::int64_t ns : {events.front().ts_ns, events.back().ts_ns}) {
    if (ns >= 0 && ns <= kTimeMax) continue;
    throw BadInput("the source", fmt::format("an event at {} ns", ns), "times from 1970 to 2115");
  }
}

}  // namespace

MarketFeed::MarketFeed(std::unique_ptr<EventSource> source, Market market, std::size_t trades_kept)
    : source_(std::move(source)),
      market_(market),
      markets_(make_markets(source_->instruments(), market, trades_kept)),
      publisher_(markets_, market),
      room_(kBatch) {}

bool MarketFeed::refill() {
  if (ready_.empty() && !is_at_end_) {
    ready_ = source_->next(room_);
    is_at_end_ = ready_.empty();
    if (!is_at_end_) check_times(ready_);
  }
  return !ready_.empty();
}

std::optional<std::int64_t> MarketFeed::next_ns() {
  return refill() ? std::optional(ready_.front().ts_ns) : std::nullopt;
}

void MarketFeed::move_time(std::int64_t ns) {
  publisher_.advance_to(ns);
  if (ns < candles_due_ns_) return;
  candles_due_ns_ = (ns / kSecond.value + 1) * kSecond.value;
  for (const auto& market : markets_) market->advance_to(ns, publisher_);
}

std::size_t MarketFeed::advance(std::int64_t until_ns, std::size_t most) {
  for (std::size_t done = 0; done < most; ++done) {
    if (!refill() || ready_.front().ts_ns > until_ns) {
      move_time(until_ns);
      return done;
    }
    const Event& event = ready_.front();
    // A bar closes its candle itself, at the instant at which time would.
    move_time(event.kind == EventKind::bar ? event.ts_ns - 1 : event.ts_ns);
    markets_[event.instrument]->apply(event, publisher_);
    ready_ = ready_.subspan(1);
    ++events_;
  }
  return most;
}

const SymbolMarket* MarketFeed::find(std::string_view symbol) const {
  const auto found = std::ranges::find_if(
      markets_, [&](const auto& market) { return market->instrument().symbol == symbol; });
  return found == markets_.end() ? nullptr : found->get();
}

}  // namespace hftsim::exchange
