// Rows, small networks and the same in Python, for the tests of the plugin.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "engine/core/errors.h"
#include "engine/core/rng.h"
#include "models/torch_loader.h"
#include "tests/replay/temporary_folder.h"

namespace hftsim::models {

inline std::vector<float> random_rows(std::size_t count, std::uint32_t features, std::uint64_t seed = 1) {
  RandomStream random(seed, "rows");
  std::vector<float> rows(count * features);
  for (float& value : rows) value = static_cast<float>(random.normal());
  return rows;
}

inline void write_floats(const std::filesystem::path& path, const std::vector<float>& values) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(values.data()),
             static_cast<std::streamsize>(values.size() * sizeof(float)));
}

inline std::vector<float> read_floats(const std::filesystem::path& path) {
  std::vector<float> values(std::filesystem::file_size(path) / sizeof(float));
  std::ifstream(path, std::ios::binary)
      .read(reinterpret_cast<char*>(values.data()),
            static_cast<std::streamsize>(values.size() * sizeof(float)));
  return values;
}

inline std::string file_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline float largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size()) return INFINITY;
  float largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const float difference = std::fabs(a[i] - b[i]);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

inline std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const BadInput& error) {
    return error.what();
  }
  return "no BadInput";
}

inline std::vector<std::uint32_t> counted(std::uint32_t first, std::size_t count) {
  std::vector<std::uint32_t> values(count);
  std::iota(values.begin(), values.end(), first);
  return values;
}

inline std::vector<float> alternating(std::size_t count) {
  std::vector<float> labels(count);
  for (std::size_t i = 0; i < count; ++i) labels[i] = static_cast<float>(i % 2);
  return labels;
}

class TorchTest : public ::testing::Test {
 protected:
  static TorchPlugin& plugin() {
    ::setenv("HFTSIM_TORCH_PLUGIN", HFTSIM_TORCH_PLUGIN_FILE, 1);
    return torch_plugin();
  }

  static void quantize(const std::string& from, const std::string& to, const ExtraFiles& extra_files) {
    plugin().quantize(file_bytes(from), from, to, extra_files);
  }

  // Debian's own Python is the one that has torch.
  static bool has_python() {
    static const bool has = std::system("/usr/bin/python3 -c 'import torch, numpy' 2>/dev/null") == 0;
    return has;
  }

  void run_peer(const std::string& arguments) const {
    const std::string command = "/usr/bin/python3 " HFTSIM_TORCH_PEER " " + arguments;
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }

  // What the peer writes for `model` and the rows, "predict" or "predict-nn" or "step".
  std::vector<float> peer_result(const std::string& command, const std::filesystem::path& model,
                                 const std::vector<float>& rows, std::uint32_t lookback,
                                 std::uint32_t features, const std::string& more = "") const {
    write_floats(path("rows"), rows);
    run_peer(command + " " + model.string() + " " + path("rows").string() + " " + std::to_string(lookback) +
             " " + std::to_string(features) + " " + path("result").string() + " " + more);
    return read_floats(path("result"));
  }

  std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }

  TemporaryFolder folder_;
};

#define HFTSIM_NEEDS_PYTHON_TORCH() \
  if (!has_python()) GTEST_SKIP() << "no torch for /usr/bin/python3: apt install python3-torch"

}  // namespace hftsim::models
