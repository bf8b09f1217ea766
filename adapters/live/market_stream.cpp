#include "adapters/live/market_stream.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/live/session_marks.h"
#include "adapters/readable_text.h"
#include "engine/core/clock.h"

namespace hftsim::live {
namespace {

using binance::MessageKind;

constexpr Duration kTimeAskedEvery = kSecond;
constexpr Duration kRefusalLoggedEvery = 5 * kSecond;
constexpr std::size_t kLoggedBytesMax = 200;
constexpr std::uint64_t kMessagesOfARehearsal = 16;
constexpr std::size_t kBarBytesMax = 4096;
constexpr int kDenialsMin = 5;  // one empty answer does not make a hole

template <class Value>
std::optional<Value> value_at(const std::vector<std::optional<Value>>& values, std::size_t i) {
  return i < values.size() ? values[i] : std::nullopt;
}

// The latest time of the exchange's that is known before the first message; 0: none.
std::int64_t latest_of(const FeedStart& start) {
  std::int64_t latest_ns = 0;
  for (const auto& close : start.last_bar_close) latest_ns = std::max(latest_ns, close ? close->value : 0);
  return latest_ns;
}

bool is_possible(const BarBody& bar) {
  return bar.low > 0 && bar.low <= std::min(bar.open, bar.close) && std::max(bar.open, bar.close) <= bar.high;
}

}  // namespace

MarketStream::MarketStream(const FeedOptions& options, const FeedStart& start, FeedSink& sink, AskRest ask,
                           FeedLog log, std::int64_t wall_ns, std::int64_t monotonic_ns)
    : times_(options.times),
      trade_kind_(options.streams.single_trades ? MessageKind::trade : MessageKind::agg_trade),
      instruments_(options.instruments),
      sink_(sink),
      ask_(std::move(ask)),
      log_(std::move(log)),
      symbols_(options.instruments),
      parser_(symbols_, options.market),
      random_(options.seed, "feed repair"),
      clock_(wall_ns, monotonic_ns, start.last_recv_ns),
      guard_(options.times.ahead_max, wall_ns, monotonic_ns) {
  const BookRules rules = options.market == Market::usdm ? BookRules::usdm : BookRules::spot;
  const RepairTimer timer(times_.patience, times_.repair, random_);
  for (std::size_t i = 0; i < instruments_.size(); ++i) {
    const auto id = static_cast<InstrumentId>(i);
    const auto close = value_at(start.last_bar_close, i);
    streams_.push_back(
        {.bars = BarSequencer(instruments_[i].bar_interval, id,
                              close ? std::optional(close->value) : std::nullopt),
         .trades = TradeSequencer(id, value_at(start.last_trade_id, i), options.trade_hole_max),
         .book = DepthSequencer(rules, id),
         .quotes = {},
         .bars_timer = timer,
         .trades_timer = timer,
         .book_timer = timer});
  }
  parser_.set_latest_ns(latest_of(start));
}

void MarketStream::mark_all(SessionMark mark, std::int64_t now_ns) {
  for (std::size_t i = 0; i < streams_.size(); ++i)
    out_.push_back(make_mark(mark, static_cast<InstrumentId>(i), parser_.latest_ns()));
  hand_out(now_ns, now_ns);
}

void MarketStream::connected(std::int64_t now_ns) {
  is_connected_ = true;
  asks_for_time_ = true;
  for (Streams& streams : streams_) {
    streams.asks_for_bars = streams.bars.last_close_ns().has_value();
    streams.bars_timer.hurry(now_ns);
    streams.quotes.reset();
  }
  owes_marks_ = parser_.latest_ns() == 0;
  if (!owes_marks_) mark_all(SessionMark::connected, now_ns);
  poll(now_ns);
}

void MarketStream::disconnected(std::int64_t now_ns) {
  if (!is_connected_) return;
  is_connected_ = false;
  for (Streams& streams : streams_) streams.book.reset();
  if (!owes_marks_) mark_all(SessionMark::disconnected, now_ns);
  owes_marks_ = false;
}

// Of all that is handed out at once the receive time is that of the latest, so that it never goes back.
void MarketStream::hand_out(std::int64_t read_ns, std::int64_t parsed_ns) {
  if (owes_marks_ && !out_.empty() && parser_.latest_ns() > 0) {
    owes_marks_ = false;
    std::vector<Event> marks;
    for (std::size_t i = 0; i < streams_.size(); ++i) {
      marks.push_back(make_mark(SessionMark::connected, static_cast<InstrumentId>(i), out_.front().ts_ns));
    }
    out_.insert(out_.begin(), marks.begin(), marks.end());
  }
  if (out_.empty()) return;
  const std::int64_t recv_ns = clock_.at(read_ns);
  for (Event& event : out_) event.recv_ns = recv_ns;
  counts_.events += out_.size();
  sink_.take(out_, {.read_ns = read_ns, .parsed_ns = parsed_ns});
  out_.clear();
}

void MarketStream::refuse(std::string_view text, const char* why, std::int64_t now_ns) {
  ++unlogged_;
  counts_.last_trouble = why;
  if (logged_ns_ != 0 && now_ns - logged_ns_ < kRefusalLoggedEvery.value) return;
  logged_ns_ = now_ns;
  log_(LogLevel::warning,
       fmt::format("{} messages refused; the last: {} ({})", unlogged_, why,
                   readable_text(std::string(text.substr(0, kLoggedBytesMax)), kLoggedBytesMax)));
  unlogged_ = 0;
}

void MarketStream::message(std::string_view text, std::int64_t read_ns) {
  ++counts_.messages;
  counts_.last_message_ns = read_ns;
  message_.clear();
  const std::int64_t before_ns = parser_.latest_ns();
  binance::ParsedMessage parsed;
  try {
    parsed = parser_.parse(text, clock_.at(read_ns), message_);
  } catch (const BadInput& error) {
    ++counts_.malformed;
    parser_.set_latest_ns(before_ns);
    return refuse(text, error.what(), read_ns);
  }
  const std::int64_t parsed_ns = monotonic_ns();
  if (message_.empty()) {
    counts_.unknown += parsed.kind == MessageKind::unknown;
    return;
  }
  if (!is_plausible(before_ns, read_ns)) {
    ++counts_.implausible;
    parser_.set_latest_ns(before_ns);
    return refuse(text, "its time is far from the exchange's", read_ns);
  }
  if (parsed.kind == MessageKind::kline_closed && text.size() <= kBarBytesMax) bar_text_.assign(text);
  dispatch(parsed);
  hand_out(read_ns, parsed_ns);
  if (counts_.messages % kMessagesOfARehearsal == 0 && !bar_text_.empty()) rehearse(read_ns);
}

// A bar is rare among the messages and the one that is waited for: what reads it is kept in the caches.
void MarketStream::rehearse(std::int64_t now_ns) {
  const std::int64_t latest_ns = parser_.latest_ns();
  message_.clear();
  parser_.parse(bar_text_, clock_.at(now_ns), message_);
  message_.clear();
  parser_.set_latest_ns(latest_ns);
}

// A bar has closed, so its close has come; other times may be a little ahead of what is known here.
bool MarketStream::is_plausible(std::int64_t before_ns, std::int64_t now_ns) {
  const Event& first = message_.front();
  // A quote without a time, before any time of the exchange's is known.
  if (first.has(kTimeEstimated) && first.kind != EventKind::bar && first.kind != EventKind::trade &&
      before_ns == 0)
    return false;
  if (!guard_.allows(first.ts_ns, now_ns)) {
    asks_for_time_ = true;
    return false;
  }
  guard_.saw(first.ts_ns);
  return true;
}

void MarketStream::dispatch(const binance::ParsedMessage& parsed) {
  Streams& streams = streams_[parsed.instrument];
  switch (parsed.kind) {
    case MessageKind::kline_closed:
      return take_bar(streams);
    case MessageKind::trade:
    case MessageKind::agg_trade:
      if (parsed.kind == trade_kind_) return streams.trades.take(message_.front(), out_);
      ++counts_.unknown;
      return;
    case MessageKind::book_ticker:
      return take_quote(streams);
    case MessageKind::depth:
      return streams.book.take(message_, out_);
    default:
      ++counts_.unknown;  // a stream that was not asked for
  }
}

// One that no market can have is left out; REST is asked for it then.
void MarketStream::take_bar(Streams& streams) {
  if (!is_possible(message_.front().bar)) {
    ++counts_.implausible;
    return;
  }
  streams.bars.take(message_.front(), out_);
}

void MarketStream::take_quote(Streams& streams) {
  if (streams.quotes.passes(message_.front())) {
    out_.push_back(message_.front());
  } else {
    ++counts_.duplicates;
  }
}

void MarketStream::send(const RepairRequest& request) {
  ++counts_.repairs;
  ask_(request);
}

void MarketStream::poll(std::int64_t now_ns) {
  if (asks_for_time_ && (time_asked_ns_ == 0 || now_ns - time_asked_ns_ >= kTimeAskedEvery.value)) {
    asks_for_time_ = false;
    time_asked_ns_ = now_ns;
    send({.kind = RepairKind::time});
  }
  for (std::size_t i = 0; i < streams_.size(); ++i) poll(streams_[i], static_cast<InstrumentId>(i), now_ns);
}

void MarketStream::poll(Streams& streams, InstrumentId id, std::int64_t now_ns) {
  const bool lacks_bars =
      streams.bars.last_close_ns() &&
      (streams.asks_for_bars || streams.bars.missing(parser_.latest_ns() - times_.overdue.value));
  if (streams.bars_timer.is_due(lacks_bars, now_ns))
    send({.kind = RepairKind::bars, .instrument = id, .from_ns = *streams.bars.last_close_ns()});
  const auto hole = streams.trades.missing();
  if (streams.trades_timer.is_due(hole.has_value(), now_ns)) {
    if (trade_kind_ == MessageKind::agg_trade) {
      send({.kind = RepairKind::trades, .instrument = id, .hole = *hole});
    } else {
      give_up_trades(streams, id);
      streams.trades_timer.answered(true, now_ns);
      hand_out(now_ns, now_ns);
    }
  }
  if (streams.book_timer.is_due(streams.book.needs_snapshot(), now_ns))
    send({.kind = RepairKind::book, .instrument = id});
}

void MarketStream::answer(const RepairAnswer& answer, std::int64_t now_ns) {
  if (answer.server_ns != 0) guard_.server_said(answer.server_ns, answer.heard_ns);
  if (!answer.trouble.empty()) {
    ++counts_.repair_failures;
    counts_.last_trouble = answer.trouble;
    log_(LogLevel::warning, "repair: " + answer.trouble);
  }
  Streams& streams = streams_[answer.request.instrument];
  switch (answer.request.kind) {
    case RepairKind::time:
      asks_for_time_ = asks_for_time_ || !answer.trouble.empty();
      break;
    case RepairKind::bars:
      take_bars(streams, answer, now_ns);
      break;
    case RepairKind::trades:
      take_trades(streams, answer, now_ns);
      break;
    case RepairKind::book:
      take_book(streams, answer, now_ns);
  }
  hand_out(now_ns, now_ns);
}

void MarketStream::take_bars(Streams& streams, const RepairAnswer& answer, std::int64_t now_ns) {
  const bool is_good = answer.trouble.empty();
  const auto before = streams.bars.last_close_ns();
  if (is_good) {
    streams.asks_for_bars = false;
    streams.bars.repair(answer.events, out_);
    streams.denials = streams.bars.last_close_ns() == before ? streams.denials + 1 : 0;
    if (streams.denials >= kDenialsMin)
      streams.bars.give_up(answer.server_ns - times_.hole_settled.value, out_);
  }
  for (const Event& event : out_) {
    guard_.saw(event.ts_ns);
    if (event.ts_ns > parser_.latest_ns()) parser_.set_latest_ns(event.ts_ns);
  }
  streams.bars_timer.answered(is_good && streams.bars.last_close_ns() != before, now_ns);
}

void MarketStream::take_trades(Streams& streams, const RepairAnswer& answer, std::int64_t now_ns) {
  const auto before = streams.trades.last_id();
  if (answer.trouble.empty()) streams.trades.repair(answer.request.hole, answer.events, out_);
  streams.trades_timer.answered(streams.trades.last_id() != before, now_ns);
  if (streams.trades_timer.has_failed_finally() && streams.trades.missing())
    give_up_trades(streams, answer.request.instrument);
}

void MarketStream::give_up_trades(Streams& streams, InstrumentId id) {
  const TradeHole hole = *streams.trades.missing();
  log_(LogLevel::warning, fmt::format("{}: trades {} to {} are not to be had; a gap is marked",
                                      instruments_[id].symbol, hole.from, hole.to - 1));
  streams.trades.give_up(out_);
}

void MarketStream::take_book(Streams& streams, const RepairAnswer& answer, std::int64_t now_ns) {
  const std::string& symbol = instruments_[answer.request.instrument].symbol;
  std::uint64_t before = streams.book.counts().snapshots;
  message_.clear();
  if (answer.trouble.empty()) {
    try {
      parser_.parse_snapshot(answer.body, symbol, clock_.at(now_ns), message_);
      streams.book.take_snapshot(message_, out_);
    } catch (const BadInput& error) {
      ++counts_.malformed;
      refuse(answer.body, error.what(), now_ns);
    }
  }
  streams.book_timer.answered(streams.book.counts().snapshots != before, now_ns);
}

void MarketStream::add_to(FeedHealth& health) const {
  health.connected = is_connected_;
  health.last_message_ns = counts_.last_message_ns;
  health.messages = counts_.messages;
  health.events = counts_.events;
  health.repairs = counts_.repairs;
  health.repair_failures = counts_.repair_failures;
  health.duplicates = counts_.duplicates;
  health.malformed = counts_.malformed;
  health.implausible = counts_.implausible;
  health.unknown = counts_.unknown;
  health.gaps = health.repaired_bars = health.repaired_trades = health.late_bars = health.snapshots = 0;
  for (const Streams& streams : streams_) {
    const BarCounts& bars = streams.bars.counts();
    const TradeCounts& trades = streams.trades.counts();
    const DepthCounts& book = streams.book.counts();
    health.gaps += bars.gaps + trades.gaps + book.gaps;
    health.repaired_bars += bars.repaired;
    health.repaired_trades += trades.repaired;
    health.late_bars += bars.late;
    health.snapshots += book.snapshots;
    health.duplicates += bars.duplicates + trades.duplicates + book.stale + book.overflowed;
    health.implausible += bars.implausible + trades.implausible;
  }
  if (!counts_.last_trouble.empty()) health.last_trouble = counts_.last_trouble;
}

}  // namespace hftsim::live
