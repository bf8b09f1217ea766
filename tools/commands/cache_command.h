// The subcommands of hftsim cache: one function each, in one file or several.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "adapters/cache/cache_key.h"
#include "adapters/cache/cache_lock.h"
#include "adapters/cache/cache_root.h"

namespace hftsim {

void add_cache_add(CLI::App& cache);
void add_cache_clear(CLI::App& cache);
void add_cache_info(CLI::App& cache);
void add_cache_ls(CLI::App& cache);
void add_cache_path(CLI::App& cache);
void add_cache_verify(CLI::App& cache);

// Which of the cache's keys a command means; all where nothing is said.
struct CacheChoice {
  std::string cache;  // --cache
  std::vector<std::string> keys;
  std::string symbol, interval, market;

  void add_to(CLI::App& command);
  // Those that are there, in their order. Throws BadInput for a key that is not.
  std::vector<CacheKey> chosen(const CacheRoot& root) const;
};

void add_cache_option(CLI::App& command, std::string& cache);

// On stderr.
CacheNotice print_notice();

}  // namespace hftsim
