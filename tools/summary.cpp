#include "tools/summary.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "engine/core/clock.h"
#include "engine/core/errors.h"
#include "tools/build_info.h"
#include "tools/progress_bar.h"
#include "tools/run_directory.h"
#include "tools/run_model.h"

namespace hftsim {
namespace {

Json number_or_null(std::optional<double> value) {
  if (!value || !std::isfinite(*value)) return nullptr;
  return *value;
}

Json time_or_null(std::optional<Timestamp> ts) {
  if (!ts) return nullptr;
  return iso_utc(*ts);
}

Json refusals_json(const RunCounters& counters) {
  Json refusals = Json::object();
  for (std::size_t i = 0; i < kReasonCount; ++i) {
    if (counters.refusals[i] > 0)
      refusals[std::string(name_of(static_cast<Reason>(i)))] = counters.refusals[i];
  }
  return refusals;
}

// Empty, or the limit that held at the end. A list: a page shows as many as there are.
Json halted_json(const std::optional<Halt>& halt, EquitySeries& equity) {
  Json halted = Json::array();
  if (halt) {
    halted.push_back({{"reason", name_of(halt->reason)},
                      {"since_ns", halt->since.value},
                      {"bars", marks_since(equity, halt->since)}});
  }
  return halted;
}

Json findings_json(const DataFindings& findings) {
  Json kinds = Json::array();
  for (std::size_t k = 0; k < kFindingKindCount; ++k) {
    if (findings.counts[k] == 0) continue;
    const auto kind = static_cast<FindingKind>(k);
    Json listed = Json::array();
    for (const Finding& finding : findings.first) {
      if (finding.kind != kind) continue;
      listed.push_back({{"time", iso_utc(finding.open_ts)},
                        {"symbol", finding.symbol},
                        {"value", finding.value},
                        {"action", finding.action}});
    }
    kinds.push_back({{"kind", name_of(kind)}, {"count", findings.counts[k]}, {"listed", listed}});
  }
  return kinds;
}

// Where the number of trades that features see comes from.
std::string trade_count_source(const RunData& data) {
  const std::uint64_t missing = data.bars_without_trade_count();
  if (missing == 0) return "from the data";
  if (missing == data.bars()) return "volume / close (the data has none)";
  return fmt::format("from the data, but volume / close for {} of {} bars, which have none", missing,
                     data.bars());
}

Json data_json(const RunData& data) {
  Json instruments = Json::array();
  for (const Instrument& instrument : data.instruments()) {
    instruments.push_back({{"symbol", instrument.symbol},
                           {"bar_interval_ns", instrument.bar_interval.value},
                           {"lot_size", instrument.lot_size}});
  }
  return {{"path", data.path()},
          {"sha256", data.sha256()},
          {"first", time_or_null(data.first_open())},
          {"last", time_or_null(data.last_close())},
          {"instruments", instruments},
          {"trade_count", trade_count_source(data)},
          {"findings", findings_json(data.findings())}};
}

// A session's events are many more.
double bars_of(const RunResult& result) {
  return static_cast<double>(result.counters.bars + result.counters.warmup_bars);
}

Json timing_json(const PipelineStats& stats, double bars, bool with_model) {
  const auto stage = [&](const StageMeter& meter) -> Json {
    if (bars == 0) return {{"ns_per_bar", nullptr}};
    return {{"ns_per_bar", static_cast<double>(meter.busy_ns()) / bars},
            {"allocations", meter.allocations_after_warmup()}};
  };
  return {{"read", stage(stats.read)},
          {"features", stage(stats.features)},
          {"inference", with_model ? stage(stats.inference) : Json{{"ns_per_bar", nullptr}}},
          {"trading", stage(stats.trading)}};
}

Json model_json(const RunModel& model, const RunResult& result) {
  if (model.empty()) return nullptr;
  Json members = Json::array();
  for (std::size_t m = 0; m < model.models().size(); ++m) {
    const models::LoadedModel& loaded = model.models()[m];
    const models::BundleMetadata& metadata = loaded.bundle().metadata;
    members.push_back({{"path", loaded.bundle().path.string()},
                       {"sha256", loaded.bundle().sha256},
                       {"architecture", metadata.architecture},
                       {"features", metadata.features.size()},
                       {"lookback", metadata.lookback},
                       {"horizon", metadata.horizon},
                       {"weight", model.weight(m)},
                       {"predictor", loaded.predictor()},
                       {"reason", loaded.reason()},
                       {"probe_difference", number_or_null(loaded.probe_difference())}});
  }
  const ModelUse use = result.model.value_or(ModelUse{});
  return {{"members", members},
          {"predictions", use.predictions},
          {"lowest_prediction", number_or_null(use.lowest)},
          {"highest_prediction", number_or_null(use.highest)},
          {"predictions_in_training", use.in_training},
          {"predictions_in_validation", use.in_validation},
          {"replaced_inputs", use.replaced_inputs}};
}

Json metrics_json(const Metrics& metrics) {
  Json all = Json::object();
  for_each_metric(metrics, [&](std::string_view name, std::optional<double> value, MetricUnit) {
    all[std::string(name)] = number_or_null(value);
  });
  return all;
}

std::int64_t peak_rss_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss * 1024;
}

std::string partial_reason(const RunResult& result) {
  return result.failure.empty() ? "interrupted" : result.failure;
}

// A figure for people; n/a where it is undefined.
std::string shown(const Json& value, const char* pattern, double scale = 1) {
  if (!value.is_number()) return "n/a";
  return fmt::format(fmt::runtime(pattern), value.get<double>() * scale);
}

std::string row(const std::string& name, const std::string& value) {
  return fmt::format("  {:<22}{}\n", name, value);
}

std::string finding_row(const Json& finding) {
  return row("data finding", fmt::format("{} x {}, first at {}", finding["count"].get<std::uint64_t>(),
                                         finding["kind"].get<std::string>(),
                                         finding["listed"][0]["time"].get<std::string>()));
}

std::string account_rows(const Json& s) {
  const Json& m = s["metrics"];
  return row("final equity", shown(s["final_equity"], "{:.2f}")) +
         row("return", shown(m["total_return"], "{:+.2f} %", 100)) +
         row("buy and hold", shown(m["benchmark_return"], "{:+.2f} %", 100)) +
         row("realised P&L", shown(s["realized_pnl"], "{:.2f}")) + row("fees", shown(s["fees"], "{:.2f}")) +
         row("max drawdown", shown(m["max_drawdown"], "{:.2f} %", 100)) +
         row("Sharpe", shown(m["sharpe"], "{:.2f}")) + row("Sortino", shown(m["sortino"], "{:.2f}")) +
         row("round trips", fmt::format("{} (win rate {})", shown(m["round_trips"], "{:.0f}"),
                                        shown(m["win_rate"], "{:.1f} %", 100)));
}

std::string activity_rows(const Json& s) {
  const Json& signals = s["signals"];
  std::string text =
      row("signals", fmt::format("{} ({} buy, {} sell, {} hold)", signals["total"].get<std::uint64_t>(),
                                 signals["buy"].get<std::uint64_t>(), signals["sell"].get<std::uint64_t>(),
                                 signals["hold"].get<std::uint64_t>())) +
      row("orders / trades",
          fmt::format("{} / {}", s["orders"].get<std::uint64_t>(), s["trades"].get<std::uint64_t>()));
  for (const auto& [reason, count] : s["refusals"].items()) {
    text += row("refused", fmt::format("{} x {}", count.get<std::uint64_t>(), reason));
  }
  for (const Json& halt : s["halted"]) {
    const Timestamp since(halt["since_ns"].get<std::int64_t>());
    text +=
        row("halted", fmt::format("no order was let through since {} UTC: {} ({} bars)", format_utc(since),
                                  halt["reason"].get<std::string>(), halt["bars"].get<std::uint64_t>()));
  }
  for (const Json& finding : s["data"]["findings"]) {
    text += finding_row(finding);
  }
  return text;
}

// How often the models spoke of bars they had learnt from; "" where they never did.
std::string not_forecast(const Json& model) {
  const auto training = model["predictions_in_training"].get<std::uint64_t>();
  const auto validation = model["predictions_in_validation"].get<std::uint64_t>();
  if (training + validation == 0) return "";
  return fmt::format(
      "; NO FORECAST: {} are on bars not after the model's training, {} on bars that chose its epoch",
      training, validation);
}

// Why there is none; "" where there are some.
std::string without_prediction(const Json& model) {
  if (model["predictions"].get<std::uint64_t>() > 0) return "";
  std::uint64_t lookback = 0;
  for (const Json& member : model["members"]) {
    lookback = std::max(lookback, member["lookback"].get<std::uint64_t>());
  }
  return fmt::format("; NO MODEL TOOK PART: no window of {} rows was full before the data ended", lookback);
}

std::string range_text(const Json& model) {
  if (!model["lowest_prediction"].is_number()) return "";
  return fmt::format(", {} to {}", shown(model["lowest_prediction"], "{:.3f}"),
                     shown(model["highest_prediction"], "{:.3f}"));
}

std::string model_rows(const Json& model) {
  if (model.is_null()) return "";
  std::string text;
  for (const Json& member : model["members"]) {
    text +=
        row("model", fmt::format("{} {}: {} ({})", member["architecture"].get<std::string>(),
                                 member["path"].get<std::string>(), member["predictor"].get<std::string>(),
                                 member["reason"].get<std::string>()));
  }
  text += row("predictions", fmt::format("{}{}{}{}", model["predictions"].get<std::uint64_t>(),
                                         range_text(model), without_prediction(model), not_forecast(model)));
  const auto replaced = model["replaced_inputs"].get<std::uint64_t>();
  if (replaced > 0)
    text += row("model inputs", fmt::format("{} were not finite and were replaced", replaced));
  return text;
}

std::string speed_rows(const Json& s) {
  const Json& t = s["timing"];
  const std::string inference =
      s["model"].is_null() ? ""
                           : fmt::format("inference {}, ", shown(t["inference"]["ns_per_bar"], "{:.0f}"));
  const Json& rate = s["bars_per_second"];
  return row("speed", fmt::format("{} bars/s (ns per bar: read {}, features {}, {}trading {})",
                                  rate.is_number() ? short_count(rate.get<double>()) : "n/a",
                                  shown(t["read"]["ns_per_bar"], "{:.0f}"),
                                  shown(t["features"]["ns_per_bar"], "{:.0f}"), inference,
                                  shown(t["trading"]["ns_per_bar"], "{:.0f}"))) +
         row("peak memory", shown(s["peak_rss_bytes"], "{:.0f} MiB", 1.0 / (1024 * 1024))) +
         row("journal hash", s["journal_hash"].get<std::string>());
}

// What is read back of a summary, and the type it has to have.
struct SummaryField {
  const char* pointer;
  const char* type;  // as nlohmann::json names it
};
constexpr SummaryField kReadFields[] = {
    {"/journal_hash", "string"},    {"/trades", "number"},         {"/initial_capital", "number"},
    {"/bars_per_year", "number"},   {"/risk_free_rate", "number"}, {"/metrics", "object"},
    {"/data/instruments", "array"},
};
constexpr SummaryField kInstrumentFields[] = {{"/symbol", "string"}, {"/bar_interval_ns", "number"}};

void check_fields(const Json& json, std::span<const SummaryField> fields, const std::string& place,
                  const std::string& prefix) {
  for (const SummaryField& field : fields) {
    std::string key = prefix + (field.pointer + 1);
    std::replace(key.begin(), key.end(), '/', '.');
    const Json::json_pointer pointer(field.pointer);
    if (!json.contains(pointer)) throw BadInput(place + ": " + key, "nothing", field.type);
    const Json& value = json.at(pointer);
    if (value.type_name() != std::string_view(field.type)) {
      throw BadInput(place + ": " + key, value.dump(), field.type);
    }
  }
}

void check_summary(const Json& summary, const std::string& place) {
  check_fields(summary, kReadFields, place, "");
  const Json& instruments = summary["data"]["instruments"];
  if (instruments.empty()) throw BadInput(place + ": data.instruments", "none", "at least one");
  for (std::size_t i = 0; i < instruments.size(); ++i) {
    check_fields(instruments[i], kInstrumentFields, place, "data.instruments[" + std::to_string(i) + "].");
  }
}

}  // namespace

