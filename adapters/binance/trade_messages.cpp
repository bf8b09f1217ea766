#include "adapters/binance/message_decoder.h"

namespace hftsim::binance {
namespace {

constexpr unsigned kTradeFields = kSent | kTime | kSymbol | kPrice | kQuantity | kMaker | kLast;

unsigned maker_flag(bool buyer_is_maker) {
  return buyer_is_maker ? unsigned{kBuyerIsMaker} : 0u;
}

}  // namespace

ParsedMessage MessageDecoder::book_ticker(Object& object, bool without_type) {
  begin("bookTicker");
  InstrumentId id = 0;
  const char* words[4] = {};  // bid, its quantity, ask, its quantity
  std::uint64_t seq = 0;
  for (auto field : object) {
    switch (letter_of(field.key().raw())) {
      case 'u':
        seq = whole_number(field.value(), kLast, "u");
        break;
      case 's':
        id = symbol(field.value());
        break;
      case 'b':
        words[0] = text(field.value(), kBids, "b");
        break;
      case 'B':
        words[1] = text(field.value(), kBidQuantity, "B");
        break;
      case 'a':
        words[2] = text(field.value(), kAsks, "a");
        break;
      case 'A':
        words[3] = text(field.value(), kAskQuantity, "A");
        break;
      case 'T':
        time_ms_ = milliseconds(field.value(), kTime, "T");
        break;
      case 'E':
        sent_ms_ = milliseconds(field.value(), kSent, "E");
        break;
      default:
        break;
    }
  }
  const unsigned usdm = is_usdm(!without_type) ? kTime | kSent : 0u;
  require(kLast | kSymbol | kBids | kBidQuantity | kAsks | kAskQuantity | usdm,
          {{kLast, "u"},
           {kSymbol, "s"},
           {kBids, "b"},
           {kBidQuantity, "B"},
           {kAsks, "a"},
           {kAskQuantity, "A"},
           {kTime, "T"},
           {kSent, "E"}},
          "bookTicker");
  Event& event = add(EventKind::quote, id);
  event.quote = {symbols_.price(words[0], id, "b"), symbols_.quantity(words[1], id, "B"),
                 symbols_.price(words[2], id, "a"), symbols_.quantity(words[3], id, "A"), seq};
  set_times();
  return {MessageKind::book_ticker, id, {}};
}

// What trade and aggTrade share; another key is left out.
void MessageDecoder::trade_field(char letter, Value value, InstrumentId& id, const char*& price,
                                 const char*& quantity, bool& buyer_is_maker) {
  switch (letter) {
    case 'E':
      sent_ms_ = milliseconds(value, kSent, "E");
      break;
    case 'T':
      time_ms_ = milliseconds(value, kTime, "T");
      break;
    case 's':
      id = symbol(value);
      break;
    case 'p':
      price = text(value, kPrice, "p");
      break;
    case 'q':
      quantity = text(value, kQuantity, "q");
      break;
    case 'm':
      buyer_is_maker = truth(value, kMaker, "m");
      break;
    default:
      break;
  }
}

void MessageDecoder::add_trade(InstrumentId id, const char* price, const char* quantity, unsigned flags,
                               std::uint64_t seq, std::uint64_t id_first, std::uint64_t id_last) {
  Event& event = add(EventKind::trade, id);
  event.flags = static_cast<std::uint8_t>(flags);
  event.trade = {symbols_.price(price, id, "p"), symbols_.quantity(quantity, id, "q"), seq, id_first,
                 id_last};
  set_times();
}

ParsedMessage MessageDecoder::trade(Object& object) {
  begin("trade");
  InstrumentId id = 0;
  const char *price = nullptr, *quantity = nullptr;
  bool buyer_is_maker = false, is_usdm_trade = false, is_off_book = false;
  std::uint64_t seq = 0;
  for (auto field : object) {
    const char letter = letter_of(field.key().raw());
    if (letter == 't') {
      seq = whole_number(field.value(), kLast, "t");
    } else if (letter == 'X') {
      is_usdm_trade = true;
      is_off_book = until_quote(text(field.value(), kClosed, "X")) != "MARKET";
    } else if (letter != '\0') {
      trade_field(letter, field.value(), id, price, quantity, buyer_is_maker);
    }
  }
  is_usdm(is_usdm_trade);
  require(kTradeFields,
          {{kSent, "E"},
           {kTime, "T"},
           {kSymbol, "s"},
           {kPrice, "p"},
           {kQuantity, "q"},
           {kMaker, "m"},
           {kLast, "t"}},
          "trade");
  add_trade(id, price, quantity, maker_flag(buyer_is_maker) | (is_off_book ? unsigned{kOffBook} : 0u), seq,
            seq, seq);
  return {MessageKind::trade, id, {}};
}

ParsedMessage MessageDecoder::agg_trade(Object& object) {
  begin("aggTrade");
  InstrumentId id = 0;
  const char *price = nullptr, *quantity = nullptr;
  bool buyer_is_maker = false;
  std::uint64_t seq = 0, id_first = 0, id_last = 0;
  for (auto field : object) {
    const char letter = letter_of(field.key().raw());
    if (letter == 'a') {
      seq = whole_number(field.value(), kLast, "a");
    } else if (letter == 'f') {
      id_first = whole_number(field.value(), kFirst, "f");
    } else if (letter == 'l') {
      id_last = whole_number(field.value(), kPrevious, "l");
    } else if (letter != '\0') {
      trade_field(letter, field.value(), id, price, quantity, buyer_is_maker);
    }
  }
  require(kTradeFields | kFirst | kPrevious,
          {{kSent, "E"},
           {kTime, "T"},
           {kSymbol, "s"},
           {kPrice, "p"},
           {kQuantity, "q"},
           {kMaker, "m"},
           {kLast, "a"},
           {kFirst, "f"},
           {kPrevious, "l"}},
          "aggTrade");
  add_trade(id, price, quantity, kAggregate | maker_flag(buyer_is_maker), seq, id_first, id_last);
  return {MessageKind::agg_trade, id, {}};
}

}  // namespace hftsim::binance
