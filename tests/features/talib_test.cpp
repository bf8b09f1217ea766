// Against what TA-Lib itself gave (golden/talib.csv, written by golden/make_talib.py).
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

#include "engine/features/feature_set.h"

namespace hftsim::features {
namespace {

struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<double>> rows;  // an empty cell is NaN
};

Table read_table(const std::string& path) {
  std::ifstream file(path);
  Table table;
  std::string line, cell;
  std::getline(file, line);
  for (std::istringstream cells(line); std::getline(cells, cell, ',');) table.columns.push_back(cell);
  while (std::getline(file, line)) {
    std::vector<double>& row = table.rows.emplace_back();
    std::istringstream cells(line);
    while (std::getline(cells, cell, ',')) {
      row.push_back(cell.empty() ? std::numeric_limits<double>::quiet_NaN() : std::stod(cell));
    }
    row.resize(table.columns.size(), std::numeric_limits<double>::quiet_NaN());
  }
  return table;
}

constexpr std::size_t kPriceColumns = 5;

Event bar_of(const std::vector<double>& row, std::size_t i) {
  const Timestamp close_ts(static_cast<std::int64_t>(i + 1) * kMinute.value);
  return make_bar(close_ts, 0, {row[0], row[1], row[2], row[3], row[4]}, 1);
}

// TA-Lib's running sums leave some ulps of the price where a window goes flat and divide them by ulps: its
// cci there is noise.
bool is_noise(const std::string& name, const Table& table, std::size_t i) {
  if (name != "cci_20" || i < 19) return false;
  for (std::size_t k = i - 19; k < i; ++k) {
    if (table.rows[k][1] != table.rows[i][1] || table.rows[k][2] != table.rows[i][2]) return false;
  }
  return true;
}

TEST(TaLib, GivesTheSameIndicators) {
  const Table table = read_table(HFTSIM_SOURCE_DIR "/tests/features/golden/talib.csv");
  ASSERT_GT(table.rows.size(), 100U);
  const std::vector<std::string> names(table.columns.begin() + kPriceColumns, table.columns.end());
  FeatureSet set(names);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const std::span<const double> row = set.update(bar_of(table.rows[i], i));
    for (std::size_t f = 0; f < names.size(); ++f) {
      const double expected = table.rows[i][kPriceColumns + f];
      if (std::isnan(expected)) {
        EXPECT_TRUE(std::isnan(row[f])) << names[f] << ", bar " << i;
      } else if (is_noise(names[f], table, i)) {
        EXPECT_EQ(row[f], 0) << names[f] << ", bar " << i;
      } else {
        EXPECT_NEAR(row[f], expected, 1e-9 * std::fabs(expected) + 1e-9) << names[f] << ", bar " << i;
      }
    }
  }
}

}  // namespace
}  // namespace hftsim::features
