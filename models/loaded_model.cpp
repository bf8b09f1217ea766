#include "models/loaded_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <new>
#include <span>
#include <utility>

#include "engine/core/errors.h"
#include "engine/core/nearest_name.h"
#include "engine/inference/window_batcher.h"
#include "models/native_obstacle.h"
#include "models/probe.h"
#include "models/torch_loader.h"

namespace hftsim::models {
namespace {

// Native and torch round differently; more than this is another network.
constexpr double kProbeTolerance = 1e-4;

constexpr std::array<const char*, 5> kWords = {"auto", "native", "wavefront", "stateful", "torch"};

const char* word_of(PredictorChoice choice) {
  return kWords[static_cast<std::size_t>(choice)];
}

std::vector<float> answers(const inference::WindowModel& model) {
  const std::vector<float> rows = probe_rows(model.lookback(), model.features());
  std::vector<float> out(kProbeWindows);
  model.predict(rows.data(), kProbeWindows, out.data(), 0);
  return out;
}

template <class Expected>
double largest_difference(const std::vector<float>& got, const Expected& expected) {
  double largest = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    largest = std::max(largest, std::fabs(static_cast<double>(got[i]) - static_cast<double>(expected[i])));
  }
  return largest;
}

std::shared_ptr<const inference::WindowModel> load_torch(const ModelBundle& bundle) {
  const BundleMetadata& m = bundle.metadata;
  return torch_plugin().load(bundle.bytes, bundle.path.string(), m.lookback,
                             static_cast<std::uint32_t>(m.features.size()), 1);
}

}  // namespace

PredictorChoice parse_predictor(const std::string& word, const std::string& key) {
  const auto found = std::ranges::find(kWords, word);
  if (found != kWords.end()) return static_cast<PredictorChoice>(found - kWords.begin());
  const std::vector<std::string> known(kWords.begin(), kWords.end());
  throw BadInput(key, "'" + word + "'",
                 "auto, native, wavefront, stateful or torch" + did_you_mean(word, known));
}

LoadedModel::LoadedModel(ModelBundle bundle, const ModelRequest& request) : bundle_(std::move(bundle)) {
  try {
    choose(request);
  } catch (const std::bad_alloc&) {
    throw IoFailure(bundle_.path.string() +
                    ": out of memory; lower model.threads, or run a model with a shorter lookback");
  }
  bundle_.weights = {};  // packed or torch's by now
  bundle_.bytes = {};
}

std::string LoadedModel::predictor() const {
  return predictor_;
}

void LoadedModel::choose(const ModelRequest& request) {
  check_stateful(request);
  const std::string fault = native_obstacle(bundle_);
  if (request.predictor == PredictorChoice::torch) {
    reason_ = "asked for";
    return run_with_torch(request);
  }
  if (request.predictor == PredictorChoice::automatic && !bundle_.metadata.stateful) {
    return choose_automatically(request, fault);
  }
  if (!fault.empty()) {
    throw BadInput(bundle_.path.string(), "a bundle for torch alone (" + fault + ")",
                   std::string("a PriceLSTM for model.predictor = ") + word_of(chosen_when_native(request)) +
                       (bundle_.metadata.stateful ? ", and a bundle with carried state runs in no other way"
                                                  : "; torch and auto run this one"));
  }
  run_natively(request);
  reason_ = request.predictor == PredictorChoice::automatic
                ? "the bundle was trained with its state carried over"
                : "asked for";
}

// Windows through a network that was trained with its state carried over would be another model, and the
// other way round.
void LoadedModel::check_stateful(const ModelRequest& request) const {
  const bool wants = request.predictor == PredictorChoice::stateful;
  if (request.predictor == PredictorChoice::automatic || wants == bundle_.metadata.stateful) return;
  throw BadInput(bundle_.path.string() + ": model.predictor", word_of(request.predictor),
                 bundle_.metadata.stateful
                     ? "stateful or auto: the bundle was trained with its state carried over"
                     : "another: the bundle was trained on windows");
}

