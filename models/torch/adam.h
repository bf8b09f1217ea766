// Adam (Kingma, Ba 2015) with the arithmetic and the defaults of torch.optim.Adam: beta 0.9 and 0.999, epsilon
// 1e-8. Written here because the state of torch::optim::Adam is reached differently from version to version and
// is saved under addresses, so that the same state is not the same bytes.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

namespace hftsim::models {

class Adam {
 public:
  Adam(std::vector<at::Tensor> parameters, double learning_rate);

  void zero_gradients();
  void step();

  // Steps taken, then first and second moments of every parameter, float32.
  std::string state() const;

  // Throws BadInput where it is not as long as these parameters need.
  void set_state(const std::string& state);

 private:
  std::vector<at::Tensor> parameters_, means_, squares_;
  double learning_rate_;
  std::uint64_t steps_ = 0;
};

}  // namespace hftsim::models
