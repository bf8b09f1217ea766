// What reads one message: its fields as simdjson comes to them, and the events that they make. Behind MessageParser,
// whose header says what becomes of which message; the kinds are in depth_messages.cpp, trade_messages.cpp and
// kline_messages.cpp.
#pragma once

#include <simdjson.h>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/binance/message_parser.h"
#include "adapters/binance/symbol_table.h"
#include "engine/core/errors.h"

namespace hftsim::binance {

using Array = simdjson::ondemand::array;
using Object = simdjson::ondemand::object;
using Value = simdjson::ondemand::value;

inline constexpr std::int64_t kNsPerMs = 1'000'000;

// What was read of a message, as bits. Which letter stands for what goes with the message's kind.
enum Field : unsigned {
  kSent = 1,
  kTime = 2,
  kSymbol = 4,
  kFirst = 8,
  kLast = 16,
  kPrevious = 32,
  kBids = 64,
  kAsks = 128,
  kPrice = 256,
  kQuantity = 512,
  kMaker = 1024,
  kBidQuantity = 2048,
  kAskQuantity = 4096,
  kOpenTime = 8192,
  kInterval = 16384,
  kClosed = 32768,
  kCount = 65536
};

struct FieldName {
  unsigned field;
  const char* name;
};

// A key of one letter is told by it; 0: another.
inline char letter_of(const char* key) {
  return key[1] == '"' ? key[0] : '\0';
}
bool is_key(const char* key, std::string_view name);
void restart(Object& object);

class MessageDecoder {
 public:
  MessageDecoder(SymbolTable& symbols, std::optional<Market> known) : market(known), symbols_(symbols) {}

  // Before message() or snapshot_of(), whose events go to the end of `out`; the text they are to read.
  simdjson::padded_string_view begin_with(std::string_view json, std::int64_t recv_ns,
                                          std::vector<Event>& out);
  ParsedMessage message(simdjson::padded_string_view json);
  ParsedMessage snapshot_of(simdjson::padded_string_view json, std::string_view symbol);
  const char* what() const { return what_; }  // was read last, for the message of an error

  std::optional<Market> market;
  std::int64_t latest_ns = 0;

 private:
  // "data" came before "stream": the name first, then the rest.
  ParsedMessage with_stream_behind(simdjson::padded_string_view json);
  ParsedMessage data(Value value, std::string_view stream);
  ParsedMessage body(Object& object, std::string_view stream);
  ParsedMessage event(Object& object, std::string_view type);
  ParsedMessage unknown(std::string_view name);

  // Fields. Each notes its name first, for the message of an error.
  void begin(const char* message) {
    what_ = message;
    seen_ = 0;
    sent_ms_ = time_ms_ = 0;
  }
  std::uint64_t whole_number(Value value, Field field, const char* name) {
    what_ = name;
    seen_ |= field;
    return value.get_uint64();
  }
  std::int64_t milliseconds(Value value, Field field, const char* name);
  const char* text(Value value, Field field, const char* name) {
    what_ = name;
    seen_ |= field;
    return value.get_raw_json_string().value().raw();
  }
  bool truth(Value value, Field field, const char* name) {
    what_ = name;
    seen_ |= field;
    return value.get_bool();
  }
  InstrumentId symbol(Value value) {
    if ((seen_ & kSymbol) != 0) throw BadInput("s", "a second one", "one symbol");
    return symbols_.id_of(until_quote(text(value, kSymbol, "s")));
  }
  void require(unsigned fields, std::initializer_list<FieldName> names, const char* message) const;
  bool is_usdm(bool looks_so) {
    if (!market) market = looks_so ? Market::usdm : Market::spot;
    return *market == Market::usdm;
  }

  // Times of all events of the message from what was seen of T and E.
  void set_times();
  Event& add(EventKind kind, InstrumentId instrument) {
    Event& event = out_->emplace_back();
    event.kind = kind;
    event.instrument = instrument;
    return event;
  }

  // [["61800.20","2.507"], ...]
  void levels(Value value, std::uint8_t flags, InstrumentId id, Field field, const char* name);
  // Sequence numbers, times and the mark of the last one, for all levels of the message.
  void end_book_message(InstrumentId id, std::uint8_t flags, const BookChangeBody& ids);
  ParsedMessage depth(Object& object);
  // They stood before their symbol, whose steps they are in.
  void levels_again(Object& object, InstrumentId id);
  ParsedMessage snapshot(Object& object, InstrumentId id);

  ParsedMessage book_ticker(Object& object, bool without_type);
  // What trade and aggTrade share; another key is left out.
  void trade_field(char letter, Value value, InstrumentId& id, const char*& price, const char*& quantity,
                   bool& buyer_is_maker);
  void add_trade(InstrumentId id, const char* price, const char* quantity, unsigned flags, std::uint64_t seq,
                 std::uint64_t id_first, std::uint64_t id_last);
  ParsedMessage trade(Object& object);
  ParsedMessage agg_trade(Object& object);

  // Prices and volume of a bar are doubles; their text widens the steps all the same, so that they can be written again.
  double bar_number(Value value, Field field, const char* name, InstrumentId id, bool is_price);
  ParsedMessage kline(Object& object);
  // Whether it is closed; its bar then, unless it is of another interval than the symbol's bars.
  bool kline_bar(Object& bar, InstrumentId id);

  SymbolTable& symbols_;
  simdjson::ondemand::parser parser_;
  std::vector<char> text_;
  std::string name_;
  const char* what_ = "message";
  // Of the message that is being read.
  std::vector<Event>* out_ = nullptr;
  std::size_t first_ = 0;
  std::int64_t recv_ns_ = 0, sent_ms_ = 0, time_ms_ = 0;
  unsigned seen_ = 0;
};

}  // namespace hftsim::binance
