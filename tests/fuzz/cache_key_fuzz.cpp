// What a user types as a key of the cache, names of its folders and files, and the footer's stretches of time.
#include <cstdlib>
#include <string_view>

#include "adapters/cache/cache_key.h"
#include "adapters/cache/calendar_period.h"
#include "adapters/cache/time_ranges.h"
#include "engine/core/errors.h"
#include "tests/fuzz/fuzz_target.h"

namespace hftsim::fuzz {
namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void try_key(std::string_view text) {
  try {
    const CacheKey key = parse_cache_key(text, "input");
    require(parse_cache_key(name_of(key), "its name") == key);
    require(key_of_folder(folder_of(key)) == key);
  } catch (const BadInput&) {
  }
}

}  // namespace

std::vector<std::string> seeds() {
  return {"BTCUSDT/1m",
          "usdm/BTCUSDT/trades",
          "spot/1000SHIBUSDT/4h",
          "klines/symbol=BTCUSDT/interval=1m",
          "usdm/trades/symbol=A",
          "2024-01-31",
          "2024-02",
          "all",
          "1704067200000000000-1704153600000000000,-5--2"};
}

void run(std::span<const std::uint8_t> input) {
  const std::string_view text(reinterpret_cast<const char*>(input.data()), input.size());
  try_key(text);
  if (const auto key = key_of_folder(std::filesystem::path(text))) require(folder_of(*key) == text);
  if (const auto ranges = parse_time_ranges(text)) require(parse_time_ranges(to_text(*ranges)) == ranges);
  for (const CalendarPeriod period :
       {CalendarPeriod::day, CalendarPeriod::month, CalendarPeriod::year, CalendarPeriod::all}) {
    if (const auto range = range_of_name(period, text)) require(range_at(period, range->from_ns) == *range);
  }
}

}  // namespace hftsim::fuzz
