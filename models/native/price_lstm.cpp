#include "models/native/price_lstm.h"

#include <algorithm>
#include <cassert>

#include "engine/core/errors.h"
#include "models/native/validate.h"
#include "models/native/wavefront.h"
#include "models/native/window_runner.h"

namespace hftsim::models {

namespace {

class Stateful final : public inference::Predictor {
 public:
  explicit Stateful(std::shared_ptr<const PackedLstm> lstm) : lstm_(std::move(lstm)), sequence_(*lstm_) {}

  void predict(const float* rows, std::size_t count, float* out) override {
    take(rows, count, [&](std::size_t row, std::size_t i) { out[row + i] = sequence_.probability_after(i); });
  }

  void observe(const float* rows, std::size_t count) override {
    take(rows, count, [](std::size_t, std::size_t) {});
  }

 private:
  // `after(row, i)` for row + i, in chunks that begin at `row`.
  template <class After>
  void take(const float* rows, std::size_t count, After after) {
    for (std::size_t row = 0, here = 0; row < count; row += here) {
      here = std::min(LstmSequence::kChunk, count - row);
      sequence_.take(rows + row * lstm_->features(), here);
      for (std::size_t i = 0; i < here; ++i) after(row, i);
    }
  }

  std::shared_ptr<const PackedLstm> lstm_;
  LstmSequence sequence_;
};

std::shared_ptr<const PackedLstm> pack(std::span<const NamedTensor> weights, std::uint32_t lookback,
                                       const PriceLstmOptions& options) {
  if (lookback == 0) throw BadInput("model.lookback", "0", "at least 1 row");
  return std::make_shared<const PackedLstm>(find_lstm_weights(weights), options.isa, options.precision);
}

}  // namespace

PriceLstm::PriceLstm(std::span<const NamedTensor> weights, std::uint32_t lookback, PriceLstmOptions options)
    : lookback_(lookback), lstm_(pack(weights, lookback, options)) {
  assert(options.workers > 0);
  if (options.precision != Precision::fp32) {
    const PackedLstm exact(find_lstm_weights(weights), options.isa, Precision::fp32);
    check_drift(options.precision, measure_drift(exact, *lstm_, lookback));
  }
  for (unsigned worker = 0; worker < options.workers; ++worker)
    workers_.push_back(std::make_unique<WindowRunner>(*lstm_, lookback));
}

PriceLstm::~PriceLstm() = default;

std::uint64_t PriceLstm::scratch_bytes(std::uint32_t lookback, unsigned workers) {
  return workers * WindowRunner::bytes_needed(lookback);
}

std::uint32_t PriceLstm::features() const {
  return static_cast<std::uint32_t>(lstm_->features());
}

Precision PriceLstm::precision() const {
  return lstm_->precision();
}

void PriceLstm::predict(const float* rows, std::size_t windows, float* out, unsigned worker) const {
  assert(worker < workers_.size());
  if (windows > 0) workers_[worker]->predict(rows, windows, out);
}

std::size_t PriceLstm::batch() const {
  return WindowRunner::kBlock;
}

std::unique_ptr<inference::Predictor> PriceLstm::make_wavefront() const {
  return std::make_unique<Wavefront>(lstm_, lookback_);
}

std::unique_ptr<inference::Predictor> PriceLstm::make_stateful() const {
  return std::make_unique<Stateful>(lstm_);
}

}  // namespace hftsim::models
