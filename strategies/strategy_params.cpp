#include "strategies/strategy_params.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "engine/core/errors.h"
#include "engine/core/nearest_name.h"

namespace hftsim {
namespace {

// Reads back as the same number. Whole numbers in full: 100000, not 1e+05.
std::string shortest(double value) {
  char text[32];
  const bool is_whole = std::fabs(value) < 1e15 && std::trunc(value) == value;
  const auto format = is_whole ? std::chars_format::fixed : std::chars_format::general;
  return std::string(text, std::to_chars(text, text + sizeof(text), value, format).ptr);
}

// As a basic string of TOML.
std::string quoted(const std::string& text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string all = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      all += {'\\', c};
    } else if (const auto code = static_cast<unsigned char>(c); code < 0x20 || code == 0x7f) {
      all += {'\\', 'u', '0', '0', kHex[code >> 4], kHex[code & 15]};
    } else {
      all += c;
    }
  }
  return all + '"';
}

std::string element_text(double value) {
  return shortest(value);
}
std::string element_text(const std::string& value) {
  return quoted(value);
}

template <class Element>
std::string list_text(const std::vector<Element>& list) {
  std::string text = "[";
  for (std::size_t i = 0; i < list.size(); ++i) text += (i > 0 ? ", " : "") + element_text(list[i]);
  return text + "]";
}

std::string choices_text(const std::vector<std::string>& choices) {
  std::string text;
  for (std::size_t i = 0; i < choices.size(); ++i) text += (i > 0 ? ", " : "") + choices[i];
  return text;
}

std::string range_text(const ParamSpec& spec) {
  return "from " + shortest(spec.min) + " to " + shortest(spec.max);
}

// Brings `value` into the spec's type where that loses nothing; otherwise returns it as it is.
ParamValue converted(const ParamSpec& spec, const ParamValue& value) {
  const ParamType type = spec.type();
  if (const auto* integer = std::get_if<std::int64_t>(&value); integer && type == ParamType::real) {
    return static_cast<double>(*integer);
  }
  const auto* texts = std::get_if<std::vector<std::string>>(&value);
  if (texts && texts->empty() && type == ParamType::real_list) return std::vector<double>{};
  const auto* reals = std::get_if<std::vector<double>>(&value);
  if (reals && reals->empty() && type == ParamType::text_list) return std::vector<std::string>{};
  return value;
}

struct Fits {
  const ParamSpec& spec;

  // Written so that NaN does not fit.
  bool operator()(double value) const { return value >= spec.min && value <= spec.max; }
  bool operator()(std::int64_t value) const { return (*this)(static_cast<double>(value)); }
  bool operator()(bool) const { return true; }
  bool operator()(const std::string& value) const {
    return spec.choices.empty() || std::ranges::count(spec.choices, value) > 0;
  }
  template <class Element>
  bool operator()(const std::vector<Element>& list) const {
    return std::ranges::all_of(list, *this);
  }
};

// The first text of `value` that is not among the choices names its nearest ones.
std::string nearest_choice(const ParamSpec& spec, const ParamValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return did_you_mean(*text, spec.choices);
  const auto* texts = std::get_if<std::vector<std::string>>(&value);
  if (texts == nullptr) return "";
  const auto wrong = std::ranges::find_if_not(*texts, Fits{spec});
  return wrong == texts->end() ? "" : did_you_mean(*wrong, spec.choices);
}

}  // namespace

std::string_view name_of(ParamType type) {
  switch (type) {
    case ParamType::real:
      return "real";
    case ParamType::integer:
      return "integer";
    case ParamType::boolean:
      return "boolean";
    case ParamType::text:
      return "text";
    case ParamType::text_list:
      return "list of texts";
    case ParamType::real_list:
      return "list of reals";
  }
  return "?";
}

std::string to_text(const ParamValue& value) {
  struct Writer {
    std::string operator()(double v) const {
      // TOML tells 1.0 from 1: a real stays one when the config is read again.
      const std::string text = shortest(v);
      return text.find_first_not_of("-0123456789") == std::string::npos ? text + ".0" : text;
    }
    std::string operator()(std::int64_t v) const { return std::to_string(v); }
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(const std::string& v) const { return quoted(v); }
    std::string operator()(const std::vector<std::string>& v) const { return list_text(v); }
    std::string operator()(const std::vector<double>& v) const { return list_text(v); }
  };
  return std::visit(Writer{}, value);
}

namespace {

std::string type_and_range_of(const ParamSpec& spec) {
  switch (spec.type()) {
    case ParamType::real:
      return "a number " + range_text(spec);
    case ParamType::integer:
      return "an integer " + range_text(spec);
    case ParamType::boolean:
      return "true or false";
    case ParamType::text:
      return spec.choices.empty() ? "a text" : "one of " + choices_text(spec.choices);
    case ParamType::text_list:
      return spec.choices.empty() ? "a list of texts" : "a list out of " + choices_text(spec.choices);
    case ParamType::real_list:
      return "a list of numbers " + range_text(spec);
  }
  return "?";
}

}  // namespace

std::string expectation_of(const ParamSpec& spec) {
  return type_and_range_of(spec) + (spec.word.empty() ? "" : ", or " + spec.word);
}

ParamValue checked_value(const ParamSpec& spec, const ParamValue& value, const std::string& place) {
  if (!spec.word.empty() && value == ParamValue(spec.word)) return value;
  ParamValue own = converted(spec, value);
  if (own.index() != spec.default_value.index() || !std::visit(Fits{spec}, own)) {
    throw BadInput(place, to_text(value), expectation_of(spec) + nearest_choice(spec, value));
  }
  return own;
}

}  // namespace hftsim
