#include "adapters/binance/symbol_table.h"

#include <algorithm>
#include <cstring>

namespace hftsim::binance {
namespace {

constexpr std::size_t kSymbolsMax = 10'000;
constexpr std::size_t kSymbolBytesMax = 64;

bool is_plain_decimal(std::string_view text) {
  const auto is_digit = [](char c) {
    return c >= '0' && c <= '9';
  };
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view behind = point == std::string_view::npos ? "0" : text.substr(point + 1);
  return !whole.empty() && !behind.empty() && std::ranges::all_of(whole, is_digit) &&
         std::ranges::all_of(behind, is_digit);
}

std::string step_text(DecimalStep step) {
  return format_steps(1, step);
}

}  // namespace

std::string_view until_quote(const char* text) {
  return {text, static_cast<std::size_t>(std::strchr(text, '"') - text)};
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kMost = 60;
  std::string out = "'";
  for (const char c : text.substr(0, kMost)) out += c < 0x20 || c == 0x7f ? '?' : c;
  return out + (text.size() > kMost ? "...'" : "'");
}

SymbolTable::SymbolTable(std::vector<Instrument> instruments)
    : instruments_(std::move(instruments)), has_bars_(instruments_.size(), true), unknown_(Unknown::refuse) {
  for (std::size_t id = 0; id < instruments_.size(); ++id)
    ids_.emplace(instruments_[id].symbol, static_cast<InstrumentId>(id));
}

InstrumentId SymbolTable::look_up(std::string_view symbol) {
  const auto known = ids_.find(symbol);
  if (known != ids_.end()) return known->second;
  if (unknown_ == Unknown::refuse)
    throw OutsideTable("symbol", quoted(symbol), "one of the symbols looked at before");
  if (symbol.size() > kSymbolBytesMax || instruments_.size() >= kSymbolsMax)
    throw BadInput("symbol", quoted(symbol), "at most 10000 symbols of 64 bytes");
  const auto id = static_cast<InstrumentId>(instruments_.size());
  ids_.emplace(symbol, id);
  Instrument& instrument = instruments_.emplace_back();
  instrument.symbol = symbol;
  instrument.price_step = instrument.quantity_step = {1, 0};
  instrument.lot_size = 0;
  instrument.bar_interval = Duration(0);
  has_bars_.push_back(false);
  return id;
}

InstrumentId SymbolTable::only_id() {
  if (unknown_ == Unknown::learn) return id_of("");
  if (instruments_.size() == 1) return 0;
  throw BadInput("snapshot", "a body that names no symbol among " + std::to_string(instruments_.size()),
                 "captures with one symbol, or bodies with their URL");
}

std::int64_t SymbolTable::unusual_steps(const char* text, DecimalStep& step, InstrumentId id,
                                        const char* field) {
  const std::string_view number = until_quote(text);
  if (!is_plain_decimal(number)) throw BadInput(field, quoted(number), "a decimal number not below 0");
  const int decimals = decimals_of(number);
  if (unknown_ == Unknown::learn && decimals > step.decimals && decimals <= kDecimalsMax)
    step.decimals = decimals;
  if (const auto n = parse_steps(number, step)) return *n;
  const std::string of = instruments_[id].symbol + " " + field;
  if (unknown_ == Unknown::refuse && parse_steps(number, {1, std::min(decimals, kDecimalsMax)}))
    throw OutsideTable(of, quoted(number), "a multiple of " + step_text(step) + " that 64 bits can count");
  throw BadInput(of, quoted(number), "a number of steps of " + step_text(step) + " that 64 bits can count");
}

bool SymbolTable::has_interval(InstrumentId id, Duration interval) {
  if (!has_bars_[id] && unknown_ == Unknown::learn) {
    has_bars_[id] = true;
    instruments_[id].bar_interval = interval;
  }
  return instruments_[id].bar_interval == interval;
}

void SymbolTable::merge_unnamed(InstrumentId unnamed, InstrumentId named) {
  const Instrument& from = instruments_[unnamed];
  Instrument& to = instruments_[named];
  to.price_step.decimals = std::max(to.price_step.decimals, from.price_step.decimals);
  to.quantity_step.decimals = std::max(to.quantity_step.decimals, from.quantity_step.decimals);
}

void SymbolTable::finish(const std::string& name_of_unnamed) {
  unknown_ = Unknown::refuse;
  const auto unnamed = ids_.find("");
  if (unnamed == ids_.end()) return;
  if (!name_of_unnamed.empty() && !ids_.contains(name_of_unnamed)) {
    instruments_[unnamed->second].symbol = name_of_unnamed;
  } else {
    const std::string& wanted =
        name_of_unnamed.empty() && ids_.size() == 2 ? ids_.rbegin()->first : name_of_unnamed;
    const auto named = ids_.find(wanted);
    if (wanted.empty() || named == ids_.end())
      throw BadInput("snapshot", "a body that names no symbol among " + std::to_string(ids_.size() - 1),
                     "captures with one symbol, or --symbol to say whose it is");
    merge_unnamed(unnamed->second, named->second);
    instruments_.erase(instruments_.begin() + unnamed->second);
  }
  *this = SymbolTable(std::vector<Instrument>(instruments_));
}

}  // namespace hftsim::binance