std::string iso_utc(Timestamp ts) {
  std::string text = format_utc(ts);
  text[10] = 'T';
  return text + "Z";
}

Json make_summary(const RunConfig& config, const RunData& data, const RunModel& model,
                  const RunResult& result, const Metrics& metrics, EquitySeries& equity) {
  return make_summary(config, data_json(data), model, result, metrics, equity);
}

Json make_summary(const RunConfig& config, const Json& data, const RunModel& model, const RunResult& result,
                  const Metrics& metrics, EquitySeries& equity) {
  const RunCounters& n = result.counters;
  Json s;
  s["version"] = version();
  s["strategy"] = config.strategy.name;
  s["partial"] = result.partial();
  if (result.partial()) s["partial_reason"] = partial_reason(result);
  s["bars"] = n.bars;
  s["warmup_bars"] = n.warmup_bars;
  s["warm_bars"] = n.warm_bars;
  s["signals"] = {
      {"total", n.signals()}, {"buy", n.signals_buy}, {"sell", n.signals_sell}, {"hold", n.signals_hold}};
  s["orders"] = n.orders;
  s["trades"] = n.trades;
  s["refusals"] = refusals_json(n);
  s["halted"] = halted_json(result.halt, equity);
  s["initial_capital"] = result.initial.value;
  s["final_equity"] = result.final_equity.value;
  s["realized_pnl"] = result.realized.value;
  s["fees"] = result.fees.value;
  s["metrics"] = metrics_json(metrics);
  s["bars_per_year"] = result.bars_per_year;
  s["risk_free_rate"] = config.metrics.risk_free_rate;
  s["features"] = result.features.size();
  s["model"] = model_json(model, result);
  s["data"] = data;
  s["timing"] = timing_json(result.pipeline, bars_of(result), !model.empty());
  const double wall_s = static_cast<double>(result.pipeline.wall_ns) * 1e-9;
  s["bars_per_second"] = number_or_null(bars_of(result) / wall_s);
  s["queue_waits"] = result.pipeline.waits;
  s["peak_rss_bytes"] = peak_rss_bytes();
  s["allocations_after_warmup"] = result.pipeline.features.allocations_after_warmup() +
                                  result.pipeline.inference.allocations_after_warmup() +
                                  result.pipeline.trading.allocations_after_warmup();
  s["journal_hash"] = result.journal_hash;
  return s;
}

