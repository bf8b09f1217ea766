// The summary of a run: summary.json and the table on the terminal.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/portfolio/metrics.h"
#include "tools/backtest_run.h"

namespace hftsim {

using Json = nlohmann::ordered_json;

// Undefined figures are null. Times are ISO 8601 UTC, fractions are fractions. `equity` tells how long a halt lasted.
Json make_summary(const RunConfig& config, const RunData& data, const RunModel& model,
                  const RunResult& result, const Metrics& metrics, EquitySeries& equity);

// The same where the data are described already: path, first, last, instruments, findings.
Json make_summary(const RunConfig& config, const Json& data, const RunModel& model, const RunResult& result,
                  const Metrics& metrics, EquitySeries& equity);

// The summary of a run that is there. Throws BadInput with file and key where something that is read of it is
// missing or of another type.
Json read_summary(const std::filesystem::path& path);

// Throws BadInput where `what` of a run, found in `file`, is of an instrument that its summary does not name.
void require_instrument(std::size_t instrument, std::size_t count, const std::filesystem::path& file,
                        const std::string& what);

// For people: the account, the main figures, what was refused, where the time went.
std::string summary_table(const Json& summary);

// The table's rows on the data alone: kind, count and first time of each finding; "" without any.
std::string finding_rows(const DataFindings& findings);

// "2026-01-02T05:30:00Z"
std::string iso_utc(Timestamp ts);

}  // namespace hftsim
