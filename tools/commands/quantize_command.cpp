// hftsim quantize: a bundle with int8 weights, and what that and the native precisions cost and save.
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "adapters/table_target.h"
#include "engine/core/errors.h"
#include "models/torch_loader.h"
#include "tools/commands/commands.h"
#include "tools/commands/interrupt.h"
#include "tools/model_quantization.h"
#include "tools/run_data.h"

namespace hftsim {
namespace {

struct Arguments {
  std::string bundle, data, interval, policy = "reject", out;
  double threshold = 0.55;
  bool force = false;
};

constexpr const char* kExamples = R"(Example:
  hftsim quantize model.pt --data BTCUSDT-1m.parquet --out model-int8.pt
The file that is written runs wherever TorchScript does. The native precisions need no file of their own:
  hftsim backtest --data BTCUSDT-1m.parquet --set model.path=model.pt --set model.precision=int16)";

RunConfig data_config(const Arguments& arguments) {
  RunConfig config;
  set_key(config, "data.path", std::vector<std::string>{arguments.data}, "--data");
  if (!arguments.interval.empty()) set_key(config, "data.interval", arguments.interval, "--interval");
  set_key(config, "data.policy", arguments.policy, "--policy");
  return config;
}

void write_quantized(const models::ModelBundle& bundle, const std::string& out) {
  models::BundleMetadata metadata = bundle.metadata;
  metadata.quantization = "int8-dynamic";
  metadata.weights_sha256.clear();  // float32 weights are what it is without
  metadata.probe.clear();
  metadata.metrics.clear();  // of the float32 model
  models::torch_plugin().quantize(bundle.bytes, bundle.path.string(), out,
                                  {{models::kMetadataFile, to_json(metadata)}});
}

std::string size_text(std::uint64_t bytes) {
  return fmt::format("{:.0f} KiB", static_cast<double>(bytes) / 1024);
}

void print_row(const PrecisionRow& row, bool reference) {
  fmt::print("  {:<13}{:>9}", row.name, size_text(row.size_bytes));
  if (!row.refusal.empty()) {
    fmt::print("  refused: {}\n", row.refusal);
    return;
  }
  fmt::print("{:>24}",
             fmt::format("{:.1f} ({:.1f} to {:.1f})", row.us_per_prediction, row.us_least, row.us_most));
  if (reference) {
    fmt::print("{:>8.2f} %{:>11}{:>11}{:>7}{:>7}\n", 100 * row.validation.accuracy, "-", "-", "-", "-");
  } else {
    fmt::print("{:>8.2f} %{:>11.1e}{:>11.1e}{:>7}{:>7}\n", 100 * row.validation.accuracy, row.drift_max,
               row.drift_mean, row.sides_changed, row.votes_changed);
  }
}

void print_table(const std::vector<PrecisionRow>& rows, std::size_t windows, double threshold) {
  fmt::print("on {} windows; time of {} at once on one thread, median (least to most) of 7 rounds\n", windows,
             std::min<std::size_t>(windows, 256));
  fmt::print("  {:<13}{:>9}{:>24}{:>10}{:>11}{:>11}{:>7}{:>7}\n", "", "size", "us per prediction", "accuracy",
             "max drift", "mean drift", "sides", "votes");
  for (std::size_t i = 0; i < rows.size(); ++i) print_row(rows[i], i == 0);
  fmt::print(
      "accuracy: always saying the same reaches {:.2f} %. drift: of the probability, from torch fp32\n",
      100 * rows.front().validation.baseline);
  fmt::print("sides, votes: decisions that change, at 0.5 and beyond {} or below {:.2f}\n", threshold,
             1 - threshold);
}

void quantize(const Arguments& arguments) {
  if (!(arguments.threshold >= 0.5 && arguments.threshold <= 1)) {
    throw BadInput("--threshold", fmt::format("{}", arguments.threshold), "a probability from 0.5 to 1");
  }
  const std::filesystem::path inputs[] = {arguments.bundle, arguments.data};
  require_free_file(arguments.out, arguments.force, inputs);
  const models::ModelBundle bundle = models::read_bundle(arguments.bundle);
  if (!bundle.metadata.quantization.empty()) {
    throw BadInput(arguments.bundle, "a bundle that is quantised (" + bundle.metadata.quantization + ")",
                   "the float32 one it was made from");
  }
  if (bundle.metadata.stateful) {
    throw BadInput(arguments.bundle, "a bundle whose state carries over", "one that was trained on windows");
  }
  catch_interrupts();
  RunData data(data_config(arguments));
  const BarFeatures rows(data, bundle.metadata.features);
  const WindowInputs windows = validation_windows(rows, bundle.metadata);
  write_quantized(bundle, arguments.out);
  print_table(compare_precisions(bundle, arguments.out, windows, arguments.threshold), windows.windows,
              arguments.threshold);
  fmt::print("  model         {}\n", arguments.out);
}

}  // namespace

void add_quantize_command(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("quantize", "Write a model with int8 weights, and compare its precisions");
  command->add_option("bundle", arguments->bundle, "The float32 bundle, FILE.pt")->required();
  command
      ->add_option("--data", arguments->data,
                   "Bars it was trained and validated on: Parquet, CSV, cache:SYMBOL/INTERVAL or generated")
      ->required();
  command->add_option("--interval", arguments->interval, "1s, 1m, 5m, 1h, 1d; default: from the file");
  command->add_option("--policy", arguments->policy, "Bad bars: reject, skip or repair")
      ->capture_default_str();
  command->add_option("--threshold", arguments->threshold, "Probability beyond which a strategy would act")
      ->capture_default_str();
  command->add_option("--out", arguments->out, "The int8 bundle, FILE.pt")->required();
  command->add_flag("--force", arguments->force, "Replace the file that --out names");
  command->footer(kExamples);
  command->callback([arguments] { quantize(*arguments); });
}

}  // namespace hftsim
