// Where the cache lies, and who said so; which keys it holds.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "adapters/cache/cache_key.h"

namespace hftsim {

struct CacheRoot {
  std::filesystem::path path;  // absolute; need not be there yet
  std::string source;          // "--cache", "HFTSIM_CACHE", "XDG_CACHE_HOME", "HOME"
};

// `option`: what --cache was given, "" for nothing. Else $HFTSIM_CACHE, else $XDG_CACHE_HOME/hftsim, else
// ~/.cache/hftsim. Throws BadInput where none of them is set.
CacheRoot cache_root(const std::string& option = {});

// All keys that have a file, in their order; none where there is no root.
std::vector<CacheKey> cache_keys(const std::filesystem::path& root);

// Throws BadInput(place, ...) unless the key has a file: names the nearest that have.
void require_cached(const std::filesystem::path& root, const CacheKey& key, const std::string& place);

}  // namespace hftsim
