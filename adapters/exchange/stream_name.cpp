#include "adapters/exchange/stream_name.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hftsim::exchange {
namespace {

constexpr std::int64_t kMillisecond_ns = 1'000'000;

// How often a candle is sent while it is open.
std::int64_t kline_period_ns(Market market, std::string_view interval) {
  if (market == Market::usdm) return 250 * kMillisecond_ns;
  return (interval == "1s" ? 1'000 : 2'000) * kMillisecond_ns;
}

// "" is the market's default. 0 ms sends every change at once.
std::optional<std::int64_t> depth_period_ns(Market market, std::string_view text) {
  if (text.empty()) return (market == Market::spot ? 1'000 : 250) * kMillisecond_ns;
  if (text == "@0ms") return 0;
  if (text == "@100ms") return 100 * kMillisecond_ns;
  if (text == "@1000ms" && market == Market::spot) return 1'000 * kMillisecond_ns;
  if (text == "@250ms" && market == Market::usdm) return 250 * kMillisecond_ns;
  if (text == "@500ms" && market == Market::usdm) return 500 * kMillisecond_ns;
  return std::nullopt;
}

// "", "5", "10", "20" in front of the period; 0 for all levels.
std::size_t take_levels(std::string_view& text) {
  for (const std::size_t levels : std::array<std::size_t, 3>{5, 10, 20}) {
    const std::string digits = std::to_string(levels);
    if (!text.starts_with(digits)) continue;
    text.remove_prefix(digits.size());
    return levels;
  }
  return 0;
}

bool read_depth(StreamName& name, std::string_view rest, Market market) {
  name.levels = take_levels(rest);
  name.kind = name.levels > 0 ? StreamKind::partial_depth : StreamKind::depth;
  const std::optional<std::int64_t> period_ns = depth_period_ns(market, rest);
  if (!period_ns || (*period_ns == 0 && name.levels > 0)) return false;
  name.period_ns = *period_ns;
  return true;
}

bool read_kline(StreamName& name, std::string_view rest, Market market) {
  name.kind = StreamKind::kline;
  name.interval = find_kline_interval(rest);
  name.period_ns = kline_period_ns(market, rest);
  return name.interval != nullptr;
}

bool read_kind(StreamName& name, std::string_view what, Market market) {
  if (what.starts_with("kline_")) return read_kline(name, what.substr(6), market);
  if (what.starts_with("depth")) return read_depth(name, what.substr(5), market);
  constexpr std::array<std::pair<std::string_view, StreamKind>, 3> kPlain = {
      {{"trade", StreamKind::trade},
       {"aggTrade", StreamKind::agg_trade},
       {"bookTicker", StreamKind::book_ticker}}};
  const auto found = std::ranges::find(kPlain, what, [](const auto& entry) { return entry.first; });
  if (found == kPlain.end()) return false;
  name.kind = found->second;
  return true;
}

}  // namespace

std::optional<StreamName> parse_stream_name(std::string_view text, Market market) {
  const std::size_t at = text.find('@');
  if (at == 0 || at == std::string_view::npos) return std::nullopt;
  StreamName name;
  name.symbol = text.substr(0, at);
  if (!read_kind(name, text.substr(at + 1), market)) return std::nullopt;
  return name;
}

}  // namespace hftsim::exchange