Json read_summary(const std::filesystem::path& path) {
  Json summary;
  try {
    summary = Json::parse(read_text_file(path));
  } catch (const Json::exception& error) {
    throw BadInput(path.string() + " is no summary of a run: " + error.what());
  }
  check_summary(summary, path.string());
  return summary;
}

void require_instrument(std::size_t instrument, std::size_t count, const std::filesystem::path& file,
                        const std::string& what) {
  if (instrument < count) return;
  throw BadInput(
      file.string(), what + " of instrument " + std::to_string(instrument),
      "one of the " + std::to_string(count) + " (from 0) that data.instruments of summary.json names");
}

std::string summary_table(const Json& s) {
  std::string text = fmt::format("{} on {}: {} bars", s["strategy"].get<std::string>(),
                                 s["data"]["path"].get<std::string>(), s["bars"].get<std::uint64_t>());
  if (s["data"]["first"].is_string()) {
    text += fmt::format(", {} to {}", s["data"]["first"].get<std::string>(),
                        s["data"]["last"].get<std::string>());
  }
  text += "\n";
  if (s["partial"].get<bool>()) text += "PARTIAL RUN: " + s["partial_reason"].get<std::string>() + "\n";
  if (const auto warmup = s["warmup_bars"].get<std::uint64_t>(); warmup > 0) {
    text += row("warm-up", fmt::format("{} bars before run.start, on which nothing was decided", warmup));
  }
  return text + account_rows(s) + activity_rows(s) + model_rows(s["model"]) + speed_rows(s);
}

std::string finding_rows(const DataFindings& findings) {
  std::string text;
  for (const Json& finding : findings_json(findings)) text += finding_row(finding);
  return text;
}

}  // namespace hftsim
