#include "engine/core/allocation_counter.h"

namespace hftsim {

thread_local constinit std::uint64_t thread_allocation_count = 0;

}  // namespace hftsim
