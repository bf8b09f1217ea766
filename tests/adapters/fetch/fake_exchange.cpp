#include "tests/adapters/fetch/fake_exchange.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/core/decimal_step.h"
#include "engine/core/rng.h"

namespace hftsim::test {
namespace {

constexpr std::int64_t kNsPerMs = 1'000'000;
constexpr DecimalStep kStep{1, 8};

class FakeGetter : public net::HttpGetter {
 public:
  explicit FakeGetter(FakeExchange& exchange) : exchange_(exchange) {}
  net::HttpResponse get(const std::string& target) override { return exchange_.answer(target); }
  std::string url(const std::string& target) const override { return "https://fake" + target; }

 private:
  FakeExchange& exchange_;
};

std::int64_t number(const std::string& target, const std::string& name, std::int64_t otherwise) {
  const std::optional<std::string> text = parameter(target, name);
  return text ? std::stoll(*text) : otherwise;
}

std::string kline_row(std::int64_t open_ns, const Event& bar) {
  const std::int64_t open_ms = open_ns / kNsPerMs;
  return fmt::format(R"([{},"{:.8f}","{:.8f}","{:.8f}","{:.8f}","{:.8f}",{},"1.0",{},"0.5","0.5","0"])",
                     open_ms, bar.bar.open, bar.bar.high, bar.bar.low, bar.bar.close, bar.bar.volume,
                     bar.ts_ns / kNsPerMs - 1, bar.trades);
}

std::string trade_row(const Event& trade) {
  return fmt::format(R"({{"a":{},"p":"{}","q":"{}","f":{},"l":{},"T":{},"m":{},"M":true}})", trade.trade.seq,
                     format_steps(trade.trade.price_ticks, kStep),
                     format_steps(trade.trade.quantity_lots, kStep), trade.trade.id_first,
                     trade.trade.id_last, trade.ts_ns / kNsPerMs, trade.has(kBuyerIsMaker));
}

net::HttpResponse response(unsigned status, std::string body) {
  return {.status = status, .fields = {{"X-MBX-USED-WEIGHT-1M", "1"}}, .body = std::move(body)};
}

}  // namespace

std::optional<std::string> parameter(const std::string& target, const std::string& name) {
  const std::size_t query = target.find('?');
  std::size_t at = query == std::string::npos ? query : target.find(name + "=", query + 1);
  while (at != std::string::npos && target[at - 1] != '&' && target[at - 1] != '?')
    at = target.find(name + "=", at + 1);
  if (at == std::string::npos) return std::nullopt;
  const std::size_t begin = at + name.size() + 1;
  return target.substr(begin, target.find('&', begin) - begin);
}

void FakeExchange::add_bars(std::int64_t from_ns, std::size_t count, std::uint64_t seed) {
  RandomStream random(seed, "fake bars");
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t open_ns = from_ns + static_cast<std::int64_t>(i) * interval_.value;
    const auto cents = [&](std::uint64_t from, std::uint64_t range) {
      return static_cast<double>(from + random.below(range)) / 100;
    };
    const BarBody body{cents(20'000, 5'000), cents(25'000, 5'000), cents(10'000, 5'000), cents(20'000, 5'000),
                       static_cast<double>(random.below(1'000'000'000)) / 1e5};
    bars_[open_ns] = make_bar(Timestamp(open_ns + interval_.value), 0, body,
                              static_cast<std::uint32_t>(random.below(999)));
  }
}

void FakeExchange::remove_bars(std::int64_t from_ns, std::int64_t to_ns) {
  bars_.erase(bars_.lower_bound(from_ns), bars_.lower_bound(to_ns));
}

void FakeExchange::add_trades(std::int64_t from_ns, std::size_t count, std::uint64_t first_id) {
  RandomStream random(first_id, "fake trades");
  std::int64_t ms = from_ns / kNsPerMs;
  for (std::uint64_t id = first_id; id < first_id + count; ++id) {
    Event trade{};
    trade.kind = EventKind::trade;
    trade.ts_ns = trade.recv_ns = ms * kNsPerMs;
    trade.trade = {static_cast<std::int64_t>(random.below(1'000'000'000'000)),
                   static_cast<std::int64_t>(random.below(1'000'000'000)), id, 2 * id,
                   2 * id + random.below(2)};
    trade.flags = random.below(2) == 0 ? 0 : kBuyerIsMaker;
    trades_.push_back(trade);
    ms += static_cast<std::int64_t>(random.below(300) / 100);  // several in a millisecond
  }
}

std::vector<Event> FakeExchange::bars() const {
  std::vector<Event> all;
  for (const auto& [open_ns, bar] : bars_) all.push_back(bar);
  return all;
}

std::vector<std::string> FakeExchange::asked(const std::string& text) const {
  std::vector<std::string> found;
  std::ranges::copy_if(asked_, std::back_inserter(found),
                       [&](const std::string& target) { return target.find(text) != std::string::npos; });
  return found;
}

std::unique_ptr<net::HttpGetter> FakeExchange::getter() {
  return std::make_unique<FakeGetter>(*this);
}

net::HttpResponse FakeExchange::answer(const std::string& target) {
  const std::lock_guard lock(mutex_);
  asked_.push_back(target);
  if (fault) {
    if (auto faulty = fault(target, static_cast<int>(asked_.size()))) return *faulty;
  }
  return truthful(target);
}

net::HttpResponse FakeExchange::truthful(const std::string& target) const {
  const std::string path = target.substr(0, target.find('?'));
  if (path.ends_with("/time")) return response(200, fmt::format("{{\"serverTime\":{}}}", now_ns / kNsPerMs));
  if (path.ends_with("/exchangeInfo")) {
    return response(200, fmt::format(R"({{"symbols":[{{"symbol":"ETHBTC"}},{{"symbol":"{}"}}]}})", symbol_));
  }
  if (parameter(target, "symbol") != symbol_)
    return response(400, R"({"code":-1121,"msg":"Invalid symbol."})");
  if (path.ends_with("/klines")) return response(200, klines(target));
  if (path.ends_with("/aggTrades")) return response(200, agg_trades(target));
  return response(404, "<html>not found</html>");
}

std::string FakeExchange::klines(const std::string& target) const {
  const auto limit = static_cast<std::size_t>(number(target, "limit", 500));
  const std::int64_t from_ns = number(target, "startTime", 0) * kNsPerMs;
  const std::int64_t to_ns = std::min(number(target, "endTime", INT64_MAX / kNsPerMs) * kNsPerMs, now_ns);
  std::string rows;
  std::size_t count = 0;
  for (auto at = bars_.lower_bound(from_ns); at != bars_.end() && at->first <= to_ns; ++at) {
    if (count++ == std::min(limit, klines_max)) break;
    rows += (rows.empty() ? "" : ",") + kline_row(at->first, at->second);
  }
  return "[" + rows + "]";
}

std::string FakeExchange::agg_trades(const std::string& target) const {
  const auto limit = static_cast<std::size_t>(number(target, "limit", 500));
  const auto id = static_cast<std::uint64_t>(number(target, "fromId", 0));
  const std::int64_t from_ns = number(target, "startTime", 0) * kNsPerMs;
  std::vector<std::string> rows;
  for (const Event& trade : trades_) {
    if (trade.ts_ns > now_ns || trade.trade.seq < id || trade.ts_ns < from_ns) continue;
    rows.push_back(trade_row(trade));
  }
  const bool is_recent = !parameter(target, "fromId") && !parameter(target, "startTime");
  const std::size_t count = std::min({limit, trades_max, rows.size()});
  const std::size_t first = is_recent ? rows.size() - count : 0;
  return fmt::format("[{}]", fmt::join(rows.begin() + static_cast<std::ptrdiff_t>(first),
                                       rows.begin() + static_cast<std::ptrdiff_t>(first + count), ","));
}

}  // namespace hftsim::test
