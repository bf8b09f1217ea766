#include "adapters/cache/cache_root.h"

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "adapters/cache/cache_files.h"
#include "engine/core/errors.h"
#include "engine/core/nearest_name.h"

namespace hftsim {
namespace {

namespace fs = std::filesystem;

// What the variable holds; an empty one counts as none.
std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool holds_files(const fs::path& root, const CacheKey& key) {
  return !CacheFiles(root, key).present().empty();
}

// The folders below `folder`, at most `depth` deep, relative to `root`.
void collect(const fs::path& root, const fs::path& folder, int depth, std::vector<CacheKey>& keys) {
  std::error_code error;
  for (fs::directory_iterator entry(root / folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (!entry->is_directory(error)) continue;
    const fs::path below = folder / entry->path().filename();
    if (const auto key = key_of_folder(below); key && holds_files(root, *key)) keys.push_back(*key);
    if (depth > 1) collect(root, below, depth - 1, keys);
  }
}

}  // namespace

CacheRoot cache_root(const std::string& option) {
  const auto root = [](const fs::path& path, const char* source) {
    return CacheRoot{fs::absolute(path).lexically_normal(), source};
  };
  if (!option.empty()) return root(option, "--cache");
  if (const std::string path = variable("HFTSIM_CACHE"); !path.empty()) return root(path, "HFTSIM_CACHE");
  if (const std::string path = variable("XDG_CACHE_HOME"); !path.empty())
    return root(fs::path(path) / "hftsim", "XDG_CACHE_HOME");
  if (const std::string path = variable("HOME"); !path.empty())
    return root(fs::path(path) / ".cache" / "hftsim", "HOME");
  throw BadInput("no folder for the cache: none of HFTSIM_CACHE, XDG_CACHE_HOME and HOME is set");
}

std::vector<CacheKey> cache_keys(const fs::path& root) {
  std::vector<CacheKey> keys;
  collect(root, {}, 4, keys);  // usdm/klines/symbol=.../interval=...
  std::sort(keys.begin(), keys.end());
  return keys;
}

void require_cached(const fs::path& root, const CacheKey& key, const std::string& place) {
  if (holds_files(root, key)) return;
  std::vector<std::string> names;
  for (const CacheKey& known : cache_keys(root)) names.push_back(name_of(known));
  const std::string near = did_you_mean(name_of(key), names);
  throw BadInput(place, "'" + name_of(key) + "', which is not in the cache " + root.string() + near,
                 "what `hftsim cache ls` lists; `hftsim fetch` gets more");
}

}  // namespace hftsim
