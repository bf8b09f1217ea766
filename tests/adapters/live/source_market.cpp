#include "tests/adapters/live/source_market.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/lower_case.h"
#include "engine/core/decimal_step.h"

namespace hftsim::test {
namespace {

constexpr DecimalStep kPriceStep{1, 2}, kQuantityStep{1, 3};
constexpr std::int64_t kNsPerMs = 1'000'000;

std::string price_text(std::int64_t ticks) {
  return format_steps(ticks, kPriceStep);
}
std::string quantity_text(std::int64_t lots) {
  return format_steps(lots, kQuantityStep);
}

std::string levels_text(const SourceMarket::Levels& levels) {
  std::string text;
  for (const auto& [price, quantity] : levels)
    text +=
        fmt::format(R"({}["{}","{}"])", text.empty() ? "" : ",", price_text(price), quantity_text(quantity));
  return text;
}

}  // namespace

SourceMarket::SourceMarket(Market market, const std::vector<std::string>& symbols, int minutes,
                           std::uint64_t seed)
    : market_(market), symbols_(symbols.size()) {
  for (const std::string& symbol : symbols) {
    Instrument& instrument = instruments_.emplace_back();
    instrument.symbol = symbol;
    instrument.price_step = kPriceStep;
    instrument.quantity_step = kQuantityStep;
    instrument.bar_interval = kMinute;
  }
  RandomStream random(seed, "source market");
  const std::int64_t start_ms = kStartNs / kNsPerMs;
  for (int minute = 0; minute < minutes; ++minute) {
    std::vector<std::size_t> first_trades;
    for (const Symbol& symbol : symbols_) first_trades.push_back(symbol.trades.size());
    for (int step = 0; step < 12; ++step) {
      for (InstrumentId id = 0; id < symbols_.size(); ++id) {
        const std::int64_t ms = start_ms + minute * 60'000 + step * 4'900 + id * 7;
        trade(id, ms, random);
        if (random.below(2) == 0) depth(id, ms + 1, random);
        if (random.below(2) == 0) quote(id, ms + 2);
      }
    }
    for (InstrumentId id = 0; id < symbols_.size(); ++id)
      close_bar(id, start_ms + (minute + 1) * 60'000, first_trades[id]);
  }
}

void SourceMarket::send(InstrumentId id, std::int64_t ms, const std::string& stream,
                        const std::string& data) {
  messages_.push_back(
      {fmt::format(R"({{"stream":"{}@{}","data":{}}})", lower_case(instruments_[id].symbol), stream, data),
       ms * kNsPerMs});
}

void SourceMarket::trade(InstrumentId id, std::int64_t ms, RandomStream& random) {
  Symbol& symbol = symbols_[id];
  symbol.price += static_cast<std::int64_t>(random.below(201)) - 100;
  Event event{};
  event.kind = EventKind::trade;
  event.instrument = id;
  event.ts_ns = ms * kNsPerMs;
  const std::uint64_t seq = kFirstTradeId + symbol.trades.size();
  event.trade = {symbol.price, 1 + static_cast<std::int64_t>(random.below(5'000)), seq, 2 * seq, 2 * seq + 1};
  event.flags = random.below(2) == 0 ? kAggregate : kAggregate | kBuyerIsMaker;
  symbol.trades.push_back(event);
  send(id, ms, "aggTrade",
       fmt::format(
           R"({{"e":"aggTrade","E":{},"s":"{}","a":{},"p":"{}","q":"{}","f":{},"l":{},"T":{},"m":{}}})",
           ms + 2, instruments_[id].symbol, seq, price_text(event.trade.price_ticks),
           quantity_text(event.trade.quantity_lots), event.trade.id_first, event.trade.id_last, ms,
           event.has(kBuyerIsMaker)));
}

void SourceMarket::quote(InstrumentId id, std::int64_t ms) {
  const Symbol& symbol = symbols_[id];
  const std::string& name = instruments_[id].symbol;
  const std::string best = fmt::format(R"("u":{},"s":"{}","b":"{}","B":"1.000","a":"{}","A":"2.000")",
                                       symbol.book_id * 10 + symbol.trades.size(), name,
                                       price_text(symbol.price - 1), price_text(symbol.price));
  send(id, ms, "bookTicker",
       market_ == Market::spot ? "{" + best + "}"
                               : fmt::format(R"({{"e":"bookTicker",{},"T":{},"E":{}}})", best, ms, ms + 1));
}

void SourceMarket::depth(InstrumentId id, std::int64_t ms, RandomStream& random) {
  Symbol& symbol = symbols_[id];
  const std::uint64_t previous = symbol.book_id;
  Levels bids, asks;
  for (std::uint64_t i = 0, levels = 1 + random.below(4); i < levels; ++i) {
    const bool is_bid = random.below(2) == 0;
    const auto away = static_cast<std::int64_t>(random.below(40)) + 1;
    const std::int64_t price = 4'200'000 + (is_bid ? -away : away);
    const auto quantity = static_cast<std::int64_t>(random.below(3) == 0 ? 0 : random.below(9'000));
    (is_bid ? bids : asks)[price] = quantity;
  }
  symbol.book_id += 1 + random.below(5);
  for (const auto* side : {&bids, &asks}) {
    for (const auto& [price, quantity] : *side)
      symbol.changes.push_back({messages_.size(), side == &bids, price, quantity, symbol.book_id});
  }
  const std::string ids = market_ == Market::spot ? "" : fmt::format(R"("T":{},"pu":{},)", ms, previous);
  send(id, ms, "depth@100ms",
       fmt::format(R"({{"e":"depthUpdate","E":{},{}"s":"{}","U":{},"u":{},"b":[{}],"a":[{}]}})", ms + 1, ids,
                   instruments_[id].symbol, previous + 1, symbol.book_id, levels_text(bids),
                   levels_text(asks)));
}

void SourceMarket::close_bar(InstrumentId id, std::int64_t close_ms, std::size_t first_trade) {
  Symbol& symbol = symbols_[id];
  const auto number = [](std::int64_t ticks) {
    return std::stod(price_text(ticks));
  };
  BarBody bar{number(symbol.trades[first_trade].trade.price_ticks), 0, 1e9, number(symbol.price), 0};
  std::int64_t lots = 0;
  for (std::size_t i = first_trade; i < symbol.trades.size(); ++i) {
    bar.high = std::max(bar.high, number(symbol.trades[i].trade.price_ticks));
    bar.low = std::min(bar.low, number(symbol.trades[i].trade.price_ticks));
    lots += symbol.trades[i].trade.quantity_lots;
  }
  bar.volume = std::stod(quantity_text(lots));
  const auto count = static_cast<std::uint32_t>(symbol.trades.size() - first_trade);
  symbol.bars.push_back(make_bar(Timestamp(close_ms * kNsPerMs), id, bar, count));
  send(
      id, close_ms, "kline_1m",
      fmt::format(
          R"({{"e":"kline","E":{},"s":"{}","k":{{"t":{},"T":{},"s":"{}","i":"1m","f":1,"L":2,"o":"{:.2f}","c":"{:.2f}","h":"{:.2f}","l":"{:.2f}","v":"{}","n":{},"x":true,"q":"1.0","V":"0.5","Q":"0.5","B":"0"}}}})",
          close_ms + 1, instruments_[id].symbol, close_ms - 60'000, close_ms - 1, instruments_[id].symbol,
          bar.open, bar.close, bar.high, bar.low, quantity_text(lots), count));
}

std::int64_t SourceMarket::now_ns(std::size_t sent) const {
  return sent == 0 ? kStartNs : messages_[sent - 1].ts_ns;
}

SourceMarket::Book SourceMarket::book_at(InstrumentId id, std::size_t sent) const {
  Book book;
  book.last_id = 50'000;
  for (const BookChange& change : symbols_[id].changes) {
    if (change.message >= sent) break;
    Levels& side = change.is_bid ? book.bids : book.asks;
    if (change.quantity == 0) {
      side.erase(change.price);
    } else {
      side[change.price] = change.quantity;
    }
    book.last_id = change.id;
  }
  return book;
}

std::string SourceMarket::snapshot(InstrumentId id, std::size_t sent) const {
  const Book book = book_at(id, sent);
  const std::int64_t ms = now_ns(sent) / kNsPerMs;
  const std::string times = market_ == Market::spot ? "" : fmt::format(R"("E":{},"T":{},)", ms, ms);
  return fmt::format(R"({{"lastUpdateId":{},{}"bids":[{}],"asks":[{}]}})", book.last_id, times,
                     levels_text(book.bids), levels_text(book.asks));
}

live::RepairAnswer SourceMarket::answer(const live::RepairRequest& request, std::size_t sent) const {
  live::RepairAnswer answer{.request = request, .server_ns = now_ns(sent)};
  const Symbol& symbol = symbols_[request.instrument];
  switch (request.kind) {
    case live::RepairKind::time:
      break;
    case live::RepairKind::bars:
      std::ranges::copy_if(symbol.bars, std::back_inserter(answer.events), [&](const Event& bar) {
        return bar.ts_ns > request.from_ns && bar.ts_ns <= answer.server_ns;
      });
      break;
    case live::RepairKind::trades:
      std::ranges::copy_if(symbol.trades, std::back_inserter(answer.events), [&](const Event& trade) {
        return trade.trade.seq >= request.hole.from && trade.ts_ns <= answer.server_ns;
      });
      break;
    case live::RepairKind::book:
      answer.body = snapshot(request.instrument, sent);
  }
  return answer;
}

}  // namespace hftsim::test
