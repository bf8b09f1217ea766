// The data behind report.html, made from a run directory: docs/report.md has the contract.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/run_data.h"
#include "tools/run_directory.h"
#include "tools/summary.h"

namespace hftsim {

// candles.parquet: what the price chart shows, kept so that a report can be made again without the data.
void write_candles(const std::filesystem::path& path, const std::vector<Candles>& candles);

struct ReportData {
  Json json;
  std::optional<std::string>
      lacks;  // what the run's torn journal no longer has; the data then says partial, and why
};

// Throws BadInput where a file of the run is missing or damaged.
ReportData make_report_data(const RunDirectory& run);

// Makes the data and writes report.html. What the report lacks where the run's journal is torn; none otherwise.
std::optional<std::string> write_report(const RunDirectory& run);

}  // namespace hftsim
