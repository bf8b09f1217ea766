// What makes figures annual, for every interval there is.
#include "tools/bars_per_year.h"

#include "tools/bar_openings.h"

#include <gtest/gtest.h>

#include <vector>

#include "engine/core/errors.h"

namespace hftsim {
namespace {

TEST(BarsPerYear, AreDefinedForEveryInterval) {
  EXPECT_DOUBLE_EQ(bars_per_year(kSecond), 365.0 * 86'400);
  EXPECT_DOUBLE_EQ(bars_per_year(kMinute), 525'600);
  EXPECT_DOUBLE_EQ(bars_per_year(Duration(60 * kMinute.value)), 8'760);
  EXPECT_DOUBLE_EQ(bars_per_year(kDay), 252);
  EXPECT_DOUBLE_EQ(bars_per_year(2 * kDay), 126);
  EXPECT_DOUBLE_EQ(bars_per_year(7 * kDay), 52);
  EXPECT_DOUBLE_EQ(bars_per_year(14 * kDay), 26);
  for (const std::int64_t days : {28, 29, 30, 31}) EXPECT_DOUBLE_EQ(bars_per_year(days * kDay), 12);
  EXPECT_DOUBLE_EQ(bars_per_year(364 * kDay), 1);
}

TEST(BarsPerYear, AreRefusedForInstrumentsOfDifferentIntervals) {
  std::vector<Instrument> instruments(2);
  for (Instrument& instrument : instruments) instrument.bar_interval = kMinute;
  EXPECT_DOUBLE_EQ(bars_per_year(instruments), 525'600);
  instruments[1].bar_interval = kDay;
  instruments[1].symbol = "ETH";
  try {
    bars_per_year(instruments);
    FAIL() << "no BadInput";
  } catch (const BadInput& error) {
    EXPECT_NE(std::string(error.what()).find("ETH 1d"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("metrics.bars_per_year"), std::string::npos);
  }
}

TEST(BarsPerYear, HaveToBeSaidForBarsWithoutAFixedInterval) {
  std::vector<Instrument> instruments(2);
  instruments[1].bar_interval = Duration(0);
  instruments[1].symbol = "ETH";
  try {
    bars_per_year(instruments);
    FAIL() << "no BadInput";
  } catch (const BadInput& error) {
    EXPECT_NE(std::string(error.what()).find("metrics.bars_per_year: got 0, for bars of ETH"),
              std::string::npos)
        << error.what();
  }
}

TEST(BarOpenings, AreWhereIrregularBarsClosedBefore) {
  std::vector<Instrument> instruments(2);
  instruments[0].bar_interval = kMinute;
  instruments[1].bar_interval = Duration(0);
  BarOpenings openings(instruments);
  const auto open_of = [&](std::int64_t ts_ns, InstrumentId id) {
    return openings.open_ns(make_bar(Timestamp(ts_ns), id, {1, 1, 1, 1, 1}, 1));
  };
  EXPECT_EQ(open_of(kMinute.value, 0), 0);
  EXPECT_EQ(open_of(5, 1), 5) << "nothing says when the first began";
  EXPECT_EQ(open_of(9, 1), 5);
  EXPECT_EQ(open_of(9, 1), 9);
}

}  // namespace
}  // namespace hftsim
