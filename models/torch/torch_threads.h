// LibTorch's threads. They are a setting of the calling thread and of the process: set before each use.
#pragma once

#include <ATen/Parallel.h>

#include <algorithm>

namespace hftsim::models {

inline void use_torch_threads(unsigned threads) {
  const int wanted = static_cast<int>(std::max(threads, 1U));
  if (at::get_num_threads() != wanted) at::set_num_threads(wanted);
}

}  // namespace hftsim::models
