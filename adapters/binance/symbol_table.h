// The symbols that messages are of, and the grid on which the prices and quantities of each lie: what turns their text
// into integers exactly.
//
// The step of a symbol is one unit of the last decimal that the exchange writes: {1, 2} for "61800.20". It writes as
// many for every price of a symbol, so that recordings of different days lie on one grid, and a number turns back into
// the same text. Nothing is rounded: a text between two steps is refused, or, where the table is to learn from a first
// pass over the data, makes the step finer.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/errors.h"
#include "engine/core/event.h"
#include "engine/core/instrument.h"

namespace hftsim::binance {

// A message is of a symbol, or on a grid, that the table does not have: a longer look at the data helps.
class OutsideTable : public BadInput {
 public:
  using BadInput::BadInput;
};

class SymbolTable {
 public:
  enum class Unknown : std::uint8_t { refuse, learn };

  // Learns from what it is asked.
  SymbolTable() : unknown_(Unknown::learn) {}
  // Has these, and refuses others.
  explicit SymbolTable(std::vector<Instrument> instruments);

  // Throws OutsideTable where it is not there and may not be learnt.
  InstrumentId id_of(std::string_view symbol) {
    if (last_ < instruments_.size() && instruments_[last_].symbol == symbol) return last_;
    return last_ = look_up(symbol);
  }
  // Of a body that names no symbol: the only one there is; while learning, one without a name. Throws BadInput where there
  // are several.
  InstrumentId only_id();

  // What follows the opening quote of a JSON string, in steps. Throws BadInput naming `field` where it is no plain decimal
  // of 18 digits at most, OutsideTable where it lies between two steps and may not be learnt.
  std::int64_t price(const char* text, InstrumentId id, const char* field) {
    return steps(text, instruments_[id].price_step, id, field);
  }
  std::int64_t quantity(const char* text, InstrumentId id, const char* field) {
    return steps(text, instruments_[id].quantity_step, id, field);
  }

  // Whether bars of that interval are this symbol's: of the first that comes while learning.
  bool has_interval(InstrumentId id, Duration interval);

  // Ends the learning: one without a name is the only other, or gets this name where that is not "". Throws BadInput where
  // it cannot be told.
  void finish(const std::string& name_of_unnamed);

  std::span<const Instrument> instruments() const { return instruments_; }

 private:
  std::int64_t steps(const char* text, DecimalStep& step, InstrumentId id, const char* field);
  std::int64_t unusual_steps(const char* text, DecimalStep& step, InstrumentId id, const char* field);
  InstrumentId look_up(std::string_view symbol);
  void merge_unnamed(InstrumentId unnamed, InstrumentId named);

  std::vector<Instrument> instruments_;
  std::vector<bool> has_bars_;
  std::map<std::string, InstrumentId, std::less<>> ids_;
  InstrumentId last_ = 0;
  Unknown unknown_;
};

inline std::int64_t SymbolTable::steps(const char* text, DecimalStep& step, InstrumentId id,
                                       const char* field) {
  constexpr int kDigitsMax = 18;  // of which every number has 64 bits
  std::uint64_t value = 0;        // of text that is too long it is of no use
  const char* c = text;
  for (; static_cast<unsigned char>(*c - '0') < 10; ++c)
    value = value * 10 + static_cast<std::uint64_t>(*c - '0');
  std::ptrdiff_t digits = c - text;
  if (digits == 0 || digits > kDigitsMax) [[unlikely]]
    return unusual_steps(text, step, id, field);
  std::ptrdiff_t decimals = 0;
  if (*c == '.') {
    const char* const behind = ++c;
    const char* const end = behind + (kDigitsMax - digits);
    for (; c < end && static_cast<unsigned char>(*c - '0') < 10; ++c)
      value = value * 10 + static_cast<std::uint64_t>(*c - '0');
    decimals = c - behind;
  }
  if (*c != '"' || decimals != step.decimals || step.units != 1) [[unlikely]]
    return unusual_steps(text, step, id, field);
  return static_cast<std::int64_t>(value);
}

// What stands before the closing quote.
std::string_view until_quote(const char* text);

// A piece of foreign text for a message: quoted, control characters and whatever is longer than 60 bytes left out.
std::string quoted(std::string_view text);

}  // namespace hftsim::binance
