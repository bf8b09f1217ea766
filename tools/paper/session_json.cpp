#include "tools/paper/session_json.h"

#include <cmath>

namespace hftsim {
namespace {

using nlohmann::json;

json number_or_null(double value) {
  return std::isfinite(value) ? json(value) : json(nullptr);
}

json text_or_null(std::string_view text) {
  return text.empty() ? json(nullptr) : json(text);
}

json reason_json(Reason reason) {
  return reason == Reason::none ? json(nullptr) : json(name_of(reason));
}

const char* text_of(Side side) {
  return side == Side::buy ? "buy" : "sell";
}

const std::string& symbol_of(const SessionInfo& info, InstrumentId instrument) {
  return info.instruments[instrument].symbol;
}

json candle_json(const ViewCandle& candle) {
  return {candle.open_ms, candle.open, candle.high, candle.low, candle.close, candle.volume};
}

json row_json(const SessionInfo& info, const SessionChanges::Candle& row) {
  return {{"symbol", symbol_of(info, row.instrument)},
          {"bar", candle_json(row.candle)},
          {"closed", row.candle.closed}};
}

json row_json(const SessionInfo& info, const ViewTrade& trade) {
  return {{"symbol", symbol_of(info, trade.instrument)},
          {"t", trade.ts_ms},
          {"price", trade.price},
          {"quantity", trade.quantity},
          {"side", text_of(trade.side)}};
}

json row_json(const SessionInfo& info, const ViewSignal& signal) {
  return {{"t", signal.ts_ms},
          {"symbol", symbol_of(info, signal.instrument)},
          {"side", signal.side == SignalSide::sell ? "sell" : "buy"},
          {"confidence", signal.confidence},
          {"probability", number_or_null(signal.probability)},
          {"price", signal.price}};
}

json row_json(const SessionInfo& info, const ViewOrder& order) {
  return {{"row", order.row},
          {"t", order.ts_ms},
          {"id", order.id},
          {"symbol", symbol_of(info, order.instrument)},
          {"side", text_of(order.side)},
          {"type", order.type},
          {"quantity", order.quantity > 0 ? json(order.quantity) : json(nullptr)},
          {"filled", order.filled},
          {"price", number_or_null(order.price)},
          {"status", order.status},
          {"reason", reason_json(order.reason)}};
}

json row_json(const SessionInfo& info, const ViewFill& fill) {
  return {{"t", fill.ts_ms},
          {"id", fill.id},
          {"symbol", symbol_of(info, fill.instrument)},
          {"side", text_of(fill.side)},
          {"quantity", fill.quantity},
          {"price", fill.price},
          {"fee", fill.fee},
          {"liquidity", fill.liquidity == Liquidity::maker ? "maker" : "taker"}};
}

json row_json(const SessionInfo&, const ViewEquity& point) {
  return {point.ts_ms, point.equity, point.drawdown_pct};
}

json row_json(const SessionInfo&, const ViewLine& line) {
  return {{"t", line.ts_ms}, {"level", line.level}, {"text", line.text}};
}

template <class Rows>
json rows_json(const SessionInfo& info, const Rows& rows) {
  json list = json::array();
  for (const auto& row : rows) list.push_back(row_json(info, row));
  return list;
}

// A step of 0.01 takes 2 decimals, on however fine a grid its prices are kept.
int decimals_of(double step, DecimalStep grid) {
  int decimals = step > 0 ? 0 : grid.decimals;
  const auto is_whole = [](double steps) {
    return steps > 0.5 && std::abs(steps - std::round(steps)) < 1e-6;
  };
  while (decimals < grid.decimals &&
         !is_whole(step * static_cast<double>(kPowersOfTen[static_cast<std::size_t>(decimals)])))
    ++decimals;
  return decimals;
}

json session_json(const SessionInfo& info) {
  json symbols = json::array();
  for (const Instrument& one : info.instruments)
    symbols.push_back({{"symbol", one.symbol},
                       {"interval_ms", one.bar_interval.value / 1'000'000},
                       {"price_decimals", decimals_of(one.tick_size, one.price_step)},
                       {"quantity_decimals", decimals_of(one.lot_size, one.quantity_step)}});
  return {{"symbols", std::move(symbols)},
          {"strategy", info.strategy},
          {"model", text_or_null(info.model)},
          {"market", info.market},
          {"url", info.url},
          {"started_ms", info.started_ms},
          {"initial_capital", info.initial_capital},
          {"features", info.features}};
}

json positions_json(const SessionInfo& info, const Account& account) {
  json positions = json::array();
  for (std::size_t i = 0; i < info.instruments.size(); ++i) {
    const Position& position = account.position(static_cast<InstrumentId>(i));
    positions.push_back({{"symbol", info.instruments[i].symbol},
                         {"quantity", position.quantity.value},
                         {"entry", position.flat() ? json(nullptr) : json(position.average_entry.value)},
                         {"mark", position.last.value > 0 ? json(position.last.value) : json(nullptr)},
                         {"unrealized", position.unrealized().value}});
  }
  return positions;
}

json risk_json(const SessionState& state) {
  const auto& halt = state.halt.halt();
  if (halt) return {{"state", "halted"}, {"reason", name_of(halt->reason)}};
  const SessionMark mark = state.status.state;
  const char* text = mark == SessionMark::pause     ? "paused"
                     : mark == SessionMark::flatten ? "flattened"
                                                    : "running";
  return {{"state", text}, {"reason", nullptr}};
}

json feed_json(const SessionState& state) {
  const live::FeedHealth& feed = state.feed;
  return {{"connected", feed.connected},         {"age_ms", number_or_null(state.feed_age_ms)},
          {"messages", feed.messages},           {"events", feed.events},
          {"reconnects", feed.reconnects},       {"gaps", feed.gaps},
          {"repaired_bars", feed.repaired_bars}, {"repaired_trades", feed.repaired_trades},
          {"late_bars", feed.late_bars},         {"duplicates", feed.duplicates},
          {"malformed", feed.malformed},         {"trouble", text_or_null(feed.last_trouble)}};
}

json recording_json(const RecordingStatus& recording) {
  if (recording.file.empty()) return nullptr;
  return {{"ok", recording.is_ok()},
          {"file", recording.file},
          {"events", recording.events},
          {"bytes", recording.bytes},
          {"dropped_events", recording.dropped},
          {"trouble", text_or_null(recording.trouble)}};
}

json latency_json(const std::vector<LatencyLine>& lines) {
  json list = json::array();
  for (const LatencyLine& line : lines) {
    json bins = json::array();
    for (const LatencyLine::Bin& bin : line.bins) bins.push_back({bin.us, bin.count});
    list.push_back({{"stage", line.stage},
                    {"count", line.count},
                    {"p50_us", line.p50_us},
                    {"p99_us", line.p99_us},
                    {"p999_us", line.p999_us},
                    {"max_us", line.max_us},
                    {"bins", std::move(bins)}});
  }
  return list;
}

}  // namespace

SessionChanges take_changes(SessionState& state) {
  SessionChanges changes;
  for (std::size_t i = 0; i < state.symbols.size(); ++i) {
    ViewSymbol& symbol = state.symbols[i];
    for (ViewCandle& candle : symbol.candles) {
      if (candle.changed) changes.candles.push_back({static_cast<InstrumentId>(i), candle});
      candle.changed = false;
    }
    for (const ViewTrade& trade : symbol.trades.take_fresh()) changes.trades.push_back(trade);
  }
  for (ViewOrder& order : state.orders) {
    if (order.changed) changes.orders.push_back(order);
    order.changed = false;
  }
  changes.signals = state.signals.take_fresh();
  changes.fills = state.fills.take_fresh();
  changes.equity = state.fresh_equity.take_fresh();
  changes.log = state.log.take_fresh();
  return changes;
}

json state_json(const SessionInfo& info, const SessionState& state) {
  json features = json::object();
  json probability = json::object();
  for (std::size_t i = 0; i < state.symbols.size(); ++i) {
    json values = json::array();
    for (const double value : state.symbols[i].features) values.push_back(number_or_null(value));
    features[info.instruments[i].symbol] = std::move(values);
    probability[info.instruments[i].symbol] = number_or_null(state.symbols[i].probability);
  }
  const double equity = state.account.equity().value;
  return {{"positions", positions_json(info, state.account)},
          {"cash", state.account.cash().value},
          {"equity", equity},
          {"drawdown_pct", state.peak > 0 ? std::max(0.0, (1 - equity / state.peak) * 100) : 0},
          {"realized", state.account.realized().value},
          {"fees", state.account.fees().value},
          {"risk", risk_json(state)},
          {"feed", feed_json(state)},
          {"recording", recording_json(state.status.recording)},
          {"features", std::move(features)},
          {"probability", std::move(probability)},
          {"latency", latency_json(state.status.latency)}};
}

json update_json(const SessionInfo& info, const SessionChanges& changes) {
  return {{"type", "update"},
          {"candles", rows_json(info, changes.candles)},
          {"trades", rows_json(info, changes.trades)},
          {"signals", rows_json(info, changes.signals)},
          {"orders", rows_json(info, changes.orders)},
          {"fills", rows_json(info, changes.fills)},
          {"equity", rows_json(info, changes.equity)},
          {"log", rows_json(info, changes.log)}};
}

json snapshot_json(const SessionInfo& info, const SessionState& state) {
  json candles = json::object();
  json trades = json::object();
  for (std::size_t i = 0; i < state.symbols.size(); ++i) {
    json list = json::array();
    for (const ViewCandle& candle : state.symbols[i].candles) list.push_back(candle_json(candle));
    candles[info.instruments[i].symbol] = std::move(list);
    trades[info.instruments[i].symbol] = rows_json(info, state.symbols[i].trades.settled());
  }
  return {{"type", "snapshot"},
          {"now_ms", state.status.now_ns / 1'000'000},
          {"session", session_json(info)},
          {"candles", std::move(candles)},
          {"trades", std::move(trades)},
          {"equity", rows_json(info, state.equity.buckets())},
          {"signals", rows_json(info, state.signals.settled())},
          {"orders", rows_json(info, state.orders)},
          {"fills", rows_json(info, state.fills.settled())},
          {"log", rows_json(info, state.log.settled())},
          {"state", state_json(info, state)}};
}

}  // namespace hftsim