void LoadedModel::choose_automatically(const ModelRequest& request, const std::string& fault) {
  if (!fault.empty()) {
    reason_ = fault;
    return run_with_torch(request);
  }
  run_natively(request);
  check_against_torch();
  if (!probe_difference_) {
    reason_ =
        "a PriceLSTM; not compared with torch, which the bundle does not quote and which does not run here";
  } else if (*probe_difference_ <= kProbeTolerance) {
    reason_ = *probe_difference_ == 0
                  ? "a PriceLSTM; answers its probe as torch did"
                  : fmt::format("a PriceLSTM; differs from torch by {:.1e} on its probe", *probe_difference_);
  } else {
    reason_ = fmt::format("native differs from torch by {:.1e} on the probe, more than {:.0e}",
                          *probe_difference_, kProbeTolerance);
    native_.reset();
    scratch_bytes_ = 0;
    run_with_torch(request);
  }
}

PredictorChoice LoadedModel::chosen_when_native(const ModelRequest& request) const {
  if (request.predictor != PredictorChoice::automatic) return request.predictor;
  return bundle_.metadata.stateful ? PredictorChoice::stateful : PredictorChoice::native;
}

void LoadedModel::run_natively(const ModelRequest& request) {
  PriceLstmOptions options;
  options.precision = request.precision;
  chosen_ = chosen_when_native(request);
  options.workers = chosen_ == PredictorChoice::native ? request.workers : 1;
  take_scratch(request, options.workers);
  native_ = std::make_shared<PriceLstm>(bundle_.weights, bundle_.metadata.lookback, options);
  predictor_ = fmt::format("{} {} {}", word_of(chosen_), name_of(request.precision), name_of(options.isa));
}

// Refused before it is allocated.
void LoadedModel::take_scratch(const ModelRequest& request, unsigned workers) {
  const std::uint32_t lookback = bundle_.metadata.lookback;
  scratch_bytes_ = PriceLstm::scratch_bytes(lookback, workers);
  if (scratch_bytes_ <= request.scratch_bytes_max) return;
  const auto mib = [](std::uint64_t bytes) {
    return static_cast<double>(bytes) / (1 << 20);
  };
  throw BadInput(
      bundle_.path.string() + ": model.threads",
      fmt::format("{}, which with a lookback of {} take {:.1f} MiB of scratch memory", workers, lookback,
                  mib(scratch_bytes_)),
      fmt::format(
          "at most {:.1f} MiB (all models of a run: {:.0f} MiB): lower model.threads, or run a model with a "
          "shorter lookback",
          mib(request.scratch_bytes_max), mib(kScratchBytesMax)));
}

void LoadedModel::run_with_torch(const ModelRequest& request) {
  if (request.precision != Precision::fp32) {
    throw BadInput(bundle_.path.string() + ": model.precision", std::string(name_of(request.precision)),
                   "fp32: torch runs this model (" + reason_ + ")");
  }
  torch_ = load_torch(bundle_);
  chosen_ = PredictorChoice::torch;
  predictor_ = "torch (" + torch_plugin().version() + ")";
}

// Compares fp32 with what the bundle quotes, or else with torch itself where it is at hand. Other precisions
// have been compared with fp32.
void LoadedModel::check_against_torch() {
  const std::vector<float> native = native_->precision() == Precision::fp32
                                        ? answers(*native_)
                                        : answers(PriceLstm(bundle_.weights, bundle_.metadata.lookback));
  if (!bundle_.metadata.probe.empty()) {
    probe_difference_ = largest_difference(native, bundle_.metadata.probe);
  } else if (torch_plugin_is_installed()) {
    try {
      probe_difference_ = largest_difference(native, answers(*load_torch(bundle_)));
    } catch (const BadInput&) {
      // Torch is there and cannot be loaded, or cannot open the file: native runs without it.
    }
  }
}

std::unique_ptr<inference::Predictor> LoadedModel::make_predictor(Executor& executor,
                                                                  std::size_t rows_per_call) const {
  switch (chosen_) {
    case PredictorChoice::wavefront:
      return native_->make_wavefront();
    case PredictorChoice::stateful:
      return native_->make_stateful();
    case PredictorChoice::torch:
      return std::make_unique<inference::WindowBatcher>(torch_, executor, rows_per_call);
    case PredictorChoice::automatic:
    case PredictorChoice::native:
      break;
  }
  return std::make_unique<inference::WindowBatcher>(native_, executor, rows_per_call);
}

std::unique_ptr<inference::Predictor> LoadedModel::make_live_predictor(Executor& executor,
                                                                       std::size_t rows_per_call) const {
  if (chosen_ == PredictorChoice::native) return native_->make_wavefront();
  return make_predictor(executor, rows_per_call);
}

}  // namespace hftsim::models
