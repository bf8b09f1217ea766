// The 85 default features on real bars against pandas: |d| <= 1e-9 |pandas| + 1e-9 mean|column|, NaN where
// pandas has none.
#include <gtest/gtest.h>
#include <zlib.h>

#include <cmath>
#include <limits>
#include <sstream>
#include <stdexcept>

#include "adapters/bar_reader.h"
#include "engine/features/catalog.h"
#include "engine/features/feature_set.h"
#include "tests/adapters/shared_data.h"

namespace hftsim::features {
namespace {

constexpr const char* kBars = "data/BTCUSDT-1m.parquet";
constexpr const char* kReference = "reference/features.csv.gz";
constexpr std::size_t kFirstFeature = 2;  // after open_time and bar

std::string unzipped(const std::filesystem::path& path) {
  const gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) throw std::runtime_error("cannot open " + path.string());
  std::string text;
  char buffer[1 << 16];
  for (int got = 0; (got = gzread(file, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(got));
  }
  gzclose(file);
  return text;
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  for (const char c : line) {
    if (c == ',') {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

struct Reference {
  std::vector<std::string> names;
  std::vector<std::size_t> bars;
  std::vector<std::vector<double>> rows;
  std::vector<double> mean_size;  // per column, of what is known
};

Reference read_reference() {
  std::istringstream text(unzipped(shared_file(kReference)));
  Reference reference;
  std::string line;
  std::getline(text, line);
  const std::vector<std::string> head = cells_of(line);
  reference.names.assign(head.begin() + kFirstFeature, head.end());
  while (std::getline(text, line)) {
    const std::vector<std::string> cells = cells_of(line);
    reference.bars.push_back(std::stoul(cells[1]));
    std::vector<double>& row = reference.rows.emplace_back();
    for (std::size_t f = kFirstFeature; f < cells.size(); ++f) {
      row.push_back(cells[f].empty() ? std::numeric_limits<double>::quiet_NaN() : std::stod(cells[f]));
    }
  }
  for (std::size_t f = 0; f < reference.names.size(); ++f) {
    double sum = 0, known = 0;
    for (const auto& row : reference.rows) {
      if (std::isnan(row[f])) continue;
      sum += std::fabs(row[f]);
      known += 1;
    }
    reference.mean_size.push_back(sum / known);
  }
  return reference;
}

std::vector<Event> real_bars() {
  BarReader reader(shared_file(kBars));
  std::vector<Event> bars(20'000);
  std::size_t count = 0;
  while (const std::size_t got = reader.read(std::span(bars).subspan(count))) count += got;
  bars.resize(count);
  return bars;
}

TEST(FeaturesReference, EqualPandasOnRealBars) {
  HFTSIM_NEED_SHARED(kBars);
  HFTSIM_NEED_SHARED(kReference);
  const Reference reference = read_reference();
  ASSERT_EQ(reference.names, default_features());
  ASSERT_EQ(reference.rows.size(), 700U);
  const std::vector<Event> bars = real_bars();
  ASSERT_EQ(bars.size(), 10'080U);
  FeatureSet set(reference.names);
  std::vector<double> out(set.size() * bars.size());
  set.update(bars, out.data(), bars.size());
  for (std::size_t r = 0; r < reference.rows.size(); ++r) {
    ASSERT_EQ(reference.rows[r].size(), 85U);
    for (std::size_t f = 0; f < reference.names.size(); ++f) {
      const double value = out[f * bars.size() + reference.bars[r]], expected = reference.rows[r][f];
      const double tolerance = 1e-9 * std::fabs(expected) + 1e-9 * reference.mean_size[f];
      const bool equal = std::isnan(expected) ? std::isnan(value) : std::fabs(value - expected) <= tolerance;
      EXPECT_TRUE(equal) << reference.names[f] << " of bar " << reference.bars[r] << ": " << value << " for "
                         << expected;
    }
  }
}

}  // namespace
}  // namespace hftsim::features
