// What the report says, against the summary of the same run.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "tests/tools/cli.h"

namespace hftsim {
namespace {

using Json = nlohmann::json;

class ReportData : public test::CliTest {
 protected:
  // What stands in the page of a run with these arguments.
  Json data_of(const std::string& arguments) const {
    const auto result = hftsim("backtest --out run " + arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    const std::string page = read("run/report.html");
    const std::string element = "<script id=\"hftsim-data\" type=\"application/json\">";
    const std::size_t begin = page.find(element) + element.size();
    return Json::parse(page.substr(begin, page.find("</script>", begin) - begin));
  }
};

std::uint64_t sum_of(const Json& counts) {
  return std::accumulate(
      counts.begin(), counts.end(), std::uint64_t{0},
      [](std::uint64_t sum, const Json& count) { return sum + count.get<std::uint64_t>(); });
}

TEST_F(ReportData, CountsEveryRoundTripAfterFeesInBinsWithAnEdgeAtZero) {
  const Json data = data_of("--set data.bars=20000 --set account.fee_rate=0.002");
  const Json& metrics = data["summary"]["metrics"];
  const auto edges = data["pnl_histogram"]["edges"].get<std::vector<double>>();
  EXPECT_EQ(sum_of(data["pnl_histogram"]["counts"]), metrics["round_trips"].get<std::uint64_t>());
  ASSERT_LT(edges.front(), 0);
  EXPECT_LE(edges.front(), metrics["largest_loss"].get<double>());
  EXPECT_GT(edges[1], metrics["largest_loss"].get<double>());
  ASSERT_GE(edges.back(), 0);
  EXPECT_EQ(std::count(edges.begin(), edges.end(), 0.0), 1);
  EXPECT_TRUE(std::is_sorted(edges.begin(), edges.end()));
}

TEST_F(ReportData, CountsFillsOfEachInstrumentAndOfBrackets) {
  const Json data = data_of("--strategy breakout --set data.bars=20000 --set data.symbols=2");
  const Json& trades = data["trades"];
  ASSERT_EQ(trades["by_instrument"].size(), 2U);
  EXPECT_EQ(sum_of(trades["by_instrument"]), data["summary"]["trades"].get<std::uint64_t>());
  ASSERT_EQ(trades["stride"], 1);
  const auto of_brackets =
      std::count_if(trades["reason"].begin(), trades["reason"].end(),
                    [](const Json& reason) { return reason.get<std::string>().starts_with("bracket"); });
  EXPECT_GT(of_brackets, 0);
  EXPECT_EQ(trades["by_brackets"].get<std::int64_t>(), of_brackets);
}

TEST_F(ReportData, SaysWhatIsAfterFees) {
  const Json data = data_of("--set data.bars=3000");
  const auto entry = std::find_if(data["metric_table"].begin(), data["metric_table"].end(),
                                  [](const Json& metric) { return metric["key"] == "largest_win"; });
  ASSERT_NE(entry, data["metric_table"].end());
  EXPECT_EQ((*entry)["group"], "Round trips, after fees");
}

}  // namespace
}  // namespace hftsim
