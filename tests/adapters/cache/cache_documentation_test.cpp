// The examples of docs/cache.md, as they stand there, read what was saved here.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "adapters/cache/trade_cache.h"
#include "adapters/duckdb_connection.h"
#include "tests/adapters/cache/cached_bars.h"

namespace hftsim {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class CacheDocumentation : public CacheTest {
 protected:
  // The n-th example in that language, with this test's cache in place of the user's.
  std::string example(const std::string& language, int number) const {
    const std::string text = text_of(std::filesystem::path(HFTSIM_SOURCE_DIR) / "docs/cache.md");
    const std::string fence = "```" + language + "\n", home = "~/.cache/hftsim";
    std::size_t begin = 0;
    for (int k = 0; k <= number; ++k) begin = text.find(fence, begin) + fence.size();
    std::string code = text.substr(begin, text.find("```", begin) - begin);
    code.replace(code.find(home), home.size(), root().string());
    return code;
  }
  // Its first column's text of every row, as DuckDB writes rows.
  std::vector<std::string> rows_of(std::string sql) const {
    sql.resize(sql.rfind(';'));
    DuckDbConnection connection;
    DuckDbResult result = connection.stream("SELECT CAST(t AS VARCHAR) FROM (" + sql + ") t");
    std::vector<std::string> rows;
    while (result.next()) {
      for (std::size_t i = 0; i < result.rows(); ++i) rows.emplace_back(text_of_cell(result, i));
    }
    return rows;
  }
  static std::string_view text_of_cell(const DuckDbResult& result, std::size_t row) {
    return hftsim::text_of(static_cast<const duckdb_string_t*>(result.data(0))[row]);
  }
};

TEST_F(CacheDocumentation, DuckDbReadsAllBarsWithTheirPartitions) {
  cache().save(key_, minute_bars(0, 2 * 1440));
  cache().save({Market::spot, "ETHUSDT", kMinute}, minute_bars(0, 10), {}, CacheStorage::compact);
  const std::vector<std::string> rows = rows_of(example("sql", 0));
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_MENTIONS(rows[0], "'symbol': BTCUSDT, 'interval': 1m, 'day': 2024-01-01");
  EXPECT_MENTIONS(rows[2], "'symbol': ETHUSDT");
}

TEST_F(CacheDocumentation, DuckDbReadsTrades) {
  Event trade{};
  trade.ts_ns = kStart2024;
  trade.kind = EventKind::trade;
  trade.trade = {4'200'000, 3, 1, 1, 1};
  TradeCache(root()).save({Market::spot, "BTCUSDT", kTrades},
                          {.symbol = "BTCUSDT", .price_step = {1, 2}, .quantity_step = {1, 3}}, {&trade, 1});
  const std::vector<std::string> rows = rows_of(example("sql", 1));
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_MENTIONS(rows[0], "'vwap': 42000.0, 'trades': 1");
}

// HFTSIM_PYTHON: an interpreter with pandas and pyarrow, where /usr/bin/python3 has none.
TEST_F(CacheDocumentation, PandasReadsBars) {
  const char* given = std::getenv("HFTSIM_PYTHON");
  const std::string python = given != nullptr ? given : "/usr/bin/python3";
  if (std::system((python + " -c 'import pandas, pyarrow' 2>/dev/null").c_str()) != 0)
    GTEST_SKIP() << "no pandas with pyarrow for " << python;
  cache().save(key_, minute_bars(31 * 1440 - 3, 6));
  write("cache/klines/symbol=BTCUSDT/interval=1m/.2024-03.parquet.part", "of a saver that was killed");
  write("script.py", example("python", 0) + "print(list(bars.columns), bars.dtypes['close'], len(bars))\n");
  const std::string command = "cd '" + path("").string() + "' && " + python + " script.py >out 2>err";
  ASSERT_EQ(std::system(command.c_str()), 0) << text_of(path("err"));
  const std::string out = text_of(path("out"));
  EXPECT_MENTIONS(out, "2024-01-31");
  EXPECT_MENTIONS(out, "2024-02-01");
  EXPECT_MENTIONS(out, "['open', 'high', 'low', 'close', 'volume', 'trades'");
  EXPECT_MENTIONS(out, "float64 6");
}

}  // namespace
}  // namespace hftsim
