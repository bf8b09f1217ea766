// Whether a reduced precision is close enough to float32 with the weights at hand: both predict a probe of
// synthetic rows (standard normal, always the same), and the largest difference decides.
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/native/packed_lstm.h"

namespace hftsim::models {

// How far probabilities may be from float32's: int16 1e-4, int8 5e-3; float32 0.
double drift_bound(Precision precision);

// The largest difference of two packings' probabilities over the probe.
double measure_drift(const PackedLstm& exact, const PackedLstm& reduced, std::uint32_t lookback);

// Throws BadInput where `drift` is above the bound.
void check_drift(Precision precision, double drift);

}  // namespace hftsim::models
