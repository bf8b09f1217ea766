#include "adapters/binance/rest_answers.h"

#include "adapters/binance/rest_json.h"

namespace hftsim::binance {

namespace ondemand = simdjson::ondemand;

std::optional<RestRefusal> parse_refusal(std::string_view body) {
  constexpr std::size_t kMessageBytesMax = 200;
  RestRefusal refusal;
  bool has_code = false;
  try {
    read_rest_json(body, {}, "", [&](ondemand::document& document) {
      ondemand::object object = document.get_object();
      for (ondemand::field field : object) {
        const std::string_view key = field.unescaped_key();
        if (key == "code") {
          refusal.code = field.value().get_int64();
          has_code = true;
        } else if (key == "msg") {
          refusal.message = readable_text(std::string_view(field.value().get_string()), kMessageBytesMax);
        }
      }
    });
  } catch (const BadInput&) {
    return std::nullopt;
  }
  return has_code ? std::optional(refusal) : std::nullopt;
}

std::int64_t parse_server_time_ns(std::string_view body, const std::string& url) {
  constexpr std::int64_t kMsMin = 1'000'000'000'000, kMsMax = 4'600'000'000'000;  // 2001 to 2115
  RestPlace place{.url = url};
  std::int64_t ms = 0;
  read_rest_json(body, place, "{\"serverTime\": milliseconds}", [&](ondemand::document& document) {
    ondemand::object object = document.get_object();
    for (ondemand::field field : object) {
      if (std::string_view(field.unescaped_key()) == "serverTime") ms = field.value().get_int64();
    }
  });
  if (ms < kMsMin || ms > kMsMax) place.refuse(std::to_string(ms), "serverTime, the milliseconds since 1970");
  return ms * 1'000'000;
}

std::vector<std::string> parse_symbols(std::string_view body, const std::string& url) {
  std::vector<std::string> symbols;
  bool found = false;
  RestPlace place{.url = url};
  read_rest_json(body, place, "an object with symbols", [&](ondemand::document& document) {
    ondemand::object object = document.get_object();
    for (ondemand::field field : object) {
      if (std::string_view(field.unescaped_key()) != "symbols") continue;
      found = true;
      ondemand::array all = field.value().get_array();
      for (ondemand::object symbol : all) {
        const std::string_view name = symbol["symbol"].get_string();
        symbols.emplace_back(name);
      }
    }
  });
  if (!found) place.refuse("no symbols", "an object with symbols");
  return symbols;
}

}  // namespace hftsim::binance
