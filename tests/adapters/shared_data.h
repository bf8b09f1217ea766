// Where the reference data lie that are not part of the project.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace hftsim {

inline std::filesystem::path shared_file(const char* relative) {
  const char* folder = std::getenv("HFTSIM_SHARED");
  const std::filesystem::path root = folder != nullptr
                                         ? std::filesystem::path(folder)
                                         : std::filesystem::path(HFTSIM_SOURCE_DIR) / "../shared";
  return root / relative;
}

// Skips the test, by the name of what it lacks.
#define HFTSIM_NEED_SHARED(relative)                                        \
  if (!std::filesystem::exists(hftsim::shared_file(relative))) {            \
    GTEST_SKIP() << hftsim::shared_file(relative).string() << " is absent"; \
  }

}  // namespace hftsim
