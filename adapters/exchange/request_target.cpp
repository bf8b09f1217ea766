#include "adapters/exchange/request_target.h"

#include <algorithm>
#include <charconv>

namespace hftsim::exchange {
namespace {

bool belongs_in_target(char c) {
  return c > ' ' && c < 0x7f;
}

// One parameter, "name=value" or "name".
bool add_parameter(RequestTarget& target, std::string_view text) {
  const std::size_t equals = std::min(text.find('='), text.size());
  std::optional<std::string> name = percent_decoded(text.substr(0, equals));
  std::optional<std::string> value = percent_decoded(text.substr(std::min(equals + 1, text.size())));
  if (!name || !value || target.query.size() == kQueryParametersMax) return false;
  target.query.push_back({std::move(*name), std::move(*value)});
  return true;
}

bool add_query(RequestTarget& target, std::string_view query) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    if (end > 0 && !add_parameter(target, query.substr(0, end))) return false;
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return true;
}

}  // namespace

const std::string* RequestTarget::find(std::string_view name) const {
  const auto found = std::ranges::find(query, name, &QueryParameter::name);
  return found == query.end() ? nullptr : &found->value;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    unsigned value = 0;
    const std::string_view digits = text.substr(i + 1, 2);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() != 2 || error != std::errc{} || end != digits.data() + 2) return std::nullopt;
    decoded += static_cast<char>(value);
    i += 2;
  }
  return decoded;
}

std::optional<RequestTarget> parse_target(std::string_view text) {
  if (text.size() > kTargetBytesMax || !text.starts_with('/')) return std::nullopt;
  if (!std::ranges::all_of(text, belongs_in_target)) return std::nullopt;
  RequestTarget target;
  const std::size_t question = std::min(text.find('?'), text.size());
  std::optional<std::string> path = percent_decoded(text.substr(0, question));
  if (!path || !add_query(target, text.substr(std::min(question + 1, text.size())))) return std::nullopt;
  target.path = std::move(*path);
  return target;
}

}  // namespace hftsim::exchange
