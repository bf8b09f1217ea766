#include "tools/report_data.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "adapters/parquet_writer.h"
#include "adapters/table_reader.h"
#include "engine/core/errors.h"
#include "tools/equity_parquet.h"
#include "tools/equity_view.h"
#include "tools/journal_extent.h"
#include "tools/run_tables.h"
#include "tools/trade_reader.h"
#include "web/report_template.h"

namespace hftsim {
namespace {

constexpr std::uint64_t kTradesShown = 5000;
constexpr std::int64_t kMs = 1'000'000;

Json finite_or_null(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

// The heading each metric stands under, by the first of its group.
struct MetricGroup {
  std::string_view first;
  std::string_view heading;
};
constexpr MetricGroup kMetricGroups[] = {
    {"initial_equity", "Return"},  {"max_drawdown", "Drawdown"},
    {"skew", "Distribution"},      {"information_ratio", "Against buy-and-hold"},
    {"exposure_time", "Activity"}, {"round_trips", "Round trips, after fees"},
};

// Words that a capital first letter would not make right.
constexpr std::pair<std::string_view, std::string_view> kLabels[] = {
    {"cagr", "CAGR"},
    {"sqn", "SQN"},
    {"probabilistic_sharpe", "Probabilistic Sharpe ratio"},
    {"deflated_sharpe", "Deflated Sharpe ratio"},
    {"var_95", "VaR 95"},
    {"cvar_95", "CVaR 95"},
    {"realized_pnl", "Realised P&L before fees"},
    {"turnover", "Turnover (x mean equity)"},
};

std::string label_of(std::string_view key) {
  for (const auto& [name, label] : kLabels) {
    if (name == key) return std::string(label);
  }
  std::string label(key);
  std::replace(label.begin(), label.end(), '_', ' ');
  label[0] = static_cast<char>(label[0] - 'a' + 'A');
  return label;
}

// The contract's name of a unit; a fraction is printed in per cent.
std::string_view contract_unit(MetricUnit unit) {
  return unit == MetricUnit::percent ? "fraction" : name_of(unit);
}

Json metric_table(const Json& summary) {
  Json table = Json::array();
  std::string_view heading;
  for (const MetricField& field : kMetricFields) {
    for (const MetricGroup& group : kMetricGroups)
      heading = group.first == field.name ? group.heading : heading;
    table.push_back({{"key", field.name},
                     {"label", label_of(field.name)},
                     {"group", heading},
                     {"unit", contract_unit(field.unit)},
                     {"value", summary["metrics"].value(std::string(field.name), Json(nullptr))}});
  }
  return table;
}

std::vector<Instrument> instruments_of(const Json& summary) {
  std::vector<Instrument> instruments;
  for (const Json& entry : summary["data"]["instruments"]) {
    Instrument instrument;
    instrument.symbol = entry["symbol"].get<std::string>();
    instrument.bar_interval = Duration(entry["bar_interval_ns"].get<std::int64_t>());
    instruments.push_back(instrument);
  }
  return instruments;
}

Json empty_candles(const Instrument& instrument) {
  Json table = {{"symbol", instrument.symbol}, {"bars", 0}, {"bars_per_bucket", 1}};
  for (const char* column : {"ts_ms", "open", "high", "low", "close", "volume"})
    table[column] = Json::array();
  return table;
}

Json read_candles(const std::filesystem::path& path, const std::vector<Instrument>& instruments) {
  Json tables = Json::array();
  for (const Instrument& instrument : instruments) tables.push_back(empty_candles(instrument));
  TableReader reader(
      path, {"instrument", "bars", "bars_per_bucket", "time", "open", "high", "low", "close", "volume"});
  while (reader.next()) {
    for (std::size_t row = 0; row < reader.rows(); ++row) {
      const auto instrument = static_cast<std::size_t>(reader.int64(0)[row]);
      require_instrument(instrument, tables.size(), path, "candles");
      Json& table = tables[instrument];
      table["bars"] = reader.int64(1)[row];
      table["bars_per_bucket"] = reader.int64(2)[row];
      table["ts_ms"].push_back(reader.int64(3)[row] / kMs);
      table["open"].push_back(reader.float64(4)[row]);
      table["high"].push_back(reader.float64(5)[row]);
      table["low"].push_back(reader.float64(6)[row]);
      table["close"].push_back(reader.float64(7)[row]);
      table["volume"].push_back(finite_or_null(reader.float64(8)[row]));
    }
  }
  return tables;
}

Json equity_json(const ChartBuckets<EquityBucket>& equity) {
  Json json = {{"points", equity.items()}, {"points_per_bucket", equity.items_per_bucket()}};
  for (const char* column : {"ts_ms", "min", "max", "last", "benchmark", "drawdown_pct"})
    json[column] = Json::array();
  for (const EquityBucket& bucket : equity.buckets()) {
    json["ts_ms"].push_back(bucket.ts_ns / kMs);
    json["min"].push_back(bucket.min);
    json["max"].push_back(bucket.max);
    json["last"].push_back(bucket.last);
    json["benchmark"].push_back(finite_or_null(bucket.benchmark));
    json["drawdown_pct"].push_back(bucket.drawdown_pct);
  }
  return json;
}

Json rolling_json(const RollingFigures& rolling) {
  Json json = {{"window_bars", rolling.window()}};
  for (const char* column : {"ts_ms", "sharpe", "volatility"}) json[column] = Json::array();
  for (const RollingFigures::Point& point : rolling.points()) {
    json["ts_ms"].push_back(point.ts_ns / kMs);
    json["sharpe"].push_back(point.sharpe ? finite_or_null(*point.sharpe) : Json(nullptr));
    json["volatility"].push_back(point.volatility ? finite_or_null(*point.volatility) : Json(nullptr));
  }
  return json;
}

template <std::size_t kSlots>
Json calendar_json(const MeanReturns<kSlots>& returns) {
  Json json = {{"mean", Json::array()}, {"count", Json::array()}};
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    const auto count = static_cast<double>(returns.count[slot]);
    json["mean"].push_back(count > 0 ? Json(returns.sum[slot] / count) : Json(nullptr));
    json["count"].push_back(returns.count[slot]);
  }
  return json;
}

Json empty_trades(std::uint64_t total) {
  const std::uint64_t stride = std::max<std::uint64_t>(1, (total + kTradesShown - 1) / kTradesShown);
  Json json = {{"trades_total", total}, {"trades_shown", 0}, {"stride", stride}};
  for (const char* column : {"ts_ms", "side", "quantity", "price", "fee", "pnl", "instrument", "reason"}) {
    json[column] = Json::array();
  }
  return json;
}

void append_trade(Json& json, const Trade& trade) {
  const std::string_view reason = trade_reason(trade);
  json["ts_ms"].push_back(trade.fill.time_ns / kMs);
  json["side"].push_back(trade.fill.side == Side::buy ? 1 : -1);
  json["quantity"].push_back(trade.fill.quantity);
  json["price"].push_back(trade.fill.price);
  json["fee"].push_back(trade.fill.value);
  json["pnl"].push_back(trade.closed_something ? Json(trade.realized.value) : Json(nullptr));
  json["instrument"].push_back(trade.fill.instrument);
  json["reason"].push_back(reason == "signal" ? "" : reason);
}

// The smallest of 1, 2, 5, 10, 20, ... (and 0.5, 0.2, ...) that is no smaller than `width`, which is > 0.
double round_width(double width) {
  const double power = std::pow(10, std::floor(std::log10(width)));
  for (const double step : {1.0, 2.0, 5.0}) {
    if (step * power >= width) return step * power;
  }
  return 10 * power;
}

// What round trips made after fees. Every edge is a multiple of the bins' width, so that zero is one: no bin holds
// losses and gains.
Json histogram_json(const std::vector<double>& profits) {
  Json json = {{"edges", Json::array()}, {"counts", Json::array()}};
  if (profits.empty()) return json;
  const auto [low, high] = std::minmax_element(profits.begin(), profits.end());
  const double bins = std::clamp(std::sqrt(static_cast<double>(profits.size())), 5.0, 60.0);
  const double smallest = std::max({1e-6 * std::abs(*low), 1e-6 * std::abs(*high), 1e-6});
  const double width = round_width(std::max((*high - *low) / bins, smallest));
  const double first = std::floor(*low / width);
  std::vector<std::uint64_t> counts(static_cast<std::size_t>(std::floor(*high / width) - first) + 1);
  for (const double profit : profits) ++counts[static_cast<std::size_t>(std::floor(profit / width) - first)];
  for (std::size_t i = 0; i <= counts.size(); ++i) {
    json["edges"].push_back(width * (first + static_cast<double>(i)));
  }
  json["counts"] = counts;
  return json;
}

struct TradeViews {
  Json trades;
  Json histogram;
  JournalExtent journal;  // they were read from
};

TradeViews view_trades(const RunDirectory& run, const Json& summary,
                       std::span<const Instrument> instruments) {
  Json trades = empty_trades(summary["trades"].get<std::uint64_t>());
  const auto stride = trades["stride"].get<std::uint64_t>();
  std::vector<double> profits;
  std::vector<std::uint64_t> by_instrument(instruments.size());
  TradeReader reader(run.journal(), Money(summary["initial_capital"].get<double>()), instruments);
  std::uint64_t index = 0, by_brackets = 0;
  while (const std::optional<Trade> trade = reader.next()) {
    if (trade->round_trip) profits.push_back(trade->round_trip->value);
    if (trade->bracket != BracketExit::none) ++by_brackets;
    ++by_instrument[trade->fill.instrument];
    if (index++ % stride == 0) append_trade(trades, *trade);
  }
  trades["trades_shown"] = trades["ts_ms"].size();
  trades["by_brackets"] = by_brackets;
  trades["by_instrument"] = by_instrument;
  return {std::move(trades), histogram_json(profits), reader.extent()};
}

// Without a summary there are no figures to show, so the message says what there is.
Json summary_of(const RunDirectory& run) {
  if (std::filesystem::exists(run.summary())) return read_summary(run.summary());
  throw BadInput(
      run.path().string() +
      ": summary.json is missing: the run was cut off before its end (killed, or the disk was full). "
      "What was kept: journal: " +
      extent_of_journal(run.journal()).describe() + ". hftsim backtest " + run.config().string() +
      " runs it again");
}

// What is missing where the journal is no longer whole.
std::optional<std::string> lack_of(const RunDirectory& run, const JournalExtent& journal) {
  if (journal.tail.complete) return std::nullopt;
  return run.journal().string() + " is torn: " + journal.describe();
}

void mark_partial(Json& summary, const std::string& reason) {
  summary["partial"] = true;
  summary["partial_reason"] = reason;
}

}  // namespace

void write_candles(const std::filesystem::path& path, const std::vector<Candles>& candles) {
  std::size_t instrument = 0, next = 0;
  write_table(path,
              {{"instrument", ColumnType::int64},
               {"bars", ColumnType::int64},
               {"bars_per_bucket", ColumnType::int64},
               {"time", ColumnType::timestamp_ns},
               {"open", ColumnType::float64},
               {"high", ColumnType::float64},
               {"low", ColumnType::float64},
               {"close", ColumnType::float64},
               {"volume", ColumnType::float64}},
              [&](RowBatch& batch) {
                std::size_t row = 0;
                while (row < batch.capacity() && instrument < candles.size()) {
                  const Candles& sampled = candles[instrument];
                  if (next == sampled.buckets().size()) {
                    ++instrument;
                    next = 0;
                    continue;
                  }
                  const Candle& candle = sampled.buckets()[next++];
                  batch.int64(0)[row] = static_cast<std::int64_t>(instrument);
                  batch.int64(1)[row] = static_cast<std::int64_t>(sampled.items());
                  batch.int64(2)[row] = static_cast<std::int64_t>(sampled.items_per_bucket());
                  batch.int64(3)[row] = candle.open_ns;
                  batch.float64(4)[row] = candle.body.open;
                  batch.float64(5)[row] = candle.body.high;
                  batch.float64(6)[row] = candle.body.low;
                  batch.float64(7)[row] = candle.body.close;
                  batch.float64(8)[row] = candle.body.volume;
                  ++row;
                }
                return row;
              });
}

ReportData make_report_data(const RunDirectory& run) {
  Json summary = summary_of(run);
  const std::vector<Instrument> instruments = instruments_of(summary);
  EquityParquet equity(run.equity());
  const EquityView view =
      view_equity(equity, summary["bars_per_year"].get<double>(), summary["risk_free_rate"].get<double>());
  TradeViews trades = view_trades(run, summary, instruments);
  std::optional<std::string> lacks = lack_of(run, trades.journal);
  if (lacks) mark_partial(summary, *lacks);
  Json data = {{"schema", 1},
               {"summary", summary},
               {"halted", summary.value("halted", Json::array())},
               {"metric_table", metric_table(summary)},
               {"config_toml", read_text_file(run.config())},
               {"candles", read_candles(run.candles(), instruments)},
               {"equity", equity_json(view.buckets)},
               {"trades", std::move(trades.trades)},
               {"rolling", rolling_json(view.rolling)},
               {"returns_by_hour", calendar_json(view.by_hour)},
               {"returns_by_weekday", calendar_json(view.by_weekday)},
               {"pnl_histogram", std::move(trades.histogram)}};
  return {std::move(data), std::move(lacks)};
}

std::optional<std::string> write_report(const RunDirectory& run) {
  ReportData data = make_report_data(run);
  write_text_file(run.report(), render_report(data.json.dump()));
  return std::move(data.lacks);
}

}  // namespace hftsim
