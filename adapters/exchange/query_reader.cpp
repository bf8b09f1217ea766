#include "adapters/exchange/query_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace hftsim::exchange {

QueryReader::QueryReader(const RequestTarget& target) : target_(target) {
  for (const QueryParameter& parameter : target.query) {
    if (std::ranges::count(target.query, parameter.name, &QueryParameter::name) > 1) {
      throw refused(-1101, "Duplicate values for a parameter detected.");
    }
    if (parameter.value.empty())
      throw refused(-1105, fmt::format("Parameter '{}' was empty.", parameter.name));
  }
}

std::optional<std::string> QueryReader::optional(const std::string& name) {
  const std::string* value = target_.find(name);
  if (value == nullptr) return std::nullopt;
  ++read_;
  return *value;
}

std::string QueryReader::required(const std::string& name) {
  std::optional<std::string> value = optional(name);
  if (value) return *std::move(value);
  throw refused(-1102,
                fmt::format("Mandatory parameter '{}' was not sent, was empty/null, or malformed.", name));
}

std::optional<std::int64_t> QueryReader::number(const std::string& name) {
  const std::optional<std::string> text = optional(name);
  if (!text) return std::nullopt;
  std::int64_t value = 0;
  const char* const last = text->data() + text->size();
  const auto [end, error] = std::from_chars(text->data(), last, value);
  if (error == std::errc{} && end == last && value >= 0) return value;
  throw refused(
      -1100,
      fmt::format("Illegal characters found in parameter '{}'; legal range is '^[0-9]{{1,20}}$'.", name));
}

std::optional<std::int64_t> QueryReader::time_ns(const std::string& name) {
  constexpr std::int64_t kMilliseconds_max = INT64_MAX / 1'000'000 - 1;  // there is a millisecond behind it
  const std::optional<std::int64_t> ms = number(name);
  return ms ? std::optional(std::min(*ms, kMilliseconds_max) * 1'000'000) : std::nullopt;
}

void QueryReader::finish() const {
  if (read_ == target_.query.size()) return;
  throw refused(-1104,
                fmt::format("Not all sent parameters were read; read '{}' parameter(s) but was sent '{}'.",
                            read_, target_.query.size()));
}

}  // namespace hftsim::exchange
