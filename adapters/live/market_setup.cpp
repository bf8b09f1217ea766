#include "adapters/live/market_setup.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "adapters/bar_time.h"
#include "adapters/binance/rest_klines.h"
#include "adapters/cache/bar_cache.h"
#include "adapters/fetch/kline_fetch.h"
#include "engine/core/errors.h"
#include "engine/core/nearest_name.h"

namespace hftsim::live {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kNsPerMs = 1'000'000;

// "" where it is not there, or is no text.
std::string text_of(const Json& object, const std::string& field) {
  const auto found = object.is_object() ? object.find(field) : object.end();
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

// By name; what is no symbol is left out.
std::map<std::string, Json> symbols_of(const std::string& exchange_info, const std::string& place) {
  const Json info = Json::parse(exchange_info, nullptr, false);
  if (!info.is_object() || !info.contains("symbols") || !info["symbols"].is_array())
    throw BadInput(place, "no symbols", "an object with symbols as JSON");
  std::map<std::string, Json> symbols;
  for (const Json& symbol : info["symbols"]) {
    const std::string name = text_of(symbol, "symbol");
    if (!name.empty()) symbols.emplace(name, symbol);
  }
  return symbols;
}

// "0.01000000" of a filter; "" where it is not there.
std::string filter_text(const Json& symbol, const std::string& type, const std::string& field) {
  const auto filters = symbol.find("filters");
  if (filters == symbol.end() || !filters->is_array()) return "";
  for (const Json& filter : *filters) {
    if (text_of(filter, "filterType") == type) return text_of(filter, field);
  }
  return "";
}

double filter_number(const std::string& text, const std::string& place) {
  for (int decimals = 0; decimals <= kDecimalsMax; ++decimals) {
    const DecimalStep step{1, decimals};
    if (const auto n = parse_steps(text, step)) return step.value(*n);
  }
  throw BadInput(place, "'" + text + "'", "a decimal");
}

// The exchange writes as many decimals as the filter's text has, zeros at its end included.
DecimalStep step_of(const std::string& text) {
  return {1, std::min(decimals_of(text), kDecimalsMax)};
}

Instrument instrument_of(const Json& symbol, Market market, Duration interval) {
  Instrument instrument;
  instrument.symbol = text_of(symbol, "symbol");
  instrument.bar_interval = interval;
  const std::string tick = filter_text(symbol, "PRICE_FILTER", "tickSize");
  const std::string lot = filter_text(symbol, "LOT_SIZE", "stepSize");
  if (tick.empty() || lot.empty()) throw BadInput(instrument.symbol, "no tickSize or no stepSize", "both");
  instrument.tick_size = filter_number(tick, instrument.symbol + " tickSize");
  instrument.lot_size = filter_number(lot, instrument.symbol + " stepSize");
  instrument.price_step = step_of(tick);
  instrument.quantity_step = step_of(lot);
  const bool is_usdm = market == Market::usdm;
  const std::string least =
      filter_text(symbol, is_usdm ? "MIN_NOTIONAL" : "NOTIONAL", is_usdm ? "notional" : "minNotional");
  if (!least.empty()) instrument.min_notional = filter_number(least, instrument.symbol + " notional");
  return instrument;
}

std::vector<std::string> names_of(const std::map<std::string, Json>& symbols) {
  std::vector<std::string> names;
  for (const auto& [name, symbol] : symbols) names.push_back(name);
  return names;
}

}  // namespace

std::vector<Instrument> discover_instruments(fetch::RestSession& session, Market market,
                                             std::span<const std::string> symbols, Duration interval) {
  std::vector<std::string> wanted;
  for (const std::string& text : symbols) {
    wanted.push_back(fetch::checked_symbol(text, "symbol"));
    if (std::ranges::count(wanted, wanted.back()) > 1)
      throw BadInput("symbol", wanted.back() + " twice", "each once");
  }
  if (wanted.empty()) throw BadInput("symbols", "none", "at least one");
  const std::string place = session.market().symbols.path;
  const std::map<std::string, Json> known = symbols_of(session.exchange_info(wanted), place);
  std::vector<Instrument> instruments;
  for (const std::string& symbol : wanted) {
    const auto found = known.find(symbol);
    if (found == known.end())
      throw BadInput("no symbol '" + symbol + "'" + did_you_mean(symbol, names_of(known)));
    instruments.push_back(instrument_of(found->second, market, interval));
  }
  return instruments;
}

namespace {

std::vector<Event> ask_history(fetch::RestSession& session, const Instrument& instrument, TimeRange range) {
  const fetch::RestPage& page = session.market().klines;
  std::vector<Event> bars;
  for (std::int64_t from_ns = range.from_ns; from_ns < range.to_ns;) {
    const std::string query =
        fmt::format("interval={}&startTime={}&endTime={}&limit={}", format_interval(instrument.bar_interval),
                    from_ns / kNsPerMs, range.to_ns / kNsPerMs - 1, page.rows_max);
    const binance::KlinesQuery expected{.interval_ns = instrument.bar_interval.value,
                                        .phase_ns = fetch::phase_ns(instrument.bar_interval),
                                        .from_ns = from_ns,
                                        .to_ns = range.to_ns,
                                        .rows_max = page.rows_max};
    const std::string body = session.get(0, page, instrument.symbol, query);
    const auto more = binance::parse_klines(body, expected, session.url(page, instrument.symbol, query));
    if (more.empty()) break;
    bars.insert(bars.end(), more.begin(), more.end());
    from_ns = more.back().ts_ns;
  }
  return bars;
}

std::vector<Event> cached_history(fetch::RestSession& session, Market market, const Instrument& instrument,
                                  TimeRange range, std::int64_t server_ns, const std::filesystem::path& root,
                                  net::StopSignal& stop) {
  BarCache cache(root);
  const CacheKey key = cache_key(market, instrument.symbol, instrument.bar_interval, "symbol");
  fetch::KlineFetch fetch(session, cache, stop, {.key = key, .range = range});
  fetch.run(server_ns, [](std::uint64_t, std::uint64_t) {});
  std::vector<Event> bars(
      static_cast<std::size_t>((range.to_ns - range.from_ns) / instrument.bar_interval.value));
  const auto reader = cache.open(key, {}, range);
  std::size_t count = 0;
  while (count < bars.size()) {
    const std::size_t more = reader->read(std::span(bars).subspan(count));
    if (more == 0) break;
    count += more;
  }
  bars.resize(count);
  return bars;
}

}  // namespace

std::vector<Event> fetch_history(fetch::RestSession& session, Market market, const Instrument& instrument,
                                 InstrumentId id, std::size_t bars, const std::filesystem::path& cache_root,
                                 net::StopSignal& stop) {
  if (bars == 0) return {};
  const std::int64_t server_ns = session.server_time_ns();
  const std::int64_t to_ns = fetch::grid_floor(server_ns, instrument.bar_interval);
  const std::int64_t from_ns = to_ns - static_cast<std::int64_t>(bars) * instrument.bar_interval.value;
  const TimeRange range{std::max(from_ns, fetch::grid_ceil(0, instrument.bar_interval)), to_ns};
  std::vector<Event> history =
      cache_root.empty() ? ask_history(session, instrument, range)
                         : cached_history(session, market, instrument, range, server_ns, cache_root, stop);
  for (Event& bar : history) bar.instrument = id;
  return history;
}

}  // namespace hftsim::live
