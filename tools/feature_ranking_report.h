// What a ranking of features came to: for people, for machines, as a table file. Never a correlation without how
// much of it luck explains.
#pragma once

#include <filesystem>
#include <string>

#include "models/training/feature_ranking.h"
#include "tools/bar_features.h"
#include "tools/summary.h"

namespace hftsim {

// The rows that were looked at, a line per feature, how many remain after adjusting for as many tests, and the kept
// ones as an option to paste. Within 110 columns where no name is longer than those of the default set.
std::string ranking_table(const BarFeatures& rows, const models::FeatureRanking& ranking);

// Undefined numbers are null.
Json ranking_json(const BarFeatures& rows, const models::FeatureRanking& ranking);

// A row per feature, the best first. Throws as write_table does.
void write_ranking(const std::filesystem::path& path, const models::FeatureRanking& ranking);

}  // namespace hftsim
