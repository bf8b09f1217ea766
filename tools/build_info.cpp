#include "tools/build_info.h"

#include <fmt/format.h>

#include "engine/core/isa.h"
#include "tools/build_commit.h"

namespace hftsim {

std::string version() {
  const std::string commit = HFTSIM_COMMIT;
  return commit.empty() ? HFTSIM_VERSION : fmt::format("{}+{}", HFTSIM_VERSION, commit);
}

std::string version_details() {
#ifdef __clang__
  const std::string compiler = fmt::format("clang {}", __clang_version__);
#else
  const std::string compiler = fmt::format("g++ {}", __VERSION__);
#endif
  std::string isas;
  for (const Isa isa : supported_isas()) isas += fmt::format(" {}", name_of(isa));
  return fmt::format("hftsim {}\ncompiler: {}, {}\nCPU:     {} (kernels run on {})\n", version(), compiler,
                     HFTSIM_BUILD_TYPE, isas, name_of(detect_isa()));
}

}  // namespace hftsim
