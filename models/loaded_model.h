// A bundle that is ready to run: which predictor runs it, and why that one.
//
//   native     our kernel for PriceLSTM, windows of a block at once
//   wavefront  the same, row by row as live trading has it
//   stateful   the same network with a state that carries over; for bundles trained that way
//   torch      LibTorch, for any TorchScript bundle
//   auto       stateful for such bundles; else native where the bundle is a PriceLSTM and native answers its
//              probe as torch did; else torch
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "engine/core/executor.h"
#include "engine/inference/predictor.h"
#include "engine/inference/window_model.h"
#include "models/bundle.h"
#include "models/native/price_lstm.h"

namespace hftsim::models {

enum class PredictorChoice : std::uint8_t { automatic, native, wavefront, stateful, torch };

// Throws BadInput(key, ...) for another word than auto, native, wavefront, stateful, torch.
PredictorChoice parse_predictor(const std::string& word, const std::string& key);

// Of native models, for all of a run together: 256 workers and a lookback of 100,000 would take 24 GiB.
inline constexpr std::uint64_t kScratchBytesMax = std::uint64_t{4} << 30;

struct ModelRequest {
  PredictorChoice predictor = PredictorChoice::automatic;
  Precision precision = Precision::fp32;  // others are native's alone
  unsigned workers = 1;                   // that may predict at the same time
  std::uint64_t scratch_bytes_max = kScratchBytesMax;
};

class LoadedModel {
 public:
  // Throws BadInput where the bundle cannot be run as requested, IoFailure where memory runs out. Loads LibTorch only where torch runs the model,
  // or has to be asked for the probe.
  LoadedModel(ModelBundle bundle, const ModelRequest& request);

  // Without its weights and bytes.
  const ModelBundle& bundle() const { return bundle_; }

  bool is_native() const { return native_ != nullptr; }
  std::string predictor() const;  // "native fp32 avx512", "torch (LibTorch 1.13.1)"
  const std::string& reason() const { return reason_; }

  // Of all workers together; 0 where torch runs the model.
  std::uint64_t scratch_bytes() const { return scratch_bytes_; }

  // Largest difference to torch on the probe; none where nobody said what torch says.
  std::optional<double> probe_difference() const { return probe_difference_; }

  // For one instrument. `executor` has to outlive it; calls with more rows than `rows_per_call` take turns.
  std::unique_ptr<inference::Predictor> make_predictor(Executor& executor, std::size_t rows_per_call) const;

  // The same where rows come one by one and the next is waited for: native models keep their windows in flight.
  std::unique_ptr<inference::Predictor> make_live_predictor(Executor& executor,
                                                            std::size_t rows_per_call) const;

 private:
  void choose(const ModelRequest& request);
  void choose_automatically(const ModelRequest& request, const std::string& fault);
  PredictorChoice chosen_when_native(const ModelRequest& request) const;
  void run_natively(const ModelRequest& request);
  void take_scratch(const ModelRequest& request, unsigned workers);
  void run_with_torch(const ModelRequest& request);
  void check_against_torch();
  void check_stateful(const ModelRequest& request) const;

  ModelBundle bundle_;
  PredictorChoice chosen_ = PredictorChoice::automatic;
  std::shared_ptr<const PriceLstm> native_;
  std::shared_ptr<const inference::WindowModel> torch_;
  std::string predictor_, reason_;
  std::optional<double> probe_difference_;
  std::uint64_t scratch_bytes_ = 0;
};

}  // namespace hftsim::models
