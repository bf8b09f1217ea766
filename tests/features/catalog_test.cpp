#include "engine/features/catalog.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "engine/core/errors.h"
#include "engine/features/feature_set.h"
#include "tests/features/feature_lists.h"

namespace hftsim::features {
namespace {

std::string refusal_of(const std::string& name) {
  try {
    FeatureSet set({name});
  } catch (const BadInput& refusal) {
    return refusal.what();
  }
  return "";
}

TEST(Catalog, HasTheDefaultColumnsInTheirFixedOrder) {
  const std::vector<std::string> names = default_features();
  ASSERT_EQ(names.size(), 85U);
  const std::pair<std::size_t, const char*> places[] = {{1, "trades"},
                                                        {2, "return_5"},
                                                        {3, "log_return_5"},
                                                        {8, "momentum_5"},
                                                        {14, "sma_5"},
                                                        {15, "ema_5"},
                                                        {16, "dist_sma_5"},
                                                        {17, "dist_ema_5"},
                                                        {25, "dist_ema_20"},
                                                        {26, "price_position_5"},
                                                        {29, "return_1"},
                                                        {30, "volatility_5"},
                                                        {31, "volatility_5_annualized"},
                                                        {36, "parkinson_vol_5"},
                                                        {39, "atr_5"},
                                                        {44, "atr_pct_20"},
                                                        {45, "volume_sma_5"},
                                                        {50, "volume_ratio_20"},
                                                        {51, "volume_change_5"},
                                                        {54, "vwap_5"},
                                                        {59, "dist_vwap_20"},
                                                        {60, "obv"},
                                                        {61, "obv_ema_5"},
                                                        {64, "body"},
                                                        {71, "is_bullish"},
                                                        {72, "trade_intensity_5"},
                                                        {75, "buy_pressure"},
                                                        {78, "buy_pressure_ma_20"},
                                                        {79, "hour"},
                                                        {85, "is_weekend"}};
  for (const auto& [column, name] : places) EXPECT_EQ(names[column - 1], name) << "column " << column;
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), 85U);
}

TEST(Catalog, TakesAnyWindowList) {
  const std::vector<std::uint32_t> windows = {3, 7, 14, 50, 200};
  EXPECT_EQ(default_features(windows).size(), 19U + 5 * 22);
  EXPECT_NO_THROW(FeatureSet(default_features(windows)));
  EXPECT_THROW(default_features(std::vector<std::uint32_t>{}), BadInput);
}

TEST(Catalog, ListsEveryKindThatBarsAreEnoughForInTheTests) {
  const std::vector<std::string> names = all_features();
  for (const FeatureKind& kind : feature_kinds()) {
    if (kind.build == nullptr) continue;
    const auto is_of_kind = [&](const std::string& name) {
      std::string shape;
      bool in_number = false;
      for (const char c : name) {
        const bool digit = c == '.' || (c >= '0' && c <= '9');
        if (!digit) shape += c;
        if (digit && !in_number) shape += '#';
        in_number = digit;
      }
      std::string pattern(kind.pattern);
      std::replace(pattern.begin(), pattern.end(), '%', '#');
      return shape == pattern;
    };
    EXPECT_TRUE(std::any_of(names.begin(), names.end(), is_of_kind)) << kind.pattern;
  }
}

TEST(Catalog, IsDefinedInTheGuide) {
  std::ifstream file(HFTSIM_SOURCE_DIR "/docs/features.md");
  const std::string guide((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  ASSERT_FALSE(guide.empty());
  for (const FeatureKind& kind : feature_kinds()) {
    EXPECT_NE(guide.find("| `" + std::string(kind.pattern) + "` |"), std::string::npos) << kind.pattern;
  }
  EXPECT_NE(guide.find("| `return_1` |"), std::string::npos);
}

TEST(Catalog, SuggestsTheNearestNamesForAnUnknownOne) {
  EXPECT_NE(refusal_of("smaa_20").find("sma_20"), std::string::npos) << refusal_of("smaa_20");
  EXPECT_NE(refusal_of("volatilty_5").find("volatility_5"), std::string::npos) << refusal_of("volatilty_5");
  EXPECT_NE(refusal_of("rsi14").find("rsi_14"), std::string::npos) << refusal_of("rsi14");
  EXPECT_NE(refusal_of("sma_2O").find("did you mean sma_2,"), std::string::npos) << refusal_of("sma_2O");
  EXPECT_NE(refusal_of("rsi_14.5").find("rsi_14,"), std::string::npos) << refusal_of("rsi_14.5");
  EXPECT_NE(refusal_of("rsi").find("did you mean rsi_20"), std::string::npos) << refusal_of("rsi");
  EXPECT_NE(refusal_of("macd").find("macd_12_26_9"), std::string::npos) << refusal_of("macd");
  for (const char* name : {"", "_", "sma", "sma_", "sma_x", "sma_5_5", "sma_2.5", "sma_5 ", "SMA_5", "obv_5",
                           "sma_inf", "sma_1e20", "bb_upper_20_nan"}) {
    EXPECT_NE(refusal_of(name), "") << name;
  }
}

TEST(Catalog, RefusesWindowsAndFactorsOutOfRange) {
  for (const char* name : {"sma_0", "sma_-1", "sma_1000000000", "sma_100001", "volatility_1", "zscore_1",
                           "bb_upper_20_0", "bb_upper_20_-2", "bb_upper_20_1e9", "macd_12_0_9", "adx_1"}) {
    const std::string refusal = refusal_of(name);
    EXPECT_NE(refusal.find(name), std::string::npos) << name << ": " << refusal;
    EXPECT_NE(refusal.find("expected"), std::string::npos) << name << ": " << refusal;
  }
  EXPECT_EQ(refusal_of("sma_1"), "");
}

TEST(Catalog, SaysWhatFeaturesNeedMoreThanBars) {
  for (const char* name : {"ofi_20", "microprice", "book_imbalance_5", "spread_bps", "trade_imbalance_20"}) {
    EXPECT_NE(refusal_of(name).find("data with quotes, a book or trades"), std::string::npos) << name;
  }
}

TEST(Catalog, ReadsFeatureLists) {
  const std::vector<std::uint32_t> windows = {5};
  EXPECT_EQ(parse_feature_list(" rsi_14, obv ,rsi_14", windows), (std::vector<std::string>{"rsi_14", "obv"}));
  EXPECT_TRUE(parse_feature_list("none", windows).empty());
  EXPECT_EQ(parse_feature_list("default,obv,zscore_20", windows).size(),
            default_features(windows).size() + 1);
}

TEST(Catalog, ReadsWindowLists) {
  EXPECT_EQ(parse_windows("5, 10,20,5"), (std::vector<std::uint32_t>{5, 10, 20}));
  for (const char* list : {"", ",", "5,x", "0", "-1", "1000000000", "99999999999999999999", "5.5"}) {
    EXPECT_THROW(parse_windows(list), BadInput) << list;
  }
}

}  // namespace
}  // namespace hftsim::features
