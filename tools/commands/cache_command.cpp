// hftsim cache: what is kept of fetched bars and trades.
#include "tools/commands/cache_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "adapters/bar_time.h"
#include "engine/core/errors.h"
#include "tools/commands/commands.h"

namespace hftsim {

void CacheChoice::add_to(CLI::App& command) {
  add_cache_option(command, cache);
  command.add_option("keys", keys, "BTCUSDT/1m, usdm/BTCUSDT/1m, BTCUSDT/trades; default: all there are");
  command.add_option("--symbol", symbol, "Only of this symbol");
  command.add_option("--interval", interval, "Only of this interval, or trades");
  command.add_option("--market", market, "Only of this market: spot or usdm");
}

std::vector<CacheKey> CacheChoice::chosen(const CacheRoot& root) const {
  std::vector<CacheKey> named;
  for (const std::string& text : keys) {
    named.push_back(parse_cache_key(text.starts_with("cache:") ? text.substr(6) : text, "hftsim cache"));
    require_cached(root.path, named.back(), "hftsim cache");
  }
  if (named.empty()) named = cache_keys(root.path);
  if (!symbol.empty()) std::erase_if(named, [&](const CacheKey& key) { return key.symbol != symbol; });
  if (!market.empty()) {
    const Market wanted = parse_market(market, "--market");
    std::erase_if(named, [&](const CacheKey& key) { return key.market != wanted; });
  }
  if (!interval.empty()) {
    const Duration wanted = interval == "trades" ? kTrades : checked_interval(interval, "--interval");
    std::erase_if(named, [&](const CacheKey& key) { return key.interval != wanted; });
  }
  return named;
}

void add_cache_option(CLI::App& command, std::string& cache) {
  command.add_option("--cache", cache,
                     "Its folder; default: $HFTSIM_CACHE, else $XDG_CACHE_HOME/hftsim, else ~/.cache/hftsim");
}

CacheNotice print_notice() {
  return [](const std::string& message) {
    fmt::print(stderr, "hftsim: {}\n", message);
  };
}

void add_cache_command(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("cache", "List, check, fill and clear what is kept of bars and trades");
  command->require_subcommand(1);
  add_cache_ls(*command);
  add_cache_info(*command);
  add_cache_verify(*command);
  add_cache_add(*command);
  add_cache_clear(*command);
  add_cache_path(*command);
  command->footer(R"(Examples:
  hftsim cache ls
  hftsim cache add BTCUSDT-1m-2024-01.csv.gz --policy skip
  hftsim backtest --data cache:BTCUSDT/1m)");
}

}  // namespace hftsim
