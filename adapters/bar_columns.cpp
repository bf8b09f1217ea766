#include "adapters/bar_columns.h"

#include <algorithm>
#include <vector>

#include "adapters/lower_case.h"
#include "adapters/readable_text.h"
#include "engine/core/errors.h"
#include "engine/core/nearest_name.h"

namespace hftsim {
namespace {

struct Synonyms {
  BarColumn column;
  std::vector<std::string_view> names;  // the preferred first
};

const std::array<Synonyms, kBarColumnCount>& synonyms() {
  static const std::array<Synonyms, kBarColumnCount> table{{
      {BarColumn::time,
       {"opentime", "timestamp", "datetime", "timestampms", "timestampus", "timestampns", "ts", "tsns",
        "opentimestamp", "starttime", "date", "time", "epoch", "unix", "unixtime", "t", "opendate"}},
      {BarColumn::open, {"open", "openprice", "o"}},
      {BarColumn::high, {"high", "highprice", "h"}},
      {BarColumn::low, {"low", "lowprice", "l"}},
      {BarColumn::close, {"close", "closeprice", "c"}},
      {BarColumn::volume, {"volume", "vol", "basevolume", "volumebase", "v", "qty", "quantity"}},
      {BarColumn::trades,
       {"trades", "count", "numtrades", "ntrades", "numberoftrades", "tradecount", "tradescount",
        "tradesnumber", "transactions", "n"}},
      {BarColumn::close_time, {"closetime"}},
  }};
  return table;
}

std::string normalized(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (std::string_view(" _-.<>\"\r").find(c) != std::string_view::npos) continue;
    plain += lower_case(c);
  }
  return plain;
}

std::optional<std::size_t> find_column(std::span<const std::string> plain_names, const Synonyms& wanted) {
  for (const std::string_view name : wanted.names) {
    const auto found = std::find(plain_names.begin(), plain_names.end(), name);
    if (found != plain_names.end()) return static_cast<std::size_t>(found - plain_names.begin());
  }
  return std::nullopt;
}

std::vector<std::string> all_normalized(std::span<const std::string> names) {
  std::vector<std::string> plain_names;
  for (const std::string& name : names) plain_names.push_back(normalized(name));
  return plain_names;
}

// Refuses a column beside another one named `plain_name`, from the `first`-th on: which of them to take, or how to put
// them together, would be a guess.
void require_without(std::span<const std::string> names, std::span<const std::string> plain_names,
                     std::size_t chosen, std::string_view plain_name, std::size_t first,
                     const std::string& place, const char* expectation) {
  const auto other =
      std::find(plain_names.begin() + static_cast<std::ptrdiff_t>(first), plain_names.end(), plain_name);
  if (other == plain_names.end()) return;
  const auto second = static_cast<std::size_t>(other - plain_names.begin());
  throw BadInput(
      place, "the columns '" + readable_text(names[chosen]) + "' and '" + readable_text(names[second]) + "'",
      expectation);
}

void require_once(std::span<const std::string> names, std::span<const std::string> plain_names,
                  std::size_t chosen, const std::string& place) {
  require_without(names, plain_names, chosen, plain_names[chosen], chosen + 1, place, "one of them");
}

// A day and the time of day beside it: either alone would be half of the bar's time.
void require_whole_time(std::span<const std::string> names, std::span<const std::string> plain_names,
                        std::size_t chosen, const std::string& place) {
  if (plain_names[chosen] != "date") return;
  require_without(
      names, plain_names, chosen, "time", 0, place,
      "one column that holds a bar's whole time (2024-01-02 15:35:00), or the other one left out");
}

std::string joined(std::span<const std::string> names) {
  constexpr std::size_t kShown = 40, kNameBytesShown = 60;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i)
    text += (i > 0 ? ", " : "") + readable_text(names[i], kNameBytesShown);
  return names.size() > kShown ? text + ", ..." : text;
}

}  // namespace

std::string_view name_of(BarColumn column) {
  constexpr std::array<std::string_view, kBarColumnCount> kNames{"time",  "open",   "high",   "low",
                                                                 "close", "volume", "trades", "close_time"};
  return kNames[static_cast<std::size_t>(column)];
}

BarColumnMap map_bar_columns(std::span<const std::string> names, const std::string& place) {
  const std::vector<std::string> plain_names = all_normalized(names);
  BarColumnMap map;
  for (const Synonyms& wanted : synonyms()) {
    const auto part = static_cast<std::size_t>(wanted.column);
    map[part] = find_column(plain_names, wanted);
    if (map[part]) require_once(names, plain_names, *map[part], place);
    if (map[part] && wanted.column == BarColumn::time) {
      require_whole_time(names, plain_names, *map[part], place);
    }
    if (map[part] || part >= kBarColumnsRequired) continue;
    const std::string name(name_of(wanted.column));
    throw BadInput(place, "no column '" + name + "'" + did_you_mean(name, names),
                   "the columns time, open, high, low, close, volume; the file has: " + joined(names));
  }
  return map;
}

std::size_t count_bar_columns(std::span<const std::string> names) {
  const std::vector<std::string> plain_names = all_normalized(names);
  return static_cast<std::size_t>(
      std::count_if(synonyms().begin(), synonyms().end(),
                    [&](const Synonyms& wanted) { return find_column(plain_names, wanted).has_value(); }));
}

BarColumnMap headerless_bar_columns(std::size_t column_count, const std::string& place) {
  BarColumnMap map;
  if (column_count != 12 && column_count != 6) {
    throw BadInput(place, std::to_string(column_count) + " columns without a header",
                   "a header line, or Binance's 12 columns, or 6: time, open, high, low, close, volume");
  }
  for (std::size_t part = 0; part < kBarColumnsRequired; ++part) map[part] = part;
  if (column_count == 12) {
    map[static_cast<std::size_t>(BarColumn::close_time)] = 6;
    map[static_cast<std::size_t>(BarColumn::trades)] = 8;
  }
  return map;
}

}  // namespace hftsim
