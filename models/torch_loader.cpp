#include "models/torch_loader.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <vector>

#include "engine/core/errors.h"

namespace hftsim::models {

namespace {

constexpr const char* kFileName = "libhftsim_torch.so";
constexpr const char* kOverride = "HFTSIM_TORCH_PLUGIN";
constexpr const char* kRemedy =
    "libhftsim_torch.so and LibTorch: apt install libtorch-dev libopenblas0-pthread, build again with "
    "-DHFTSIM_TORCH=ON, or name the plugin in $HFTSIM_TORCH_PLUGIN";

// Files to try, the best first.
std::vector<std::filesystem::path> places() {
  if (const char* given = std::getenv(kOverride); given != nullptr && *given != '\0') return {given};
  std::error_code ignored;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const std::filesystem::path folder = program.parent_path();
  return {folder / kFileName, folder / ".." / "lib" / "hftsim" / kFileName};
}

std::string find_plugin() {
  const std::vector<std::filesystem::path> candidates = places();
  for (const std::filesystem::path& place : candidates) {
    std::error_code ignored;
    if (std::filesystem::exists(place, ignored)) return place.string();
  }
  return candidates.size() == 1 ? candidates.front().string() : kFileName;
}

void set_environment() {
  constexpr int kKeepUsers = 0;
  ::setenv("OPENBLAS_NUM_THREADS", "1", kKeepUsers);
  ::setenv("OMP_WAIT_POLICY", "passive", kKeepUsers);
}

TorchPlugin* load() {
  const std::string path = find_plugin();
  set_environment();
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* reason = ::dlerror();
    throw BadInput("torch", reason != nullptr ? "'" + std::string(reason) + "'" : "no plugin", kRemedy);
  }
  const auto entry = reinterpret_cast<TorchPluginEntry>(::dlsym(library, kTorchPluginSymbol));
  TorchPlugin* plugin = entry != nullptr ? entry(kTorchPluginVersion) : nullptr;
  if (plugin == nullptr) {
    throw BadInput(path, "a plugin built for another version of hftsim",
                   "version " + std::to_string(kTorchPluginVersion) + ": build both together");
  }
  return plugin;
}

}  // namespace

TorchPlugin& torch_plugin() {
  static TorchPlugin* plugin = load();
  return *plugin;
}

bool torch_plugin_is_installed() {
  std::error_code ignored;
  for (const std::filesystem::path& place : places()) {
    if (std::filesystem::exists(place, ignored)) return true;
  }
  return false;
}

}  // namespace hftsim::models
