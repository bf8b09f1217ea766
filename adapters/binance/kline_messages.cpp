#include "adapters/binance/message_decoder.h"

#include "adapters/bar_time.h"
#include "adapters/parse_number.h"

namespace hftsim::binance {

ParsedMessage MessageDecoder::kline(Object& object) {
  begin("kline");
  InstrumentId id = 0;
  bool has_bar = false, is_closed = false;
  for (auto field : object) {
    const char letter = letter_of(field.key().raw());
    if (letter == 'E') {
      sent_ms_ = milliseconds(field.value(), kSent, "E");
    } else if (letter == 's') {
      id = symbol(field.value());
    } else if (letter == 'k') {
      require(kSymbol, {{kSymbol, "s"}}, "kline before k");
      if (has_bar) throw BadInput("k", "a second one", "one kline");
      Object bar = field.value().get_object();
      is_closed = kline_bar(bar, id);
      has_bar = true;
    }
  }
  if (!has_bar) throw BadInput("kline", "no field k", "it");
  if (is_closed && out_->size() == first_) return unknown("kline of another interval");
  return {is_closed ? MessageKind::kline_closed : MessageKind::kline_open, id, {}};
}

// Whether it is closed; its bar then, unless it is of another interval than the symbol's bars.
bool MessageDecoder::kline_bar(Object& bar, InstrumentId id) {
  BarBody body{};
  std::uint64_t trades = 0;
  std::int64_t open_ms = 0;
  Duration interval{0};
  bool is_closed = false;
  for (auto field : bar) {
    switch (letter_of(field.key().raw())) {
      case 't':
        open_ms = milliseconds(field.value(), kOpenTime, "t");
        break;
      case 'i':
        interval = parse_interval(until_quote(text(field.value(), kInterval, "i"))).value_or(Duration(0));
        break;
      case 'o':
        body.open = bar_number(field.value(), kFirst, "o", id, true);
        break;
      case 'h':
        body.high = bar_number(field.value(), kLast, "h", id, true);
        break;
      case 'l':
        body.low = bar_number(field.value(), kPrevious, "l", id, true);
        break;
      case 'c':
        body.close = bar_number(field.value(), kPrice, "c", id, true);
        break;
      case 'v':
        body.volume = bar_number(field.value(), kQuantity, "v", id, false);
        break;
      case 'n':
        trades = whole_number(field.value(), kCount, "n");
        break;
      case 'x':
        is_closed = truth(field.value(), kClosed, "x");
        break;
      default:
        break;
    }
  }
  require(kOpenTime | kInterval | kFirst | kLast | kPrevious | kPrice | kQuantity | kCount | kClosed,
          {{kOpenTime, "t"},
           {kInterval, "i"},
           {kFirst, "o"},
           {kLast, "h"},
           {kPrevious, "l"},
           {kPrice, "c"},
           {kQuantity, "v"},
           {kCount, "n"},
           {kClosed, "x"}},
          "kline");
  if (!is_closed || interval.value <= 0 || !symbols_.has_interval(id, interval)) return is_closed;
  if (trades > UINT32_MAX) throw BadInput("n", std::to_string(trades), "a number of trades in 32 bits");
  std::int64_t close_ns = 0;
  if (__builtin_add_overflow(open_ms * kNsPerMs, interval.value, &close_ns))
    throw BadInput("t", std::to_string(open_ms), "a time before 2262");
  Event event = make_bar(Timestamp(close_ns), id, body, static_cast<std::uint32_t>(trades));
  event.recv_ns = recv_ns_;
  out_->push_back(event);
  if (close_ns > latest_ns) latest_ns = close_ns;
  return true;
}

// Prices and volume of a bar are doubles; their text widens the steps all the same, so that they can be written again.
double MessageDecoder::bar_number(Value value, Field field, const char* name, InstrumentId id,
                                  bool is_price) {
  const char* const start = text(value, field, name);
  const std::string_view number = until_quote(start);
  if (is_price) {
    symbols_.price(start, id, name);
  } else {
    symbols_.quantity(start, id, name);
  }
  double parsed = 0;
  if (!parse_number(number, parsed)) throw BadInput(name, quoted(number), "a decimal number");
  return parsed;
}

}  // namespace hftsim::binance
