#include "adapters/exchange/stream_publisher.h"

#include <algorithm>

namespace hftsim::exchange {

StreamPublisher::StreamPublisher(const std::vector<std::unique_ptr<SymbolMarket>>& markets, Market market)
    : markets_(markets), market_(market) {}

const SymbolMarket* StreamPublisher::market_of(const StreamName& name) const {
  const auto found = std::ranges::find_if(
      markets_, [&](const auto& market) { return market->format().stream_symbol == name.symbol; });
  return found == markets_.end() ? nullptr : found->get();
}

bool StreamPublisher::subscribe(StreamClient& client, const std::string& stream) {
  const auto [found, is_new] = streams_.try_emplace(stream);
  Stream& entry = found->second;
  if (std::ranges::count(entry.clients, &client) == 0) entry.clients.push_back(&client);
  if (!is_new) return entry.market != nullptr;
  entry.text = stream;
  const std::optional<StreamName> name = parse_stream_name(stream, market_);
  if (!name) return false;
  const SymbolMarket* market = market_of(*name);
  if (market == nullptr) return false;
  if (name->interval != nullptr && !name->interval->is_made_of(market->klines().base())) return false;
  entry.name = *name;
  entry.market = market;
  streams_of(*entry.market).push_back(&entry);
  return true;
}

void StreamPublisher::drop_if_unheard(std::map<std::string, Stream>::iterator stream) {
  if (!stream->second.clients.empty()) return;
  if (stream->second.market != nullptr) std::erase(streams_of(*stream->second.market), &stream->second);
  streams_.erase(stream);
}

void StreamPublisher::unsubscribe(StreamClient& client, const std::string& stream) {
  const auto found = streams_.find(stream);
  if (found == streams_.end()) return;
  std::erase(found->second.clients, &client);
  drop_if_unheard(found);
}

void StreamPublisher::remove(StreamClient& client) {
  for (auto stream = streams_.begin(); stream != streams_.end();) {
    const auto next = std::next(stream);
    std::erase(stream->second.clients, &client);
    drop_if_unheard(stream);
    stream = next;
  }
}

bool StreamPublisher::is_heard() const {
  return std::ranges::any_of(by_market_, [](const auto& entry) { return !entry.second.empty(); });
}

void StreamPublisher::publish(Stream& stream, const std::string& data) {
  StreamMessage plain{stream.text, nullptr}, combined{stream.text, nullptr};
  for (StreamClient* client : stream.clients) {
    StreamMessage& message = client->wants_combined() ? combined : plain;
    if (message.text == nullptr) {
      message.text =
          std::make_shared<const std::string>(&message == &plain ? data : combined_json(stream.text, data));
    }
    client->deliver(message);
  }
  ++messages_;
}

std::int64_t StreamPublisher::sent_ns(const Event& event) const {
  return event.ts_ns + std::int64_t{event.send_delay_us} * 1'000 + skew_ns_;
}

// Sent at the next multiple of the stream's period.
void StreamPublisher::make_due(Stream& stream, std::int64_t ns) {
  if (stream.is_dirty) return;
  stream.is_dirty = true;
  stream.due_ns = (ns / stream.name.period_ns + 1) * stream.name.period_ns;
  next_due_ns_ = std::min(next_due_ns_, stream.due_ns);
}

void StreamPublisher::advance_to(std::int64_t ns) {
  while (next_due_ns_ <= ns) {
    const std::int64_t due_ns = next_due_ns_;
    next_due_ns_ = INT64_MAX;
    for (auto& [text, stream] : streams_) {
      if (stream.is_dirty && stream.due_ns <= due_ns) send_due(stream);
      if (stream.is_dirty) next_due_ns_ = std::min(next_due_ns_, stream.due_ns);
    }
  }
}

void StreamPublisher::send_due(Stream& stream) {
  stream.is_dirty = false;
  const SymbolMarket& market = *stream.market;
  const std::int64_t sent_ns = stream.due_ns + skew_ns_;
  if (stream.name.kind == StreamKind::depth) {
    return publish(stream, depth_json(market.format(), stream.batch.take(), sent_ns));
  }
  if (stream.name.kind == StreamKind::partial_depth) {
    if (market.awaits_snapshot()) return;
    const OrderBook& book = market.book();
    return publish(stream,
                   partial_depth_json(market.format(), market.last_depth(), book.bids(stream.name.levels),
                                      book.asks(stream.name.levels), sent_ns));
  }
  const std::int64_t now_ns = stream.due_ns - 1;
  const std::optional<Kline> kline = market.klines().at(*stream.name.interval, now_ns, now_ns);
  if (kline)
    publish(stream, kline_json(market.format(), *kline, stream.name.interval->name(), false, sent_ns));
}

void StreamPublisher::on_trade(const SymbolMarket& market, const Event& trade) {
  for (Stream* stream : streams_of(market)) {
    const StreamKind kind = stream->name.kind;
    if (kind == StreamKind::trade) publish(*stream, trade_json(market.format(), trade, sent_ns(trade)));
    if (kind == StreamKind::agg_trade && !trade.has(kOffBook)) {
      publish(*stream, agg_trade_json(market.format(), trade, sent_ns(trade)));
    }
    if (kind == StreamKind::kline) make_due(*stream, trade.ts_ns);
  }
}

void StreamPublisher::on_quote(const SymbolMarket& market, const Event& quote) {
  for (Stream* stream : streams_of(market)) {
    if (stream->name.kind != StreamKind::book_ticker) continue;
    publish(*stream, book_ticker_json(market.format(), quote, sent_ns(quote)));
  }
}

void StreamPublisher::on_depth(const SymbolMarket& market, const DepthMessage& message) {
  for (Stream* stream : streams_of(market)) {
    const StreamName& name = stream->name;
    if (name.kind != StreamKind::depth && name.kind != StreamKind::partial_depth) continue;
    if (name.kind == StreamKind::depth && name.period_ns == 0) {
      publish(*stream, depth_json(market.format(), message, message.sent_ns + skew_ns_));
      continue;
    }
    if (name.kind == StreamKind::depth) stream->batch.add(message);
    if (name.period_ns > 0) make_due(*stream, message.ts_ns);
  }
}

void StreamPublisher::on_kline_closed(const SymbolMarket& market, const Kline& kline) {
  for (Stream* stream : streams_of(market)) {
    if (stream->name.kind != StreamKind::kline) continue;
    const KlineInterval& interval = *stream->name.interval;
    const std::int64_t end_ns = interval.end_of(interval.open_of(kline.open_ns));
    if (end_ns != kline.end_ns) {
      make_due(*stream, kline.end_ns);
      continue;
    }
    stream->is_dirty = false;
    const std::optional<Kline> whole = market.klines().at(interval, kline.open_ns, kline.end_ns);
    if (whole)
      publish(*stream, kline_json(market.format(), *whole, interval.name(), true, end_ns + skew_ns_));
  }
}

}  // namespace hftsim::exchange
