#include "adapters/binance/message_parser.h"

#include <array>

#include "adapters/binance/message_decoder.h"

namespace hftsim::binance {
namespace {

// Nothing of a message that is refused is kept.
template <class Work>
ParsedMessage guarded(MessageDecoder& decoder, std::string_view json, std::int64_t recv_ns,
                      std::vector<Event>& out, Work work) {
  const std::size_t before = out.size();
  try {
    return work(decoder.begin_with(json, recv_ns, out));
  } catch (const simdjson::simdjson_error& error) {
    out.resize(before);
    throw BadInput(decoder.what(), quoted(json) + " (" + error.what() + ")",
                   "a message of Binance's as JSON");
  } catch (...) {
    out.resize(before);
    throw;
  }
}

}  // namespace

std::string_view name_of(MessageKind kind) {
  constexpr std::array<std::string_view, kMessageKindCount> kNames{"depthUpdate",  "REST depth", "bookTicker",
                                                                   "trade",        "aggTrade",   "kline",
                                                                   "kline (open)", "response",   "unknown"};
  return kNames[static_cast<std::size_t>(kind)];
}

MessageParser::MessageParser(SymbolTable& symbols, std::optional<Market> market)
    : decoder_(std::make_unique<MessageDecoder>(symbols, market)) {}

MessageParser::~MessageParser() = default;

ParsedMessage MessageParser::parse(std::string_view json, std::int64_t recv_ns, std::vector<Event>& out) {
  return guarded(*decoder_, json, recv_ns, out,
                 [&](simdjson::padded_string_view text) { return decoder_->message(text); });
}

ParsedMessage MessageParser::parse_snapshot(std::string_view json, std::string_view symbol,
                                            std::int64_t recv_ns, std::vector<Event>& out) {
  return guarded(*decoder_, json, recv_ns, out,
                 [&](simdjson::padded_string_view text) { return decoder_->snapshot_of(text, symbol); });
}

std::optional<Market> MessageParser::market() const {
  return decoder_->market;
}
std::int64_t MessageParser::latest_ns() const {
  return decoder_->latest_ns;
}
void MessageParser::set_latest_ns(std::int64_t ns) {
  decoder_->latest_ns = ns;
}

}  // namespace hftsim::binance
