// Lists of feature names that the tests of this folder share.
#pragma once

#include <string>
#include <vector>

#include "engine/features/catalog.h"

namespace hftsim::features {

// Every operator beyond the default set that bars are enough for.
inline std::vector<std::string> further_features() {
  return {"rsi_14",
          "bb_mid_20",
          "bb_upper_20_2",
          "bb_lower_20_2.5",
          "bb_width_20_2",
          "bb_pctb_20_2",
          "macd_12_26_9",
          "macd_signal_12_26_9",
          "macd_hist_12_26_9",
          "rolling_high_20",
          "rolling_low_17",
          "atr_wilder_14",
          "zscore_20",
          "stoch_k_14",
          "stoch_d_14_3",
          "cci_20",
          "roc_12",
          "willr_14",
          "mfi_14",
          "adx_14",
          "realized_vol_30",
          "amihud_10"};
}

inline std::vector<std::string> all_features(std::vector<std::uint32_t> windows = {5, 10, 20}) {
  std::vector<std::string> names = default_features(windows);
  for (const std::string& name : further_features()) names.push_back(name);
  return names;
}

}  // namespace hftsim::features
