// The list of config keys.
#include "adapters/bar_validator.h"
#include "engine/features/catalog.h"
#include "engine/portfolio/sizer.h"
#include "tools/run_config.h"

namespace hftsim {
namespace {

constexpr double kSmallestPosition = 1e-9;  // of equity
constexpr double kMostGeneratedBars = 7e9;  // of a second each: times end in the year 2262

// A key whose default is what a new RunConfig holds.
template <class Section, class Value>
ConfigKey key(std::string name, Section RunConfig::*section, Value Section::*member, double min, double max,
              std::string help, std::vector<std::string> choices = {}) {
  const RunConfig defaults;
  ConfigKey made;
  made.spec = {std::move(name), ParamValue(defaults.*section.*member), min, max, std::move(choices),
               std::move(help)};
  made.get = [section, member](const RunConfig& config) {
    return ParamValue(config.*section.*member);
  };
  made.set = [section, member](RunConfig& config, const ParamValue& value) {
    config.*section.*member = std::get<Value>(value);
  };
  return made;
}

// A number that may be left out; `otherwise` is what holds then, for the list of keys.
ConfigKey optional_key(std::string name, std::optional<double> RunConfig::Account::*member, double otherwise,
                       double min, double max, std::string help) {
  ConfigKey made;
  made.spec = {std::move(name), otherwise, min, max, {}, std::move(help)};
  made.get = [member, otherwise](const RunConfig& config) {
    return ParamValue((config.account.*member).value_or(otherwise));
  };
  made.set = [member](RunConfig& config, const ParamValue& value) {
    config.account.*member = std::get<double>(value);
  };
  made.is_given = [member](const RunConfig& config) {
    return (config.account.*member).has_value();
  };
  return made;
}

// A duration in ns, or the word for "measured", which is a number no duration has.
ConfigKey latency_key(std::string name, std::int64_t RunConfig::Execution::*latency, double longest_ns,
                      std::string help) {
  ConfigKey made = key(std::move(name), &RunConfig::execution, latency, 0, longest_ns, std::move(help));
  made.spec.word = "measured";
  made.get = [latency](const RunConfig& config) {
    const std::int64_t ns = config.execution.*latency;
    return ns == kMeasuredLatency ? ParamValue(std::string("measured")) : ParamValue(ns);
  };
  made.set = [latency](RunConfig& config, const ParamValue& value) {
    const auto* ns = std::get_if<std::int64_t>(&value);
    config.execution.*latency = ns != nullptr ? *ns : kMeasuredLatency;
  };
  return made;
}

void add_data_keys(std::vector<ConfigKey>& keys) {
  using C = RunConfig;
  const auto s = &C::data;
  keys.push_back(key("data.path", s, &C::Data::path, 0, 0,
                     "Parquet or CSV files of bars, recordings, cache:SYMBOL/INTERVAL, or generated"));
  keys.push_back(
      key("data.interval", s, &C::Data::interval, 0, 0, "1s, 1m, 5m, 1h, 1d; empty: from the file"));
  keys.push_back(
      key("data.trade_bars", s, &C::Data::trade_bars, 0, 0,
          "bars made of a recording's trades: 1m, 1000t, 50v, 1e6d; empty: the bars that are there"));
  keys.push_back(key("data.order", s, &C::Data::order, 0, 0,
                     "of a recording's events: by exchange time, or as they were recorded (live sessions)",
                     {"exchange", "recorded"}));
  keys.push_back(key("data.policy", s, &C::Data::policy, 0, 0, "what happens to bad bars",
                     {"reject", "skip", "repair"}));
  keys.push_back(
      key("data.bars", s, &C::Data::bars, 1, kMostGeneratedBars, "generated: bars of each symbol"));
  keys.push_back(key("data.symbols", s, &C::Data::symbols, 1, 1000, "generated: correlated symbols"));
  keys.push_back(key("features.list", &C::features, &C::Features::list, 0, 0,
                     "features to compute, besides those the strategy needs; default, none, names"));
  keys.push_back(key("features.windows", &C::features, &C::Features::windows, 1, features::kMaxWindow,
                     "windows of the default features, bars"));
  keys.push_back(key("strategy.name", &C::strategy, &C::Strategy::name, 0, 0, "see hftsim strategies"));
}

void add_account_keys(std::vector<ConfigKey>& keys) {
  using A = RunConfig::Account;
  const auto s = &RunConfig::account;
  const std::vector<std::string> sizers(sizer_names().begin(), sizer_names().end());
  keys.push_back(key("account.initial_capital", s, &A::initial_capital, 1e-6, 1e15, "money at the start"));
  keys.push_back(key("account.fee_rate", s, &A::fee_rate, 0, 0.1, "fraction of the notional"));
  const double rate = RunConfig().account.fee_rate;
  const char* const fee_help = "below 0: a rebate; not given: fee_rate";
  keys.push_back(optional_key("account.maker_fee", &A::maker_fee, rate, -1, 0.1, fee_help));
  keys.push_back(optional_key("account.taker_fee", &A::taker_fee, rate, -1, 0.1, fee_help));
  keys.push_back(key("account.position_size", s, &A::position_size, kSmallestPosition, 100,
                     "fraction of equity at confidence 1"));
  keys.push_back(
      key("account.max_position", s, &A::max_position, kSmallestPosition, 100, "largest fraction of equity"));
  keys.push_back(key("account.sizer", s, &A::sizer, 0, 0, "how large a position a signal asks for", sizers));
  keys.push_back(key("account.quantity", s, &A::quantity, 0, 1e15, "sizer fixed_quantity: base units"));
  keys.push_back(
      key("account.kelly_multiple", s, &A::kelly_multiple, 0, 1, "sizer kelly: share of the fraction"));
  keys.push_back(
      key("account.allow_short", s, &A::allow_short, 0, 0, "a sell goes on to the mirrored short"));
  keys.push_back(key("account.brackets", s, &A::brackets, 0, 0, "a signal's stop and target become orders"));
  keys.push_back(optional_key("account.lot_size", &A::lot_size, kLotSize, 0, 1e9,
                              "smallest quantity step; 0: none; of a session each symbol's own"));
  keys.push_back(optional_key("account.min_notional", &A::min_notional, 0, 0, 1e12,
                              "smallest order value; 0: none; of a session each symbol's own"));
}

void add_execution_keys(std::vector<ConfigKey>& keys) {
  using E = RunConfig::Execution;
  const auto s = &RunConfig::execution;
  constexpr double kLongestNs = 3.6e12 * 24;
  keys.push_back(key("execution.venue", s, &E::venue, 0, 0,
                     "what orders meet: bars, or a recording's quotes, trades and books", {"bars", "ticks"}));
  keys.push_back(key("execution.fill_on", s, &E::fill_on, 0, 0, "venue ticks: what takers take",
                     {"quotes", "book", "trades"}));
  keys.push_back(key("execution.fill", s, &E::fill, 0, 0, "when market orders fill; close is optimistic",
                     {"next_open", "close"}));
  keys.push_back(
      key("execution.limit_fill", s, &E::limit_fill, 0, 0, "what fills a limit order", {"through", "touch"}));
  keys.push_back(
      key("execution.intrabar", s, &E::intrabar, 0, 0, "what happens inside a bar", {"pessimistic", "path"}));
  keys.push_back(key("execution.slippage_bps", s, &E::slippage_bps, 0, 1000, "against the taker"));
  keys.push_back(key("execution.half_spread_bps", s, &E::half_spread_bps, 0, 1000, "against the taker"));
  keys.push_back(key("execution.impact", s, &E::impact, 0, 100, "coefficient of the square-root law"));
  keys.push_back(key("execution.participation", s, &E::participation, 0, 1,
                     "share of a bar's volume (venue ticks: of what stands or is traded); 0: no cap"));
  keys.push_back(key("execution.entry_latency_ns", s, &E::entry_latency_ns, 0, kLongestNs, "to the venue"));
  keys.push_back(key("execution.response_latency_ns", s, &E::response_latency_ns, 0, kLongestNs, "and back"));
  keys.push_back(latency_key("execution.compute_latency", &E::compute_latency, kLongestNs,
                             "from the bar to the decision, ns; measured: timed once before the run"));
}

void add_risk_keys(std::vector<ConfigKey>& keys) {
  using R = RiskLimits;
  const auto s = &RunConfig::risk;
  keys.push_back(key("risk.max_drawdown", s, &R::max_drawdown, 0, 1, "from the peak; 0: off"));
  keys.push_back(key("risk.max_total_loss", s, &R::max_total_loss, 0, 1, "from the start; 0: off"));
  keys.push_back(key("risk.max_daily_loss", s, &R::max_daily_loss, 0, 1, "of the UTC day; 0: off"));
  keys.push_back(key("risk.stop_loss", s, &R::stop_loss, 0, 1, "of a position; 0: off"));
  keys.push_back(key("risk.take_profit", s, &R::take_profit, 0, 100, "of a position; 0: off"));
  keys.push_back(key("risk.max_exposure", s, &R::max_exposure, 0, 100, "exposure / equity; 0: off"));
  keys.push_back(key("risk.volatility_limit", s, &R::volatility_limit, 0, 100, "annualised; 0: off"));
  keys.push_back(key("risk.var_limit", s, &R::var_limit, 0, 1, "95% value at risk of a bar; 0: off"));
}

void add_run_keys(std::vector<ConfigKey>& keys) {
  using C = RunConfig;
  keys.push_back(
      key("metrics.bars_per_year", &C::metrics, &C::Metrics::bars_per_year, 0, 4e10, "0: from the interval"));
  keys.push_back(key("metrics.risk_free_rate", &C::metrics, &C::Metrics::risk_free_rate, -1, 10, "per year"));
  keys.push_back(key("metrics.trials", &C::metrics, &C::Metrics::trials, 1, 1e9,
                     "strategies tried, for the deflated Sharpe ratio"));
  const auto m = &C::model;
  keys.push_back(key("model.path", m, &C::Model::path, 0, 0, "model bundles; several: their weighted mean"));
  keys.push_back(key("model.weights", m, &C::Model::weights, 1e-9, 1e9, "one per bundle; empty: all alike"));
  keys.push_back(key("model.from", m, &C::Model::from, 0, 0,
                     "times, one per bundle: each speaks from its own on; empty: all at once"));
  keys.push_back(key("model.predictor", m, &C::Model::predictor, 0, 0,
                     "what runs the model; auto: native where it answers as torch does",
                     {"auto", "native", "torch", "stateful", "wavefront"}));
  keys.push_back(key("model.precision", &C::model, &C::Model::precision, 0, 0,
                     "arithmetic of native predictors", {"fp32", "int16", "int8"}));
  keys.push_back(
      key("model.threads", m, &C::Model::threads, 1, 256, "threads that predict a block's windows"));
  keys.push_back(key("run.seed", &C::run, &C::Run::seed, 0, 9.2e18, "of everything random"));
  keys.push_back(key("run.threads", &C::run, &C::Run::threads, 0, 0, "stages on one thread or one each",
                     {"inline", "pipelined"}));
  keys.push_back(key("run.block", &C::run, &C::Run::block, 1, 65536, "events per block"));
  keys.push_back(key("run.start", &C::run, &C::Run::start, 0, 0,
                     "a time: bars that close before it only warm up; empty: none do"));
  keys.push_back(key("run.out", &C::run, &C::Run::out, 0, 0, "run directory; none: write nothing"));
}

}  // namespace

std::span<const ConfigKey> config_keys() {
  static const std::vector<ConfigKey> keys = [] {
    std::vector<ConfigKey> all;
    add_data_keys(all);
    add_account_keys(all);
    add_execution_keys(all);
    add_risk_keys(all);
    add_run_keys(all);
    return all;
  }();
  return keys;
}

}  // namespace hftsim
