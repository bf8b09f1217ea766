// PriceLSTM without torch: two LSTM layers of 64 units over a window of rows, then linear 64 -> 32, ReLU,
// linear 32 -> 1, sigmoid (docs/models.md). Equations as torch.nn.LSTM's (Hochreiter, Schmidhuber 1997, with
// the forget gate of Gers et al. 2000).
//
// Every way a probability can be had gives the same bits: any number of windows at once, the wavefront, any
// worker, any processor. Rows have to be finite; values so large that sums overflow still give a probability.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/core/isa.h"
#include "engine/inference/predictor.h"
#include "engine/inference/window_model.h"
#include "models/named_tensor.h"
#include "models/native/lstm_weights.h"
#include "models/native/precision.h"

namespace hftsim::models {

struct PriceLstmOptions {
  Isa isa = detect_isa();
  Precision precision = Precision::fp32;
  unsigned workers = 1;  // scratch memory for so many calls of predict() at the same time
};

class PackedLstm;
class WindowRunner;

class PriceLstm final : public inference::WindowModel {
 public:
  // Throws BadInput where price_lstm_fault(weights) has something to say, and where a reduced precision's
  // probabilities are too far from float32's with these weights (validate.h).
  PriceLstm(std::span<const NamedTensor> weights, std::uint32_t lookback, PriceLstmOptions options = {});
  ~PriceLstm() override;

  // Scratch memory of so many workers.
  static std::uint64_t scratch_bytes(std::uint32_t lookback, unsigned workers);

  std::uint32_t lookback() const override { return lookback_; }
  std::uint32_t features() const override;
  Precision precision() const;

  // Allocates nothing. worker < options.workers.
  void predict(const float* rows, std::size_t windows, float* out, unsigned worker) const override;
  std::size_t batch() const override;

  // Live: the windows that are not yet full are kept in flight, so that a new row costs one step until its
  // probability is there; advance() has the rest done. The same values as predict(), after every row.
  std::unique_ptr<inference::Predictor> make_wavefront() const;

  // The state carries over from row to row, from zero before the first: a probability after every row.
  std::unique_ptr<inference::Predictor> make_stateful() const;

 private:
  std::uint32_t lookback_;
  std::shared_ptr<const PackedLstm> lstm_;
  std::vector<std::unique_ptr<WindowRunner>> workers_;
};

}  // namespace hftsim::models
