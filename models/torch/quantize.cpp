#include "models/torch/quantize.h"

#include "engine/core/errors.h"

namespace hftsim::models {

void quantize_script(const std::string& from, const std::string&, const ExtraFiles&) {
  throw BadInput(from, "a bundle", "to be quantised");
}

}  // namespace hftsim::models
