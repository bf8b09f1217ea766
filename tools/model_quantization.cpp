#include "tools/model_quantization.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "adapters/bar_time.h"
#include "engine/core/clock.h"
#include "engine/core/errors.h"
#include "models/native/price_lstm.h"
#include "models/native_obstacle.h"
#include "models/torch_loader.h"
#include "tools/commands/interrupt.h"
#include "tools/model_info.h"
#include "tools/model_inputs.h"

namespace hftsim {
namespace {

constexpr std::size_t kRounds = 7;
constexpr std::size_t kTimedWindows = 256;

struct RowRange {
  std::size_t first = 0, last = 0;
};

RowRange validation_rows(const BarFeatures& rows, const models::BundleMetadata& metadata) {
  const std::int64_t after_ns = parse_time(metadata.training.last);
  const std::int64_t last_ns = parse_time(metadata.training.validation_last);
  if (after_ns == kNoTime || last_ns == kNoTime) return {rows.rows() - rows.rows() / 5, rows.rows()};
  RowRange range{0, rows.rows()};
  while (range.first < range.last && rows.closed_at(range.first).value <= after_ns) ++range.first;
  while (range.last > range.first && rows.closed_at(range.last - 1).value > last_ns) --range.last;
  return range;
}

// One contender: what it is, and the model where it runs.
struct Contender {
  PrecisionRow row;
  std::unique_ptr<inference::WindowModel> model;
  std::vector<double> round_us;
};

Contender torch_contender(const std::string& name, const models::ModelBundle& bundle) {
  Contender made;
  made.row.name = "torch " + name;
  made.row.size_bytes = bundle.bytes.size();
  made.model = models::torch_plugin().load(bundle.bytes, bundle.path.string(), bundle.metadata.lookback,
                                           static_cast<std::uint32_t>(bundle.metadata.features.size()), 1);
  return made;
}

Contender native_contender(const models::ModelBundle& bundle, models::Precision precision,
                           unsigned bytes_per_weight) {
  Contender made;
  made.row.name = "native " + std::string(name_of(precision));
  // Of the products with h and of the second layer's inputs; everything else stays float32.
  constexpr std::uint64_t kReduced = 3 * 256 * 64;
  made.row.size_bytes = 4 * parameter_count(bundle);
  made.row.refusal = models::native_obstacle(bundle);
  if (!made.row.refusal.empty()) return made;
  made.row.size_bytes -= kReduced * (4 - bytes_per_weight);
  try {
    models::PriceLstmOptions options;
    options.precision = precision;
    made.model = std::make_unique<models::PriceLstm>(bundle.weights, bundle.metadata.lookback, options);
  } catch (const BadInput& error) {
    made.row.refusal = error.what();
  }
  return made;
}

std::vector<Contender> contenders(const models::ModelBundle& bundle, const std::filesystem::path& quantized) {
  using models::Precision;
  std::vector<Contender> all;
  all.push_back(torch_contender("fp32", bundle));
  all.push_back(torch_contender("int8", models::read_bundle(quantized)));
  all.push_back(native_contender(bundle, Precision::fp32, 4));
  all.push_back(native_contender(bundle, Precision::int16, 2));
  all.push_back(native_contender(bundle, Precision::int8, 1));
  return all;
}

void time_once(Contender& contender, const WindowInputs& inputs) {
  std::vector<float> out(std::min(inputs.windows, kTimedWindows));
  const std::int64_t start_ns = monotonic_ns();
  contender.model->predict(inputs.rows.data(), out.size(), out.data(), 0);
  const std::int64_t spent_ns = monotonic_ns() - start_ns;
  contender.round_us.push_back(static_cast<double>(spent_ns) * 1e-3 / static_cast<double>(out.size()));
}

void time_all(std::vector<Contender>& all, const WindowInputs& inputs) {
  for (std::size_t round = 0; round < kRounds; ++round) {
    stop_if_interrupted("the comparison");
    for (Contender& contender : all) {
      if (contender.model) time_once(contender, inputs);
    }
  }
  for (Contender& contender : all) {
    std::vector<double>& us = contender.round_us;
    if (us.empty()) continue;
    std::ranges::sort(us);
    contender.row.us_per_prediction = us[us.size() / 2];
    contender.row.us_least = us.front();
    contender.row.us_most = us.back();
  }
}

std::vector<float> answers(const inference::WindowModel& model, const WindowInputs& inputs) {
  std::vector<float> out(inputs.windows);
  model.predict(inputs.rows.data(), inputs.windows, out.data(), 0);
  return out;
}

int vote(float probability, double threshold) {
  if (probability > threshold) return 1;
  return probability < 1 - threshold ? -1 : 0;
}

void compare(PrecisionRow& row, const std::vector<float>& got, const std::vector<float>& wanted,
             std::span<const float> labels, double threshold) {
  row.validation = models::evaluate(got, labels);
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double drift = std::fabs(static_cast<double>(got[i]) - static_cast<double>(wanted[i]));
    row.drift_max = std::max(row.drift_max, drift);
    row.drift_mean += drift / static_cast<double>(got.size());
    row.sides_changed += (got[i] > 0.5F) != (wanted[i] > 0.5F) ? 1U : 0U;
    row.votes_changed += vote(got[i], threshold) != vote(wanted[i], threshold) ? 1U : 0U;
  }
}

}  // namespace

WindowInputs validation_windows(const BarFeatures& rows, const models::BundleMetadata& metadata) {
  RowRange range = validation_rows(rows, metadata);
  range.last = std::min(range.last, rows.rows() - std::min<std::size_t>(metadata.horizon, rows.rows()));
  range.first = std::max<std::size_t>(range.first, metadata.lookback - 1);
  if (range.first >= range.last) {
    throw BadInput("--data",
                   "no window that ends on a bar after " + metadata.training.last + " and up to " +
                       metadata.training.validation_last,
                   "the bars that the model was trained and validated on");
  }
  const std::size_t first = range.first - (metadata.lookback - 1);
  WindowInputs inputs{scaled_inputs(rows, first, range.last, metadata), {}, range.last - range.first};
  const std::span<const double> close = rows.slice(0, rows.rows()).close;
  for (std::size_t row = range.first; row < range.last; ++row) {
    inputs.labels.push_back(models::rises_from(close, row, metadata.horizon) ? 1.0F : 0.0F);
  }
  return inputs;
}

std::vector<PrecisionRow> compare_precisions(const models::ModelBundle& bundle,
                                             const std::filesystem::path& quantized,
                                             const WindowInputs& inputs, double threshold) {
  std::vector<Contender> all = contenders(bundle, quantized);
  const std::vector<float> wanted = answers(*all.front().model, inputs);
  for (Contender& contender : all) {
    stop_if_interrupted("the comparison");
    if (contender.model)
      compare(contender.row, answers(*contender.model, inputs), wanted, inputs.labels, threshold);
  }
  time_all(all, inputs);
  std::vector<PrecisionRow> rows;
  for (Contender& contender : all) rows.push_back(std::move(contender.row));
  return rows;
}

}  // namespace hftsim
