#include "adapters/cache/cache_key.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "adapters/bar_time.h"
#include "adapters/readable_text.h"
#include "engine/core/errors.h"

namespace hftsim {
namespace {

constexpr std::size_t kSymbolBytesMax = 64;
constexpr const char* kExpected = "SYMBOL/INTERVAL, SYMBOL/trades, or one with usdm/ in front: BTCUSDT/1m";
constexpr const char* kTradesName = "trades";
constexpr const char* kSymbolPart = "symbol=";
constexpr const char* kIntervalPart = "interval=";

// It becomes a folder's name, which hive partitioning reads back and a pattern of files may be made of.
bool is_symbol(std::string_view symbol) {
  const auto is_bad = [](char c) {
    const auto code = static_cast<unsigned char>(c);
    return code <= ' ' || code == 127 ||
           std::string_view("/\\=%*?[]{}'\"$`~").find(c) != std::string_view::npos;
  };
  return !symbol.empty() && symbol.size() <= kSymbolBytesMax && symbol.front() != '.' &&
         std::none_of(symbol.begin(), symbol.end(), is_bad);
}

std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find('/');
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

// What stands behind `prefix`; empty where the text does not begin with it.
std::string_view behind(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : std::string_view();
}

std::string interval_part(const CacheKey& key) {
  return kIntervalPart + format_interval(key.interval);
}

// features/symbol=BTCUSDT, usdm/features/symbol=BTCUSDT.
std::filesystem::path folder_below(const CacheKey& key, const char* kind) {
  const std::filesystem::path market = key.market == Market::spot ? "" : name_of(key.market);
  return market / kind / (kSymbolPart + key.symbol);
}

}  // namespace

bool operator<(const CacheKey& a, const CacheKey& b) {
  return std::tie(a.market, a.symbol, a.interval.value) < std::tie(b.market, b.symbol, b.interval.value);
}

std::string name_of(const CacheKey& key) {
  return (key.market == Market::spot ? "" : std::string(name_of(key.market)) + "/") + key.symbol + "/" +
         (key.is_trades() ? kTradesName : format_interval(key.interval));
}

CacheKey cache_key(Market market, std::string symbol, Duration interval, const std::string& place) {
  if (!is_symbol(symbol)) {
    throw BadInput(place, "the symbol '" + readable_text(symbol, kSymbolBytesMax) + "'",
                   "a symbol as the exchange writes it, BTCUSDT");
  }
  return {market, std::move(symbol), interval};
}

CacheKey parse_cache_key(std::string_view text, const std::string& place) {
  std::vector<std::string_view> parts = parts_of(text);
  Market market = Market::spot;
  if (parts.size() == 3) {
    market = parse_market(parts.front(), place);
    parts.erase(parts.begin());
  }
  if (parts.size() != 2) throw BadInput(place, "'" + readable_text(text, 100) + "'", kExpected);
  const Duration interval = parts[1] == kTradesName ? kTrades : checked_interval(parts[1], place);
  return cache_key(market, std::string(parts[0]), interval, place);
}

std::filesystem::path folder_of(const CacheKey& key) {
  return key.is_trades() ? folder_below(key, kTradesName) : folder_below(key, "klines") / interval_part(key);
}

std::filesystem::path features_folder_of(const CacheKey& key) {
  return folder_below(key, "features") / interval_part(key);
}

std::optional<CacheKey> key_of_folder(const std::filesystem::path& folder) {
  std::vector<std::string> parts;
  for (const std::filesystem::path& part : folder) parts.push_back(part.string());
  CacheKey key;
  if (!parts.empty() && parts.front() == name_of(Market::usdm)) {
    key.market = Market::usdm;
    parts.erase(parts.begin());
  }
  const bool is_trades = parts.size() == 2 && parts[0] == kTradesName;
  if (!is_trades && !(parts.size() == 3 && parts[0] == "klines")) return std::nullopt;
  key.symbol = behind(parts[1], kSymbolPart);
  if (!is_symbol(key.symbol)) return std::nullopt;
  if (!is_trades) {
    const std::optional<Duration> interval = parse_interval(behind(parts[2], kIntervalPart));
    if (!interval) return std::nullopt;
    key.interval = *interval;
  }
  return folder_of(key) == folder ? std::optional(key) : std::nullopt;
}

}  // namespace hftsim
