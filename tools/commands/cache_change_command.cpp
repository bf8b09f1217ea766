// hftsim cache add, clear: bars of files into the cache, and what is there out of it.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <memory>

#include "adapters/bar_reader.h"
#include "adapters/bar_time.h"
#include "adapters/cache/bar_cache.h"
#include "adapters/cache/cache_survey.h"
#include "engine/core/clock.h"
#include "engine/core/errors.h"
#include "tools/commands/cache_command.h"
#include "tools/commands/commands.h"
#include "tools/commands/interrupt.h"
#include "tools/progress_bar.h"
#include "tools/summary.h"

namespace hftsim {
namespace {

constexpr std::size_t kBarsPerSave = 500'000;
constexpr std::size_t kBatch = 4096;

struct AddArguments {
  std::string cache, file, symbol, interval, market = "spot", policy = "reject";
  bool compact = false;
};

BarReaderOptions reader_options(const AddArguments& arguments) {
  BarReaderOptions options;
  options.symbol = arguments.symbol;
  options.interval = arguments.interval;
  options.interval_key = "--interval";
  options.policy_key = "--policy";
  options.policy = parse_data_policy(arguments.policy, options.policy_key);
  if (options.policy == DataPolicy::repair)
    throw BadInput("--policy", "repair", "reject or skip: the cache holds what an exchange said");
  options.now = wall_clock_now();
  return options;
}

// Fills `bars`, which is emptied first; false at the end.
bool read_piece(BarReader& reader, std::vector<Event>& bars) {
  bars.clear();
  while (bars.size() < kBarsPerSave) {
    const std::size_t before = bars.size();
    bars.resize(before + kBatch);
    const std::size_t count = reader.read(std::span(bars).subspan(before));
    bars.resize(before + count);
    if (count == 0) break;
  }
  return !bars.empty();
}

// All of the file is judged before the first bar is saved.
DataFindings judged(const AddArguments& arguments) {
  BarReader reader(arguments.file, reader_options(arguments));
  ProgressBar bar("check", "bars", reader.size_hint());
  std::vector<Event> bars;
  for (std::uint64_t done = 0; read_piece(reader, bars);) {
    stop_if_interrupted(arguments.file);
    bar.update(done += bars.size());
  }
  return reader.findings();
}

void print_saved(const CacheKey& key, const CacheSaved& saved) {
  fmt::print("cache:{}: {} bars added, {} there already, {} replaced\n", name_of(key), saved.added,
             saved.repeated, saved.replaced);
  for (const Timestamp ts : saved.first_replaced)
    fmt::print("  another bar of {} was there\n", format_utc(ts));
  if (saved.replaced > saved.first_replaced.size())
    fmt::print("  ... {} more\n", saved.replaced - saved.first_replaced.size());
}

void add(const AddArguments& arguments) {
  const CacheRoot root = cache_root(arguments.cache);
  const Market market = parse_market(arguments.market, "--market");
  catch_interrupts();
  const DataFindings findings = judged(arguments);
  BarReader reader(arguments.file, reader_options(arguments));
  const CacheKey key = cache_key(market, reader.instruments().front().symbol, reader.interval(), "--symbol");
  BarCache cache(root.path, print_notice());
  ProgressBar bar("cache add", "bars", reader.size_hint());
  CacheSaved saved;
  const auto storage = arguments.compact ? std::optional(CacheStorage::compact) : std::nullopt;
  std::vector<Event> bars;
  for (std::uint64_t done = 0; read_piece(reader, bars);) {
    if (interrupt_requested)
      throw IoFailure("interrupted: " + std::to_string(done) + " bars are in the cache");
    saved.merge(cache.save(key, bars, {}, storage));
    bar.update(done += bars.size());
  }
  print_saved(key, saved);
  fmt::print("{}", finding_rows(findings));
}

struct ClearArguments {
  CacheChoice choice;
  bool yes = false;
};

bool is_confirmed(const std::string& question) {
  if (::isatty(STDIN_FILENO) == 0) throw BadInput(question + " Say --yes; nobody is there to be asked");
  fmt::print("{} [y/N] ", question);
  std::fflush(stdout);
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

void clear(const ClearArguments& arguments) {
  const CacheRoot root = cache_root(arguments.choice.cache);
  const std::vector<CacheKey> keys = arguments.choice.chosen(root);
  if (keys.empty()) {
    fmt::print("{}: nothing that was asked for is in the cache\n", root.path.string());
    return;
  }
  std::string names;
  std::uint64_t bytes = 0;
  for (const CacheKey& key : keys) {
    names += (names.empty() ? "" : ", ") + name_of(key);
    bytes += summary_of(root.path, key).bytes;
  }
  const std::string question = fmt::format("Remove {} ({:.1f} MiB) from {}?", names,
                                           static_cast<double>(bytes) / 1048576, root.path.string());
  if (!arguments.yes && !is_confirmed(question)) {
    fmt::print("nothing was removed\n");
    return;
  }
  for (const CacheKey& key : keys) {
    const std::uint64_t files = clear_cached(root.path, key, print_notice());
    fmt::print("{}: {} files removed\n", name_of(key), files);
  }
}

}  // namespace

void add_cache_add(CLI::App& cache) {
  CLI::App* command = cache.add_subcommand("add", "Merge the bars of a Parquet or CSV file into the cache");
  auto arguments = std::make_shared<AddArguments>();
  command->add_option("file", arguments->file, "Parquet or CSV file of bars")->required();
  add_cache_option(*command, arguments->cache);
  command->add_option("--symbol", arguments->symbol, "Default: from the file's name");
  command->add_option("--interval", arguments->interval, "1s, 1m, 5m, 1h, 1d; default: from the file");
  command->add_option("--market", arguments->market, "spot or usdm")->capture_default_str();
  command->add_option("--policy", arguments->policy, "Bad bars: reject, or skip, under which gaps are kept")
      ->capture_default_str();
  command->add_flag("--compact", arguments->compact, "Store as float32 and int32: about 7 digits");
  command->footer("Example:\n  hftsim cache add BTCUSDT-1m-2024-01.csv.gz --policy skip");
  command->callback([arguments] { add(*arguments); });
}

void add_cache_clear(CLI::App& cache) {
  CLI::App* command = cache.add_subcommand("clear", "Remove from the cache");
  auto arguments = std::make_shared<ClearArguments>();
  arguments->choice.add_to(*command);
  command->add_flag("--yes", arguments->yes, "Do not ask");
  command->footer("Examples:\n  hftsim cache clear BTCUSDT/1m\n  hftsim cache clear --symbol BTCUSDT --yes");
  command->callback([arguments] { clear(*arguments); });
}

}  // namespace hftsim
