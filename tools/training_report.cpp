#include "tools/training_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hftsim {
namespace {

std::string row(const char* name, const std::string& value) {
  return fmt::format("  {:<14}{}\n", name, value);
}

std::string windows_text(std::uint64_t windows, std::uint64_t rises) {
  return fmt::format("{} windows, {:.2f} % rise", windows,
                     100 * static_cast<double>(rises) / static_cast<double>(windows));
}

std::string calibration_rows(const models::Evaluation& evaluation) {
  std::string text = row("calibration", fmt::format("error {:.4f}", evaluation.calibration_error));
  for (const models::CalibrationBin& bin : evaluation.calibration) {
    if (bin.count == 0) continue;
    text += row("", fmt::format("said {:.1f} to {:.1f}: {:.3f} on average, {:.3f} rose ({} windows)",
                                bin.from, bin.to, bin.predicted, bin.observed, bin.count));
  }
  return text;
}

}  // namespace

std::string training_report(const TrainedModel& model) {
  const models::Evaluation& e = model.validation;
  std::string text =
      row("trained on", windows_text(model.training_windows, model.training_rises)) +
      row("validated on", windows_text(e.count, e.rises)) + row("", models::verdict(e)) +
      row("", fmt::format("log loss {:.5f}, Brier {:.5f}, AUC {:.4f}", e.log_loss, e.brier, e.auc)) +
      calibration_rows(e);
  if (!model.non_finite.empty()) {
    text += row("not finite",
                fmt::format("{} (became {})", fmt::join(model.non_finite, ", "), model.metadata.non_finite));
  }
  return text;
}

}  // namespace hftsim
