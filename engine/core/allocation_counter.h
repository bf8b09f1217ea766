// How many heap allocations the calling thread has made. Counts where the program links a counting
// operator new (tools/counting_new.cpp); 0 everywhere else.
#pragma once

#include <cstdint>

namespace hftsim {

extern thread_local constinit std::uint64_t thread_allocation_count;

}  // namespace hftsim
