#include "models/strict_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "engine/core/errors.h"
#include "engine/core/nearest_name.h"

namespace hftsim::models {
namespace {

using Json = nlohmann::json;

constexpr int kDepthMax = 8;
constexpr std::size_t kShownCharacters = 60;

std::string quoted(const std::string& text) {
  const std::string escaped = Json(text).dump(-1, ' ', true, Json::error_handler_t::replace);
  if (escaped.size() <= kShownCharacters) return escaped;
  return escaped.substr(0, kShownCharacters) + "...\"";
}

// Refuses while the text is read, before more of it is kept: depth, and keys that come twice (of which the
// library would keep the last).
class Guard {
 public:
  explicit Guard(const std::string& place) : place_(place) {}

  bool operator()(int depth, Json::parse_event_t event, const Json& parsed) {
    const bool opens =
        event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start;
    if (opens && depth >= kDepthMax) {
      throw BadInput(place_, "values nested deeper", fmt::format("at most {} levels", kDepthMax));
    }
    if (event == Json::parse_event_t::object_start) keys_.emplace_back();
    if (event == Json::parse_event_t::object_end) keys_.pop_back();
    if (event == Json::parse_event_t::key) add(parsed.get_ref<const std::string&>());
    return true;
  }

 private:
  void add(const std::string& key) {
    if (!keys_.back().insert(key).second) throw BadInput(place_, quoted(key) + " twice", "every name once");
  }

  const std::string& place_;
  std::vector<std::set<std::string>> keys_;
};

// The library's words without its own name and number in front.
std::string parser_words(const Json::exception& error) {
  const std::string words = error.what();
  const std::size_t bracket = words.find("] ");
  return bracket == std::string::npos ? words : words.substr(bracket + 2);
}

}  // namespace

std::string shown(const Json& value) {
  if (value.is_string()) return quoted(value.get_ref<const std::string&>());
  if (value.is_object()) return "an object";
  if (value.is_array()) return fmt::format("a list of {}", value.size());
  return value.dump();
}

Json parse_json_object(std::string_view text, const std::string& place) {
  Json json;
  try {
    json = Json::parse(text, Guard(place));
  } catch (const Json::exception& error) {
    throw BadInput(place + ": is not JSON (which has neither NaN nor Infinity): " + parser_words(error));
  }
  if (!json.is_object()) throw BadInput(place, shown(json), "an object");
  return json;
}

bool JsonField::flag() const {
  if (!value_->is_boolean()) refuse("true or false");
  return value_->get<bool>();
}

double JsonField::number() const {
  if (!value_->is_number() || !std::isfinite(value_->get<double>())) refuse("a finite number");
  return value_->get<double>();
}

std::string JsonField::text() const {
  if (!value_->is_string()) refuse("a text");
  return value_->get<std::string>();
}

std::uint64_t JsonField::count(std::uint64_t min, std::uint64_t max) const {
  const bool in_range = value_->is_number_unsigned() && value_->get<std::uint64_t>() >= min &&
                        value_->get<std::uint64_t>() <= max;
  if (!in_range) {
    const bool open = max == std::numeric_limits<std::uint64_t>::max();
    refuse(open ? fmt::format("a whole number from {}", min)
                : fmt::format("a whole number from {} to {}", min, max));
  }
  return value_->get<std::uint64_t>();
}

std::vector<JsonField> JsonField::entries(std::size_t max) const {
  if (!value_->is_array()) refuse("a list");
  if (value_->size() > max) refuse(fmt::format("at most {}", max));
  std::vector<JsonField> fields;
  fields.reserve(value_->size());
  for (std::size_t i = 0; i < value_->size(); ++i) {
    fields.emplace_back((*value_)[i], *file_, fmt::format("{}[{}]", path_, i));
  }
  return fields;
}

void JsonField::expect_object() const {
  if (!value_->is_object()) refuse("an object");
}

std::vector<std::string> JsonField::keys() const {
  expect_object();
  std::vector<std::string> all;
  for (const auto& item : value_->items()) all.push_back(item.key());
  return all;
}

void JsonField::expect_only(std::span<const std::string> known) const {
  for (const std::string& key : keys()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::string near = key.size() > kShownCharacters ? "" : did_you_mean(key, known);
    throw BadInput(place() + ": unknown field " + quoted(key) + near + "; docs/models.md lists the fields");
  }
}

JsonField JsonField::operator[](const std::string& key) const {
  const auto found = value_->find(key);
  if (found == value_->end()) throw BadInput(place() + ": '" + key + "' is missing");
  return {*found, *file_, path_.empty() ? key : path_ + "." + key};
}

void JsonField::refuse(const std::string& expectation) const {
  throw BadInput(place(), shown(*value_), expectation);
}

}  // namespace hftsim::models
