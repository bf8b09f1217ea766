#include "adapters/binance/message_decoder.h"

#include <cstring>

#include "adapters/bar_time.h"

namespace hftsim::binance {
namespace {

constexpr std::int64_t kMsMax = kTimeMax / kNsPerMs;
constexpr std::int64_t kDelayMaxMs = INT32_MAX / 1000;

// Where all of it was read, there is no current location.
bool is_at_end(simdjson::ondemand::document& document) {
  return document.current_location().error() == simdjson::OUT_OF_BOUNDS;
}

// "btcusdt@depth20@100ms" -> "depth20@100ms"
std::string_view kind_in(std::string_view stream) {
  return stream.substr(stream.find('@') + 1);  // all of it where there is none
}
// Of the best 5, 10 or 20 levels: a book of its own, no change of the whole one.
bool is_partial_depth(std::string_view stream) {
  const std::string_view kind = kind_in(stream);
  return kind.starts_with("depth") && kind.size() > 5 && kind[5] >= '0' && kind[5] <= '9';
}

}  // namespace

bool is_key(const char* key, std::string_view name) {
  return std::strncmp(key, name.data(), name.size()) == 0 && key[name.size()] == '"';
}

void restart(Object& object) {
  if (object.reset().error() != simdjson::SUCCESS) throw BadInput("message", "a broken object", "JSON");
}

simdjson::padded_string_view MessageDecoder::begin_with(std::string_view json, std::int64_t recv_ns,
                                                        std::vector<Event>& out) {
  out_ = &out;
  first_ = out.size();
  recv_ns_ = recv_ns;
  what_ = "message";
  const std::size_t needed = json.size() + simdjson::SIMDJSON_PADDING;
  if (text_.size() < needed) text_.resize(2 * needed);
  std::memcpy(text_.data(), json.data(), json.size());
  return simdjson::padded_string_view(text_.data(), json.size(), text_.size());
}

ParsedMessage MessageDecoder::message(simdjson::padded_string_view json) {
  simdjson::ondemand::document document = parser_.iterate(json);
  Object root = document.get_object();
  bool is_first = true, has_data = false;
  std::string_view stream;
  ParsedMessage parsed;
  for (auto field : root) {
    const char* const key = field.key().raw();
    if (is_key(key, "stream")) {
      stream = field.value().get_string();
    } else if (is_key(key, "data")) {
      if (stream.empty()) return with_stream_behind(json);
      parsed = data(field.value(), stream);
      has_data = true;
    } else if (is_first) {
      break;
    }
    is_first = false;
  }
  if (!has_data && stream.empty()) {
    restart(root);
    parsed = body(root, "");
  } else if (!has_data) {
    throw BadInput("data", "none", "a combined message's data");
  }
  const bool was_read = parsed.kind != MessageKind::unknown && parsed.kind != MessageKind::response;
  if (was_read && !is_at_end(document)) throw BadInput("message", "more behind its end", "one message");
  return parsed;
}

ParsedMessage MessageDecoder::snapshot_of(simdjson::padded_string_view json, std::string_view symbol) {
  simdjson::ondemand::document document = parser_.iterate(json);
  Object root = document.get_object();
  const ParsedMessage parsed = snapshot(root, symbols_.id_of(symbol));
  if (!is_at_end(document)) throw BadInput("message", "more behind its end", "one message");
  return parsed;
}

// "data" came before "stream": the name first, then the rest.
ParsedMessage MessageDecoder::with_stream_behind(simdjson::padded_string_view json) {
  simdjson::ondemand::document document = parser_.iterate(json);
  const std::string_view name = document["stream"].get_string();
  const std::string stream(name);
  document.rewind();
  return data(document["data"].value(), stream);
}

ParsedMessage MessageDecoder::data(Value value, std::string_view stream) {
  Object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) return unknown(kind_in(stream));
  return body(object, stream);
}

ParsedMessage MessageDecoder::body(Object& object, std::string_view stream) {
  if (!stream.empty() && is_partial_depth(stream)) return unknown(kind_in(stream));
  for (auto field : object) {
    const char* const key = field.key().raw();
    if (letter_of(key) == 'e') {
      const char* const type = field.value().get_raw_json_string().value().raw();
      restart(object);
      return event(object, until_quote(type));
    }
    if (is_key(key, "lastUpdateId")) {
      restart(object);
      return snapshot(object, symbols_.only_id());
    }
    if (is_key(key, "result") || is_key(key, "error") || is_key(key, "id"))
      return {MessageKind::response, 0, {}};
    if (letter_of(key) == 'B') {  // spot's bookTicker has no type
      restart(object);
      return book_ticker(object, true);
    }
  }
  return unknown(stream.empty() ? "without a type" : kind_in(stream));
}

ParsedMessage MessageDecoder::event(Object& object, std::string_view type) {
  if (type == "depthUpdate") return depth(object);
  if (type == "bookTicker") return book_ticker(object, false);
  if (type == "trade") return trade(object);
  if (type == "aggTrade") return agg_trade(object);
  if (type == "kline") return kline(object);
  return unknown(type);
}

ParsedMessage MessageDecoder::unknown(std::string_view name) {
  name_.assign(name.substr(0, 40));
  return {MessageKind::unknown, 0, name_};
}

std::int64_t MessageDecoder::milliseconds(Value value, Field field, const char* name) {
  const std::uint64_t ms = whole_number(value, field, name);
  if (ms > static_cast<std::uint64_t>(kMsMax))
    throw BadInput(name, std::to_string(ms), "a time in milliseconds");
  return static_cast<std::int64_t>(ms);
}

void MessageDecoder::require(unsigned fields, std::initializer_list<FieldName> names,
                             const char* message) const {
  if ((seen_ & fields) == fields) return;
  for (const FieldName& name : names) {
    if ((fields & name.field) != 0 && (seen_ & name.field) == 0)
      throw BadInput(message, std::string("no field ") + name.name, "it");
  }
  throw BadInput(message, "not all of its fields", "them");
}

// Times of all events of the message from what was seen of T and E.
void MessageDecoder::set_times() {
  const bool has_time = (seen_ & kTime) != 0, was_sent = (seen_ & kSent) != 0;
  std::int64_t delay_us = 0, ts_ns = latest_ns;
  std::uint8_t flag = 0;
  if (has_time || was_sent) {
    ts_ns = (has_time ? time_ms_ : sent_ms_) * kNsPerMs;
    const std::int64_t delay_ms = has_time && was_sent ? sent_ms_ - time_ms_ : 0;
    if (delay_ms > kDelayMaxMs || delay_ms < -kDelayMaxMs)
      throw BadInput("E", std::to_string(sent_ms_),
                     "a time within 35 minutes of T " + std::to_string(time_ms_));
    delay_us = delay_ms * 1000;
    if (ts_ns > latest_ns) latest_ns = ts_ns;
  } else {
    flag = kTimeEstimated;
    if (latest_ns == 0) ts_ns = recv_ns_;
  }
  for (std::size_t i = first_; i < out_->size(); ++i) {
    Event& event = (*out_)[i];
    event.ts_ns = ts_ns;
    event.recv_ns = recv_ns_;
    event.send_delay_us = static_cast<std::int32_t>(delay_us);
    event.flags |= flag;
  }
}

}  // namespace hftsim::binance
