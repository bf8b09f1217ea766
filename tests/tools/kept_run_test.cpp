// What a run leaves: the summary it printed, a report that can be made again, tables that agree, no allocation.
#include <cmath>
#include <nlohmann/json.hpp>
#include <regex>

#include "adapters/parquet_writer.h"
#include "adapters/table_reader.h"
#include "engine/features/feature_set.h"
#include "replay/bar_generator.h"
#include "tests/tools/cli.h"

namespace hftsim {
namespace {

using test::CliResult;
using Json = nlohmann::json;

class KeptRun : public test::CliTest {};

TEST_F(KeptRun, SummaryJsonIsWhatWasPrinted) {
  const CliResult result = hftsim("backtest --set data.bars=3000 --out run --json");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(read("run/summary.json"), result.out);
  const Json summary = Json::parse(result.out);
  EXPECT_FALSE(summary["partial"].get<bool>());
  EXPECT_EQ(summary["data"]["sha256"].get<std::string>().size(), 64U);
  EXPECT_EQ(summary["signals"]["total"].get<int>(), summary["signals"]["buy"].get<int>() +
                                                        summary["signals"]["sell"].get<int>() +
                                                        summary["signals"]["hold"].get<int>());
}

TEST_F(KeptRun, TablesAddUpToTheSummary) {
  ASSERT_EQ(hftsim("backtest --set data.bars=20000 --no-report --out run").exit_code, 0);
  const Json summary = Json::parse(read("run/summary.json"));
  TableReader trades(folder() / "run/trades.parquet",
                     {"quantity", "price", "fee", "realized_pnl", "cash_after"});
  EXPECT_EQ(trades.row_count(), summary["trades"].get<std::uint64_t>());
  double fees = 0, realized = 0;
  while (trades.next()) {
    for (std::size_t i = 0; i < trades.rows(); ++i) {
      fees += trades.float64(2)[i];
      if (!trades.is_null(3, i)) realized += trades.float64(3)[i];
    }
  }
  EXPECT_NEAR(fees, summary["fees"].get<double>(), 1e-6);
  EXPECT_NEAR(realized, summary["realized_pnl"].get<double>(), 1e-6);
  TableReader equity(folder() / "run/equity.parquet", {"equity"});
  double last = 0;
  while (equity.next()) last = equity.float64(0).back();
  EXPECT_EQ(last, summary["final_equity"].get<double>());
}

TEST_F(KeptRun, TheReportIsTheSameBytesWhereverItIsMadeAgain) {
  ASSERT_EQ(hftsim("generate --bars 3000 --out bars.parquet").exit_code, 0);
  ASSERT_EQ(hftsim("backtest --data bars.parquet --strategy breakout --out run").exit_code, 0);
  const std::string before = read("run/report.html");
  std::filesystem::remove(folder() / "bars.parquet");  // the run alone is enough
  std::filesystem::remove(folder() / "run/report.html");
  ASSERT_EQ(hftsim("report run").exit_code, 0);
  EXPECT_TRUE(read("run/report.html") == before);
}

class DamagedRun : public test::CliTest {
 protected:
  void SetUp() override {
    ASSERT_EQ(hftsim("backtest --set data.bars=5000 --no-report --out run").exit_code, 0);
  }
  // The message of a report over a summary in which `pointer` is replaced.
  std::string refusal_of(const char* pointer, const Json& value) const {
    Json summary = Json::parse(read("run/summary.json"));
    summary[Json::json_pointer(pointer)] = value;
    const std::string whole = read("run/summary.json");
    write("run/summary.json", summary.dump());
    const CliResult result = hftsim("report run");
    write("run/summary.json", whole);
    EXPECT_EQ(result.exit_code, 2) << result.err;
    EXPECT_MENTIONS(result.err, "summary.json");
    return result.err;
  }
};

TEST_F(DamagedRun, AReportOverATornJournalSaysSo) {
  std::filesystem::resize_file(folder() / "run/journal",
                               std::filesystem::file_size(folder() / "run/journal") - 70);
  const CliResult result = hftsim("report run");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_MENTIONS(result.err, "run/journal is torn: ");
  EXPECT_MENTIONS(result.err, "cut off inside a block");
  EXPECT_MENTIONS(read("run/report.html"), "run/journal is torn: ");
}

TEST_F(DamagedRun, AReportWithoutASummarySaysWhatWasKept) {
  std::filesystem::remove(folder() / "run/summary.json");
  const CliResult result = hftsim("report run");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_MENTIONS(result.err, "summary.json is missing");
  EXPECT_MENTIONS(result.err, "records up to 2");
  EXPECT_MENTIONS(result.err, "hftsim backtest run/config.toml runs it again");
}

TEST_F(DamagedRun, ASummaryThatDoesNotFitIsRefusedWithItsKey) {
  EXPECT_MENTIONS(refusal_of("/data/instruments", Json::array()), "data.instruments");
  EXPECT_MENTIONS(refusal_of("/data/instruments", 5), "data.instruments: got 5, expected array");
  EXPECT_MENTIONS(refusal_of("/data/instruments/0/symbol", 7), "data.instruments[0].symbol: got 7");
  EXPECT_MENTIONS(refusal_of("/trades", "many"), "trades: got \"many\", expected number");
  EXPECT_MENTIONS(refusal_of("/metrics", nullptr), "metrics");
  EXPECT_MENTIONS(refusal_of("/bars_per_year", nullptr), "bars_per_year");
}

TEST_F(KeptRun, ARunThatALimitStoppedSaysSinceWhen) {
  const CliResult result = hftsim("backtest --set data.bars=20000 --set risk.max_drawdown=0.01 --out run");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_MENTIONS(result.out, "no order was let through since 2024-01-");
  const Json halted = Json::parse(read("run/summary.json"))["halted"];
  ASSERT_EQ(halted.size(), 1U);
  EXPECT_EQ(halted[0]["reason"], "drawdown_limit");
  const std::int64_t end_ns = 1'704'067'200'000'000'000 + 20'000 * kMinute.value;
  EXPECT_EQ(halted[0]["bars"].get<std::int64_t>(),
            (end_ns - halted[0]["since_ns"].get<std::int64_t>()) / kMinute.value + 1);
  EXPECT_MENTIONS(read("run/report.html"), "\"halted\":[{\"reason\":\"drawdown_limit\"");
  const CliResult goes_on =
      hftsim("backtest --set data.bars=20000 --set risk.max_drawdown=0 --json --out none");
  EXPECT_EQ(Json::parse(goes_on.out)["halted"], Json::array());
}

TEST_F(KeptRun, TheDemoTradesToItsEnd) {
  const CliResult result =
      hftsim("backtest --set strategy.momentum_threshold=0.003 --json --out none");  // as tools/demo.sh
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json summary = Json::parse(result.out);
  EXPECT_EQ(summary["halted"], Json::array());
  EXPECT_GT(summary["trades"].get<int>(), 100);
}

TEST_F(KeptRun, ANegativeFeeIsARebate) {
  const CliResult result =
      hftsim("backtest --set data.bars=3000 --set account.taker_fee=-0.0005 --out none --json");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_LT(Json::parse(result.out)["fees"].get<double>(), 0);
}

TEST_F(KeptRun, AJournalOfMoreInstrumentsThanTheSummaryNamesIsRefused) {
  ASSERT_EQ(
      hftsim("backtest --set data.bars=3000 --set data.symbols=2 --no-report --strategy sma_cross --out run")
          .exit_code,
      0);
  Json summary = Json::parse(read("run/summary.json"));
  summary["data"]["instruments"].erase(1);
  write("run/summary.json", summary.dump());
  const CliResult result = hftsim("report run");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_MENTIONS(result.err, "instrument 1");
  EXPECT_MENTIONS(result.err, "data.instruments");
}

TEST_F(KeptRun, AReportThatCannotBeWrittenLeavesTheRunWhole) {
  std::filesystem::create_directories(folder() / "run/report.html.part");
  const CliResult result = hftsim("backtest --set data.bars=500 --json --out run");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_MENTIONS(result.err, "report.html cannot be written");
  EXPECT_EQ(read("run/summary.json"), result.out);
}

TEST_F(KeptRun, AllocatesNothingAfterItsWarmUpHoweverLong) {
  for (const char* how : {"--out none", "--out a --no-report", "--threads pipelined --out b --no-report"}) {
    const CliResult result =
        hftsim(std::string("backtest --strategy breakout --set data.bars=400000 --json ") + how);
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const Json summary = Json::parse(result.out);
    EXPECT_EQ(summary["allocations_after_warmup"], 0) << how;
    EXPECT_GT(summary["trades"].get<int>(), 100);
  }
}

TEST_F(KeptRun, AnotherRunOfTheKeptConfigWithoutAFileIsTheSame) {
  ASSERT_EQ(hftsim("generate --bars 3000 --symbols 2 --out bars.csv").exit_code, 0);
  const std::string first =
      "backtest --data SYN1USDT-bars.csv SYN2USDT-bars.csv --strategy sma_cross --set strategy.short=true "
      "--set account.sizer=volatility_target --set risk.volatility_limit=0.4 --set features.windows=7,14 "
      "--set execution.fill=close --no-report --out a";
  ASSERT_EQ(hftsim(first).exit_code, 0);
  ASSERT_EQ(hftsim("backtest a/config.toml --no-report --out b --block 7 --threads pipelined").exit_code, 0);
  EXPECT_EQ(hftsim("verify a b").exit_code, 0);
}

TEST_F(KeptRun, TheKeptConfigRunsFromAnotherFolderIntoANewOne) {
  ASSERT_EQ(hftsim("generate --bars 3000 --out bars.csv").exit_code, 0);
  ASSERT_EQ(hftsim("backtest --data bars.csv --no-report --out a").exit_code, 0);
  std::filesystem::create_directories(folder() / "elsewhere");
  const CliResult again = hftsim("backtest ../a/config.toml --no-report", "cd elsewhere &&");
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(hftsim("verify a elsewhere/runs/momentum-bars-1").exit_code, 0);
}

TEST_F(KeptRun, VersionNamesCommitCompilerAndProcessor) {
  const CliResult result = hftsim("--version");
  EXPECT_EQ(result.exit_code, 0);
  const std::regex wanted(
      "hftsim \\d+\\.\\d+\\.\\d+(\\+[0-9a-f]{10}(-dirty)?)?\n"
      "compiler: (g\\+\\+|clang) [^\n]+\n"
      "CPU: +[^\n]*(x86-64|baseline|aarch64)[^\n]*\n+");
  EXPECT_TRUE(std::regex_match(result.out, wanted)) << result.out;
}

// Every value of the table against the library's own, bit for bit.
TEST_F(KeptRun, TheFeatureTableIsWhatTheFeatureSetGives) {
  ASSERT_EQ(hftsim("generate --bars 3000 --seed 9 --out bars.parquet").exit_code, 0);
  const std::string command = "features --data bars.parquet --features default,rsi_14 --windows 5,20 ";
  ASSERT_EQ(hftsim(command + "--out f64.parquet").exit_code, 0);
  ASSERT_EQ(hftsim(command + "--dtype float32 --out f32.parquet").exit_code, 0);
  TableReader wide(folder() / "f64.parquet"), narrow(folder() / "f32.parquet");
  std::vector<std::string> names;
  for (const TableColumn& column : wide.columns()) names.push_back(column.name);
  ASSERT_EQ(names[0], "timestamp");
  names.erase(names.begin());
  ASSERT_EQ(names.back(), "rsi_14");
  features::FeatureSet set(names, {kMinute});
  BarGeneratorOptions options;
  options.bars = 3000;
  options.seed = 9;
  BarGenerator generator(options);
  std::uint64_t rows = 0;
  while (wide.next() && narrow.next()) {
    ASSERT_EQ(wide.rows(), narrow.rows());
    for (std::size_t i = 0; i < wide.rows(); ++i, ++rows) {
      Event bar;
      ASSERT_EQ(generator.read({&bar, 1}), 1U);
      const std::span<const double> row = set.update(bar);
      ASSERT_EQ(wide.int64(0)[i], bar.ts_ns - kMinute.value);
      for (std::size_t f = 0; f < row.size(); ++f) {
        const double got = wide.float64(f + 1)[i];
        ASSERT_TRUE(got == row[f] || (std::isnan(got) && std::isnan(row[f]))) << names[f] << " row " << rows;
        const auto rounded = static_cast<double>(static_cast<float>(row[f]));
        const double got32 = narrow.float64(f + 1)[i];
        ASSERT_TRUE(got32 == rounded || (std::isnan(got32) && std::isnan(rounded))) << names[f];
      }
    }
  }
  EXPECT_EQ(rows, 3000U);
}

// Parquet made by others: a column of text, a missing value, an unsorted one.
class ForeignParquet : public test::CliTest {
 protected:
  enum class Fault { none, text_close, null_close, nan_close, unsorted };

