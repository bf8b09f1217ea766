// LibTorch's exceptions carry pages of its own stack. What leaves the plugin is one line, in our types.
#pragma once

#include <c10/util/Exception.h>

#include <new>
#include <stdexcept>
#include <string>
#include <string_view>

#include "engine/core/errors.h"

namespace hftsim::models {

// The line that says what is wrong: of a TorchScript traceback the last, else the first.
std::string short_reason(std::string_view message);
std::string short_reason(const std::exception& error);

// Out of memory, on the processor or a graphics card.
bool is_out_of_memory(const std::exception& error);

// Runs `work`. LibTorch's exceptions become std::runtime_error "<doing>: <reason>", a lack of memory of whatever
// kind std::bad_alloc; BadInput and IoFailure pass.
template <class Work>
auto with_torch_errors(const std::string& doing, Work work) {
  try {
    return work();
  } catch (const BadInput&) {
    throw;
  } catch (const IoFailure&) {
    throw;
  } catch (const std::exception& error) {
    if (is_out_of_memory(error)) throw std::bad_alloc();
    throw std::runtime_error(doing + ": " + short_reason(error));
  }
}

}  // namespace hftsim::models
