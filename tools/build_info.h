// What this program was built from and what it runs on.
#pragma once

#include <string>

namespace hftsim {

// "0.1.0+3f2a1bc" with "-dirty" where the tree had changes, "0.1.0" outside git.
std::string version();

// Version, compiler, build type, libraries and the processor's features, a line each.
std::string version_details();

}  // namespace hftsim
