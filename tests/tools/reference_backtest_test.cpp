// The reference system's three runs over the real bars: same signals, same trades, same money.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "replay/equity_file.h"
#include "replay/journal_file.h"
#include "tests/adapters/shared_data.h"
#include "tools/backtest_run.h"
#include "tools/summary.h"
#include "tools/trade_reader.h"

namespace hftsim {
namespace {

constexpr const char* kRuns = "reference/backtests.json";
constexpr const char* kBars = "data/BTCUSDT-1m.parquet";

RunConfig config_of(const Json& parameters) {
  const auto number = [&](const char* name) {
    return parameters.at(name).get<double>();
  };
  RunConfig config;
  config.data.path = {shared_file(kBars).string()};
  config.strategy.params["momentum_threshold"] = number("momentum_threshold");
  config.strategy.params["volume_threshold"] = number("volume_threshold");
  config.account.initial_capital = number("initial_capital");
  config.account.fee_rate = number("fee_rate");
  config.account.position_size = number("position_size");
  config.account.max_position = number("max_position");
  config.account.lot_size = 0;  // the reference system does not round quantities
  config.execution.fill = parameters.at("fill").get<std::string>();
  config.risk = {};
  config.risk.max_drawdown = number("max_drawdown");
  config.risk.max_total_loss = number("max_total_loss");
  config.risk.max_daily_loss = 0;
  config.risk.stop_loss = 0;
  resolve(config);
  return config;
}

// A fill at the close of a minute bar, as the reference names it: by the time the bar opened.
std::string bar_open_time(const Trade& trade) {
  std::string text = iso_utc(Timestamp(trade.fill.time_ns) - kMinute);
  text[10] = ' ';
  text.pop_back();
  return text;
}

void expect_trade(const Trade& got, const Json& wanted) {
  EXPECT_EQ(bar_open_time(got), wanted.at(0).get<std::string>());
  EXPECT_EQ(got.fill.side == Side::buy ? "BUY" : "SELL", wanted.at(1).get<std::string>());
  const double quantity = wanted.at(2).get<double>();
  EXPECT_NEAR(got.fill.quantity, quantity, 1e-9 * quantity);
  const double price = wanted.at(3).get<double>(), fee = wanted.at(4).get<double>();
  EXPECT_NEAR(got.fill.price, price, 1e-9 * price);
  EXPECT_NEAR(got.fill.value, fee, 1e-9 * fee);
  EXPECT_NEAR(got.realized.value, wanted.at(5).get<double>(), 1e-6);
}

class ReferenceBacktest : public testing::TestWithParam<std::size_t> {
 protected:
  static Json reference() {
    std::ifstream file(shared_file(kRuns));
    return Json::parse(file).at("runs").at(GetParam());
  }
};

TEST_P(ReferenceBacktest, GivesTheSameSignalsTradesAndMoney) {
  HFTSIM_NEED_SHARED(kRuns);
  HFTSIM_NEED_SHARED(kBars);
  const Json wanted = reference();
  const RunConfig config = config_of(wanted.at("parameters"));
  const std::filesystem::path journal_path =
      std::filesystem::path(testing::TempDir()) / ("reference-" + std::to_string(GetParam()));
  RunData data(config);
  JournalFile journal(journal_path);
  RunSinks sinks;
  sinks.journal = &journal;
  const RunResult got = run_backtest(config, data, sinks);
  journal.close();

  const Json& signals = wanted.at("signals");
  EXPECT_EQ(got.counters.signals(), signals.at("total_signals").get<std::uint64_t>());
  EXPECT_EQ(got.counters.signals_buy, signals.at("buy_signals").get<std::uint64_t>());
  EXPECT_EQ(got.counters.signals_sell, signals.at("sell_signals").get<std::uint64_t>());
  EXPECT_EQ(got.counters.signals_hold, signals.at("hold_signals").get<std::uint64_t>());
  EXPECT_NEAR(got.final_equity.value, wanted.at("final_equity").get<double>(), 1e-6);
  EXPECT_NEAR(got.realized.value, wanted.at("realized_pnl").get<double>(), 1e-6);
  EXPECT_NEAR(got.fees.value, wanted.at("total_fees").get<double>(), 1e-6);

  std::vector<Trade> trades;
  TradeReader reader(journal_path, got.initial, data.instruments());
  while (const auto trade = reader.next()) trades.push_back(*trade);
  ASSERT_EQ(trades.size(), wanted.at("trades").get<std::size_t>());
  const Json &first = wanted.at("first_trades"), &last = wanted.at("last_trades");
  for (std::size_t i = 0; i < first.size(); ++i) expect_trade(trades[i], first[i]);
  for (std::size_t i = 0; i < last.size(); ++i)
    expect_trade(trades[trades.size() - last.size() + i], last[i]);
  std::filesystem::remove(journal_path);
}

INSTANTIATE_TEST_SUITE_P(Runs, ReferenceBacktest, testing::Values(0U, 1U, 2U));

}  // namespace
}  // namespace hftsim
