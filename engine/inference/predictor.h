// What turns one instrument's feature rows, as they come, into probabilities: it remembers what the next ones
// need. A model is loaded once and makes a predictor per instrument.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hftsim::inference {

class Predictor {
 public:
  virtual ~Predictor() = default;

  // The next `count` rows in time order: row i is rows[i * features ...], scaled. out[i] becomes the model's
  // probability after row i, NaN where the rows so far do not fill its window. However the stream is cut into
  // calls, the values are the same: for native models to the bit.
  virtual void predict(const float* rows, std::size_t count, float* out) = 0;

  // The same rows without asking what the model says of them: only what later windows need is kept.
  virtual void observe(const float* rows, std::size_t count) = 0;

  // Does some microseconds' worth of what can be done for the next row before it is there; false: there was nothing. A
  // live session calls it when it has nothing else to do; predict() makes up for what was left undone.
  virtual bool advance() { return false; }

  // Predicts once more what it predicted last and forgets it, so that code and memory are in the processor's caches when
  // the next row comes. Only where advance() has nothing to do.
  virtual void rehearse() {}
};

}  // namespace hftsim::inference
