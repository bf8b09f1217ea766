#include "adapters/exchange/subscribe_message.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

namespace hftsim::exchange {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 5> kMethods = {"SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS",
                                                      "SET_PROPERTY", "GET_PROPERTY"};
constexpr std::size_t kIdBytesMax = 36;

// An answer's text: what a client sent may not be valid UTF-8.
std::string json_text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string id_of(const Json& message) {
  const auto id = message.find("id");
  if (id == message.end() || id->is_null()) return "null";
  if (id->is_number_integer()) return id->dump();
  if (id->is_string() && id->get_ref<const std::string&>().size() <= kIdBytesMax) return json_text(*id);
  throw SubscribeError{2, "Invalid request: request ID must be an unsigned integer"};
}

SubscribeMethod method_of(const Json& message, const std::string& id) {
  const auto method = message.find("method");
  if (method == message.end()) throw SubscribeError{2, "Invalid request: missing field `method`", id};
  if (!method->is_string()) throw SubscribeError{2, "Invalid request: method must be a string", id};
  const std::string& word = method->get_ref<const std::string&>();
  for (std::size_t i = 0; i < kMethods.size(); ++i) {
    if (kMethods[i] == word) return static_cast<SubscribeMethod>(i);
  }
  throw SubscribeError{
      2,
      fmt::format("Invalid request: unknown variant `{}`, expected one of `SUBSCRIBE`, `UNSUBSCRIBE`, "
                  "`LIST_SUBSCRIPTIONS`, `SET_PROPERTY`, `GET_PROPERTY`",
                  word.substr(0, kIdBytesMax)),
      id};
}

void read_streams(SubscribeMessage& read, const Json& params) {
  for (const Json& stream : params) {
    if (!stream.is_string()) throw SubscribeError{2, "Invalid request: stream must be a string", read.id};
    read.streams.push_back(stream.get<std::string>());
  }
}

// ["combined", true]
void read_property(SubscribeMessage& read, const Json& params) {
  const std::size_t wanted = read.method == SubscribeMethod::set_property ? 2 : 1;
  if (params.size() > wanted) throw SubscribeError{2, "Invalid request: too many parameters", read.id};
  if (params.size() < wanted) throw SubscribeError{2, "Invalid request: not enough parameters", read.id};
  if (!params[0].is_string())
    throw SubscribeError{2, "Invalid request: property name must be a string", read.id};
  read.property = params[0].get<std::string>();
  if (read.property != "combined") throw SubscribeError{0, "Unknown property", read.id};
  if (wanted == 1) return;
  if (!params[1].is_boolean()) throw SubscribeError{1, "Invalid value type: expected Boolean", read.id};
  read.value = params[1].get<bool>();
}

}  // namespace

SubscribeMessage parse_subscribe_message(std::string_view text) {
  const Json message = Json::parse(text, nullptr, false);
  if (message.is_discarded()) throw SubscribeError{3, "Invalid JSON: expected value"};
  if (!message.is_object()) throw SubscribeError{2, "Invalid request: expected an object"};
  SubscribeMessage read;
  read.id = id_of(message);
  read.method = method_of(message, read.id);
  if (read.method == SubscribeMethod::list) return read;
  const auto params = message.find("params");
  if (params == message.end() || !params->is_array()) {
    throw SubscribeError{2, "Invalid request: params must be an array", read.id};
  }
  if (read.method == SubscribeMethod::subscribe || read.method == SubscribeMethod::unsubscribe) {
    read_streams(read, *params);
  } else {
    read_property(read, *params);
  }
  return read;
}

std::string result_json(std::string_view result, std::string_view id) {
  return fmt::format(R"({{"result":{},"id":{}}})", result, id);
}

std::string stream_list_json(const std::vector<std::string>& streams) {
  return json_text(Json(streams));
}

std::string error_json(const SubscribeError& error) {
  Json words;
  words["code"] = error.code;
  words["msg"] = error.message;
  return fmt::format(R"({{"error":{},"id":{}}})", json_text(words), error.id);
}

}  // namespace hftsim::exchange
