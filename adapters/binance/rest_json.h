// Reading the body of a REST answer with simdjson: whatever is wrong with it becomes BadInput that says where.
#pragma once

#include <fmt/format.h>
#include <simdjson.h>

#include <string>
#include <string_view>

#include "adapters/readable_text.h"
#include "engine/core/errors.h"

namespace hftsim::binance {

// Where in a body the reader is. Kept up to date by it.
struct RestPlace {
  std::string url;
  const char* item = "";  // "kline"
  std::size_t row = 0;    // counted from 1; 0: not in one
  const char* field = "";

  std::string text() const {
    std::string all = url;
    if (row > 0) all += fmt::format(": {} {}", item, row);
    return *field ? all + ": " + field : all;
  }

  [[noreturn]] void refuse(std::string_view value, const std::string& expectation) const {
    throw BadInput(text(), readable_text(value, 200), expectation);
  }
};

// Hands `read` the document; it has to take all of it. `expectation`: what the body has to be.
template <class Read>
void read_rest_json(std::string_view body, const RestPlace& place, const char* expectation,
                    const Read& read) {
  simdjson::ondemand::parser parser;
  const simdjson::padded_string padded(body);
  try {
    simdjson::ondemand::document document = parser.iterate(padded);
    read(document);
    // Where the JSON has ended, the reader is nowhere.
    if (!document.current_location().error()) place.refuse("more behind the end of the JSON", expectation);
  } catch (const simdjson::simdjson_error& error) {
    place.refuse(fmt::format("'{}' ({})", readable_text(body, 60), error.what()), expectation);
  }
}

}  // namespace hftsim::binance
