#include "tools/run_tables.h"

#include <map>
#include <string>

#include "adapters/table_reader.h"
#include "tests/tools/cli.h"

namespace hftsim {
namespace {

class RunTables : public test::CliTest {};

// Whatever the journal makes of it, a stop loses against its entry's price and a target wins.
TEST_F(RunTables, ABracketsFillSaysWhetherStopOrTargetWasHit) {
  ASSERT_EQ(hftsim("backtest --strategy breakout --set data.bars=20000 --no-report --out run").exit_code, 0);
  TableReader trades(folder() / "run/trades.parquet", {"side", "price", "reason", "order_id", "parent_id"});
  std::map<std::int64_t, double> price_of;
  std::map<std::string, int> seen;
  while (trades.next()) {
    for (std::size_t i = 0; i < trades.rows(); ++i) {
      const double price = trades.float64(1)[i];
      const std::string reason(trades.text(2, i));
      price_of[trades.int64(3)[i]] = price;
      const std::int64_t parent = trades.int64(4)[i];
      EXPECT_EQ(reason.starts_with("bracket"), parent != 0);
      if (parent == 0) continue;
      ++seen[reason];
      const double gain = (price - price_of.at(parent)) * (trades.text(0, i) == "sell" ? 1 : -1);
      EXPECT_EQ(reason, gain < 0 ? "bracket_stop" : "bracket_target") << i;
    }
  }
  EXPECT_GT(seen["bracket_stop"], 0);
  EXPECT_GT(seen["bracket_target"], 0);
}

}  // namespace
}  // namespace hftsim