  std::string refusal_of(Fault fault) const {
    std::vector<TableColumn> columns = {{"timestamp", ColumnType::timestamp_ns}};
    for (const char* name : {"open", "high", "low", "close", "volume"})
      columns.push_back({name, ColumnType::float64});
    if (fault == Fault::text_close) columns[4].type = ColumnType::text;
    bool done = false;
    write_table(folder() / "bars.parquet", columns, [&](RowBatch& batch) {
      if (done) return std::size_t{0};
      done = true;
      for (std::size_t row = 0; row < 100; ++row) put(batch, row, fault);
      return std::size_t{100};
    });
    const CliResult result = hftsim("backtest --data bars.parquet --out run --no-report");
    EXPECT_EQ(result.exit_code, fault == Fault::none ? 0 : 2) << result.err;
    return result.err;
  }

 private:
  static void put(RowBatch& batch, std::size_t row, Fault fault) {
    const std::size_t minute = fault == Fault::unsorted && row == 50 ? 10 : row;
    batch.int64(0)[row] = 1'704'067'200'000'000'000 + static_cast<std::int64_t>(minute) * kMinute.value;
    for (std::size_t column = 1; column < 6; ++column) {
      if (column == 4 && fault == Fault::text_close) {
        batch.set_text(4, row, row == 50 ? "n.a." : "100");
      } else {
        batch.float64(column)[row] = column == 4 && fault == Fault::nan_close && row == 50 ? NAN : 100;
      }
    }
    if (fault == Fault::null_close && row == 50) batch.set_null(4, row);
  }
};

TEST_F(ForeignParquet, GoodOneRuns) {
  EXPECT_EQ(refusal_of(Fault::none), "");
}

TEST_F(ForeignParquet, NamesTextInANumberColumn) {
  const std::string message = refusal_of(Fault::text_close);
  EXPECT_MENTIONS(message, "bars.parquet");
  EXPECT_MENTIONS(message, "close");
}

TEST_F(ForeignParquet, NamesRowAndTimeOfWhatIsNoPrice) {
  for (const Fault fault : {Fault::null_close, Fault::nan_close}) {
    const std::string message = refusal_of(fault);
    EXPECT_MENTIONS(message, "bars.parquet");
    EXPECT_MENTIONS(message, "close");
    EXPECT_MENTIONS(message, "2024-01-01 00:50:00");
    std::filesystem::remove_all(folder() / "run");
  }
}

TEST_F(ForeignParquet, NamesRowsOutOfOrder) {
  EXPECT_MENTIONS(refusal_of(Fault::unsorted), "out_of_order");
}

}  // namespace
}  // namespace hftsim
