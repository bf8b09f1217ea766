#include "adapters/fetch/rest_session.h"

#include <algorithm>

#include "adapters/binance/rest_answers.h"
#include "adapters/readable_text.h"
#include "engine/core/nearest_name.h"

namespace hftsim::fetch {
namespace {

std::string target_of(const RestPage& page, const std::string& symbol, const std::string& query) {
  return std::string(page.path) + "?symbol=" + symbol + "&" + query;
}

// ?symbol=BTCUSDT, or ?symbols=["BTCUSDT","ETHUSDT"] with what a URL does not have escaped.
std::string symbols_query(std::span<const std::string> symbols) {
  if (symbols.size() == 1) return "?symbol=" + symbols.front();
  std::string names;
  for (const std::string& symbol : symbols) names += (names.empty() ? "%22" : "%2C%22") + symbol + "%22";
  return "?symbols=%5B" + names + "%5D";
}

}  // namespace

RestSession::RestSession(const RestMarket& market, std::vector<std::unique_ptr<net::HttpGetter>> getters,
                         FetchClock& clock, const RetryOptions& retry, std::uint64_t seed)
    : market_(market), clock_(clock), gate_(market.weight_per_minute, clock), getters_(std::move(getters)) {
  for (const auto& getter : getters_) {
    clients_.push_back(std::make_unique<RetryingClient>(*getter, gate_, retry, seed++));
  }
}

std::string RestSession::get(std::size_t connection, const RestPage& page, const std::string& symbol,
                             const std::string& query) {
  try {
    return clients_[connection]->get(target_of(page, symbol, query), page.weight);
  } catch (const Refused& refused) {
    if (refused.code() != binance::kInvalidSymbol) throw;
    refuse_symbol(connection, std::span(&symbol, 1), refused);
  }
}

std::string RestSession::exchange_info(std::span<const std::string> symbols) {
  const RestPage& page = market_.symbols;
  try {
    return clients_.front()->get(page.path + (market_.names_symbols ? symbols_query(symbols) : ""),
                                 page.weight);
  } catch (const Refused& refused) {
    if (refused.code() != binance::kInvalidSymbol) throw;
    refuse_symbol(0, symbols, refused);
  }
}

// Which of those asked for it is, the exchange does not say.
void RestSession::refuse_symbol(std::size_t connection, std::span<const std::string> asked,
                                const Refused& refused) {
  std::vector<std::string> known;
  try {
    const RestPage& page = market_.symbols;
    known = binance::parse_symbols(clients_[connection]->get(page.path, page.weight), page.path);
  } catch (const std::runtime_error&) {
    throw refused;  // without names that are near
  }
  const auto is_unknown = [&](const std::string& name) {
    return std::ranges::count(known, name) == 0;
  };
  const auto symbol = std::ranges::find_if(asked, is_unknown);
  if (symbol == asked.end()) throw refused;
  throw BadInput("no symbol '" + *symbol + "'" + did_you_mean(*symbol, known) + "; " + refused.what());
}

std::int64_t RestSession::server_time_ns() {
  constexpr int kAttemptsMax = 4;
  const RestPage& page = market_.time;
  const std::string body = clients_.front()->get(page.path, page.weight, kAttemptsMax);
  return binance::parse_server_time_ns(body, clients_.front()->url(page.path));
}

std::string RestSession::url(const RestPage& page, const std::string& symbol,
                             const std::string& query) const {
  return clients_.front()->url(target_of(page, symbol, query));
}

std::string checked_symbol(const std::string& text, const std::string& place) {
  constexpr std::size_t kBytesMax = 32;
  const auto upper = [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  };
  std::string symbol = text;
  std::ranges::transform(symbol, symbol.begin(), upper);
  const bool sound = std::ranges::all_of(symbol, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  if (sound && !symbol.empty() && symbol.size() <= kBytesMax) return symbol;
  throw BadInput(place, "'" + readable_text(text, 100) + "'", "a symbol of letters and digits: BTCUSDT");
}

}  // namespace hftsim::fetch
