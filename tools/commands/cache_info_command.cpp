// hftsim cache ls, info, verify, path: what is in the cache and whether it is whole.
#include <fmt/format.h>

#include <algorithm>

#include "adapters/bar_time.h"
#include "adapters/cache/bar_cache.h"
#include "adapters/cache/cache_survey.h"
#include "adapters/cache/trade_cache.h"
#include "engine/core/clock.h"
#include "engine/core/errors.h"
#include "tools/commands/cache_command.h"
#include "tools/commands/commands.h"
#include "tools/commands/interrupt.h"
#include "tools/progress_bar.h"

namespace hftsim {
namespace {

constexpr std::size_t kRangesShown = 20;

std::string size_text(std::uint64_t bytes) {
  return bytes < 10'000'000 ? fmt::format("{:.1f} KiB", static_cast<double>(bytes) / 1024)
                            : fmt::format("{:.1f} MiB", static_cast<double>(bytes) / 1048576);
}

std::string range_text(TimeRange range) {
  return fmt::format("{} to {}", format_utc(Timestamp(range.from_ns)), format_utc(Timestamp(range.to_ns)));
}

const char* unit_of(const CacheKey& key) {
  return key.is_trades() ? "trades" : "bars";
}

std::size_t print_damage(const CacheSummary& summary) {
  for (const std::string& message : summary.damaged) fmt::print("  {}\n", message);
  return summary.damaged.size();
}

void list(const CacheChoice& choice) {
  const CacheRoot root = cache_root(choice.cache);
  const std::vector<CacheKey> keys = choice.chosen(root);
  if (keys.empty()) {
    fmt::print("{}: nothing that was asked for is in the cache; hftsim fetch gets bars and trades\n",
               root.path.string());
    return;
  }
  std::uint64_t bytes = 0;
  std::size_t damaged = 0;
  for (const CacheKey& key : keys) {
    const CacheSummary summary = summary_of(root.path, key);
    bytes += summary.bytes;
    fmt::print("{:<24}{:>12} {:<7}{:>12}  {}\n", name_of(key), summary.rows, unit_of(key),
               size_text(summary.bytes), summary.times ? range_text(*summary.times) : "-");
    for (const CachedFeatures& set : features_of(root.path, key)) {
      bytes += set.bytes;
      fmt::print("  features {:<35}{:>12}\n", set.name, size_text(set.bytes));
    }
    damaged += print_damage(summary);
  }
  fmt::print("{:<24}{:>20}{:>12}  {}\n", "all", "", size_text(bytes), root.path.string());
  if (damaged > 0) throw CommandFailed();
}

void print_ranges(const char* what, const TimeRanges& ranges, Duration interval) {
  if (ranges.is_empty()) return;
  std::int64_t bars = 0;
  for (const TimeRange range : ranges.ranges()) {
    bars += interval == kTrades ? 0 : (range.to_ns - range.from_ns) / interval.value;
  }
  fmt::print("  {:<16}{} ranges{}\n", what, ranges.ranges().size(),
             interval == kTrades ? "" : fmt::format(", {} bars", bars));
  const std::size_t shown = std::min(kRangesShown, ranges.ranges().size());
  for (const TimeRange range : ranges.ranges().first(shown)) fmt::print("    {}\n", range_text(range));
  if (shown < ranges.ranges().size()) fmt::print("    ... {} more\n", ranges.ranges().size() - shown);
}

// What lies between the first bar and the last: never asked for, or asked for and not there.
void print_gaps(const CacheRoot& root, const CacheKey& key, TimeRange times) {
  if (key.is_trades()) {
    print_ranges("not asked for", TradeCache(root.path).missing(key, times), kTrades);
    return;
  }
  const BarCache cache(root.path);
  const TimeRanges missing = cache.missing(key, times);
  TimeRanges known = cache.present(key, times);
  known.add(missing);
  print_ranges("missing", missing, key.interval);
  print_ranges("exchange has none", known.missing(times), key.interval);
  if (missing.is_empty()) fmt::print("  {:<16}nothing\n", "missing");
}

void print_info(const CacheRoot& root, const CacheKey& key) {
  const CacheSummary summary = summary_of(root.path, key);
  fmt::print("cache:{}\n", name_of(key));
  fmt::print("  {:<16}{}\n", "folder", (root.path / folder_of(key)).string());
  fmt::print("  {:<16}{} files, {}\n", "size", summary.files, size_text(summary.bytes));
  fmt::print("  {:<16}{}\n", unit_of(key), summary.rows);
  if (!key.is_trades())
    fmt::print("  {:<16}{}\n", "numbers",
               summary.storage == CacheStorage::exact ? "float64, int64" : "float32, int32");
  if (summary.times) fmt::print("  {:<16}{}\n", "times", range_text(*summary.times));
  if (print_damage(summary) > 0) throw CommandFailed();
  if (summary.times) print_gaps(root, key, *summary.times);
}

void info(const CacheChoice& choice) {
  const CacheRoot root = cache_root(choice.cache);
  const std::vector<CacheKey> keys = choice.chosen(root);
  if (keys.empty())
    throw BadInput("hftsim cache info", "nothing in " + root.path.string(), "what `hftsim cache ls` lists");
  for (const CacheKey& key : keys) print_info(root, key);
}

void verify(const CacheChoice& choice) {
  const CacheRoot root = cache_root(choice.cache);
  const std::vector<CacheKey> keys = choice.chosen(root);
  catch_interrupts();
  ProgressBar bar("verify", "keys", keys.size());
  std::size_t found = 0, done = 0;
  for (const CacheKey& key : keys) {
    stop_if_interrupted("the check of " + root.path.string());
    const std::vector<CacheFinding> findings = verify_cached(root.path, key);
    for (const CacheFinding& finding : findings) {
      const std::string path = finding.file.string();
      fmt::print("{}{}\n", finding.what.starts_with(path) ? "" : path + ": ", finding.what);
    }
    if (findings.empty()) fmt::print("{}: whole\n", name_of(key));
    found += findings.size();
    bar.update(++done);
  }
  if (keys.empty()) fmt::print("{}: nothing to check\n", root.path.string());
  if (found > 0) throw CommandFailed();
}

template <class Run>
CLI::App* add_choosing(CLI::App& cache, const char* name, const char* help, Run run) {
  CLI::App* command = cache.add_subcommand(name, help);
  auto choice = std::make_shared<CacheChoice>();
  choice->add_to(*command);
  command->callback([choice, run] { run(*choice); });
  return command;
}

}  // namespace

void add_cache_ls(CLI::App& cache) {
  add_choosing(cache, "ls", "What is there: rows, bytes, times", list)
      ->footer("Example:\n  hftsim cache ls --symbol BTCUSDT");
}

void add_cache_info(CLI::App& cache) {
  add_choosing(cache, "info", "The same in full: folder, numbers, what is missing in between", info)
      ->footer("Example:\n  hftsim cache info BTCUSDT/1m");
}

void add_cache_verify(CLI::App& cache) {
  add_choosing(cache, "verify",
               "Read all: whole, sorted, each time once, on the grid, possible; exit 1 where not", verify)
      ->footer("Example:\n  hftsim cache verify");
}

void add_cache_path(CLI::App& cache) {
  CLI::App* command = cache.add_subcommand("path", "Where it lies; on stderr, who said so");
  auto option = std::make_shared<std::string>();
  add_cache_option(*command, *option);
  command->footer("Example:\n  ls \"$(hftsim cache path)\"");
  command->callback([option] {
    const CacheRoot root = cache_root(*option);
    fmt::print("{}\n", root.path.string());
    fmt::print(stderr, "from {}\n", root.source);
  });
}

}  // namespace hftsim
