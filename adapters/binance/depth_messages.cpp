#include "adapters/binance/message_decoder.h"

namespace hftsim::binance {

// [["61800.20","2.507"], ...]
void MessageDecoder::levels(Value value, std::uint8_t flags, InstrumentId id, Field field, const char* name) {
  what_ = name;
  seen_ |= field;
  Array array = value.get_array();
  for (auto item : array) {
    Array pair = item.get_array();
    std::size_t parts = 0;
    std::int64_t price = 0, quantity = 0;
    for (auto part : pair) {
      const char* const number = part.get_raw_json_string().value().raw();
      if (parts == 0) {
        price = symbols_.price(number, id, "price");
      } else if (parts == 1) {
        quantity = symbols_.quantity(number, id, "quantity");
      }
      ++parts;
    }
    if (parts != 2)
      throw BadInput(name, "a level of " + std::to_string(parts) + " parts", "price and quantity");
    Event& event = add(EventKind::book_change, id);
    event.flags = flags;
    event.book.price_ticks = price;
    event.book.quantity_lots = quantity;
  }
}

// Sequence numbers, times and the mark of the last one, for all levels of the message.
void MessageDecoder::end_book_message(InstrumentId id, std::uint8_t flags, const BookChangeBody& ids) {
  if (out_->size() == first_) add(EventKind::book_change, id).flags = flags | kNoLevels;
  for (std::size_t i = first_; i < out_->size(); ++i) {
    BookChangeBody& book = (*out_)[i].book;
    book.seq = ids.seq;
    book.seq_first = ids.seq_first;
    book.seq_previous = ids.seq_previous;
  }
  out_->back().flags |= kMessageEnd;
  set_times();
}

ParsedMessage MessageDecoder::depth(Object& object) {
  begin("depthUpdate");
  InstrumentId id = 0;
  BookChangeBody ids{};
  bool levels_came_first = false;
  for (auto field : object) {
    const char* const key = field.key().raw();
    switch (letter_of(key)) {
      case 'E':
        sent_ms_ = milliseconds(field.value(), kSent, "E");
        break;
      case 'T':
        time_ms_ = milliseconds(field.value(), kTime, "T");
        break;
      case 's':
        id = symbol(field.value());
        break;
      case 'U':
        ids.seq_first = whole_number(field.value(), kFirst, "U");
        break;
      case 'u':
        ids.seq = whole_number(field.value(), kLast, "u");
        break;
      case 'b':
      case 'a':
        if ((seen_ & kSymbol) == 0) {
          levels_came_first = true;
        } else if (key[0] == 'b') {
          levels(field.value(), kBidSide, id, kBids, "b");
        } else {
          levels(field.value(), 0, id, kAsks, "a");
        }
        break;
      default:
        if (is_key(key, "pu")) ids.seq_previous = whole_number(field.value(), kPrevious, "pu");
    }
  }
  if (levels_came_first) levels_again(object, id);
  const unsigned usdm = is_usdm((seen_ & kPrevious) != 0) ? kTime | kPrevious : 0u;
  require(kSent | kSymbol | kFirst | kLast | kBids | kAsks | usdm,
          {{kSent, "E"},
           {kTime, "T"},
           {kSymbol, "s"},
           {kFirst, "U"},
           {kLast, "u"},
           {kPrevious, "pu"},
           {kBids, "b"},
           {kAsks, "a"}},
          "depthUpdate");
  end_book_message(id, 0, ids);
  return {MessageKind::depth, id, {}};
}

// They stood before their symbol, whose steps they are in.
void MessageDecoder::levels_again(Object& object, InstrumentId id) {
  require(kSymbol, {{kSymbol, "s"}}, "depthUpdate");
  out_->resize(first_);
  restart(object);
  for (auto field : object) {
    const char letter = letter_of(field.key().raw());
    if (letter == 'b') levels(field.value(), kBidSide, id, kBids, "b");
    if (letter == 'a') levels(field.value(), 0, id, kAsks, "a");
  }
}

ParsedMessage MessageDecoder::snapshot(Object& object, InstrumentId id) {
  begin("REST depth");
  BookChangeBody ids{};
  for (auto field : object) {
    const char* const key = field.key().raw();
    if (letter_of(key) == 'E') {
      sent_ms_ = milliseconds(field.value(), kSent, "E");
    } else if (letter_of(key) == 'T') {
      time_ms_ = milliseconds(field.value(), kTime, "T");
    } else if (is_key(key, "lastUpdateId")) {
      ids.seq = ids.seq_first = whole_number(field.value(), kLast, "lastUpdateId");
    } else if (is_key(key, "bids")) {
      levels(field.value(), kBidSide | kSnapshot, id, kBids, "bids");
    } else if (is_key(key, "asks")) {
      levels(field.value(), kSnapshot, id, kAsks, "asks");
    }
  }
  require(kLast | kBids | kAsks, {{kLast, "lastUpdateId"}, {kBids, "bids"}, {kAsks, "asks"}}, "REST depth");
  end_book_message(id, kSnapshot, ids);
  return {MessageKind::snapshot, id, {}};
}

}  // namespace hftsim::binance
