#include "tools/cache_data.h"

#include <algorithm>
#include <system_error>

#include "adapters/bar_time.h"
#include "adapters/cache/bar_cache.h"
#include "adapters/cache/cache_root.h"
#include "adapters/cache/trade_cache.h"
#include "engine/core/errors.h"

namespace hftsim {
namespace {

constexpr std::string_view kPrefix = "cache:";

std::int64_t time_or(std::string_view text, std::int64_t when_empty, const std::string& place) {
  if (text.empty()) return when_empty;
  return checked_time(std::string(text), place);
}

TimeRange parse_range(std::string_view text, const std::string& place) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos)
    throw BadInput(place, "'@" + std::string(text) + "'", "@FROM..TO, @FROM.. or @..TO");
  const TimeRange range{time_or(text.substr(0, dots), kAllTimes.from_ns, place),
                        time_or(text.substr(dots + 2), kAllTimes.to_ns, place)};
  if (range.is_empty())
    throw BadInput(place, "'@" + std::string(text) + "'", "a time that lies before the other");
  return range;
}

CacheData bars_in_cache(const std::string& data, const std::string& interval) {
  const CacheData found = parse_cache_data(data, "--data");
  if (found.key.is_trades())
    throw BadInput("--data", data, "bars, as cache:" + found.key.symbol + "/1m, or --bars 1m");
  if (!interval.empty() && checked_interval(interval, "data.interval") != found.key.interval) {
    throw BadInput("data.interval", interval, format_interval(found.key.interval) + ", as in " + data);
  }
  require_cached(cache_root().path, found.key, "--data");
  return found;
}

bool is_set_name(const std::string& name) {
  constexpr std::size_t kBytesMax = 64;
  return !name.empty() && name.size() <= kBytesMax && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

}  // namespace

bool names_cache(const std::string& data) {
  return data.starts_with(kPrefix);
}

CacheData parse_cache_data(const std::string& data, const std::string& place) {
  std::string_view text = std::string_view(data).substr(kPrefix.size());
  TimeRange whole = kAllTimes;
  if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
    whole = parse_range(text.substr(at + 1), place);
    text = text.substr(0, at);
  }
  return {parse_cache_key(text, place), whole};
}

std::unique_ptr<BarReader> open_bar_data(const std::string& data, BarReaderOptions options) {
  if (!names_cache(data)) return std::make_unique<BarReader>(data, std::move(options));
  const CacheData found = bars_in_cache(data, options.interval);
  return BarCache(cache_root().path).open(found.key, std::move(options), found.whole);
}

std::unique_ptr<EventSource> open_cached_trades(const std::string& data) {
  const CacheData found = parse_cache_data(data, "--data");
  if (!found.key.is_trades())
    throw BadInput("--bars", "it with " + data, "trades, as cache:" + found.key.symbol + "/trades");
  return TradeCache(cache_root().path).open(found.key, found.whole);
}

std::vector<std::filesystem::path> files_of_data(const std::string& data) {
  if (!names_cache(data)) return {data};
  const CacheData found = parse_cache_data(data, "--data");
  std::vector<std::filesystem::path> paths;
  for (const CacheFile& file : CacheFiles(cache_root().path, found.key).present(found.whole))
    paths.push_back(file.path);
  return paths;
}

std::string stem_of_data(const std::string& data) {
  if (!names_cache(data)) return std::filesystem::path(data).stem().string();
  std::string name = name_of(parse_cache_data(data, "--data").key);
  std::replace(name.begin(), name.end(), '/', '-');
  return name;
}

std::filesystem::path cached_features_path(const std::string& out, const std::string& data) {
  const std::string name = out.substr(kPrefix.size());
  if (!is_set_name(name)) throw BadInput("--out", "'" + out + "'", "cache:NAME, of letters, digits, - and _");
  if (!names_cache(data)) throw BadInput("--out", out, "a file, or --data cache:SYMBOL/INTERVAL");
  const CacheKey key = bars_in_cache(data, "").key;
  const std::filesystem::path folder = cache_root().path / features_folder_of(key) / ("set=" + name);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw BadInput("--out", folder.string() + ": " + error.message(), "a folder that can be made");
  return folder / "features.parquet";
}

}  // namespace hftsim
