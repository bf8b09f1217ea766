#include "adapters/dashboard/http_message.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

namespace hftsim::dashboard {
namespace {

namespace beast = boost::beast;
using beast::http::field;

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_plain_line(std::string_view line) {
  if (line.starts_with(' ') || line.starts_with('\t')) return false;
  return std::ranges::all_of(line, [](char c) { return c == '\t' || (c >= ' ' && c != 0x7f) || c < 0; });
}

bool has_one_length(const Request& request) {
  const bool has_length = request.count(field::content_length) > 0;
  const bool has_coding = request.count(field::transfer_encoding) > 0;
  if (has_length && has_coding) return false;
  if (has_length) return is_number(field_of(request, field::content_length));
  return !has_coding || beast::iequals(request[field::transfer_encoding], "chunked");
}

bool is_plain_header(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find("\r\n");
    if (end == std::string_view::npos || !is_plain_line(bytes.substr(0, end))) return false;
    bytes.remove_prefix(end + 2);
  }
  return true;
}

bool is_unambiguous(const Request& request) {
  constexpr std::array kOnce{field::authorization, field::content_length,   field::content_type,
                             field::host,          field::origin,           field::transfer_encoding,
                             field::upgrade,       field::sec_websocket_key};
  if (request.version() != 11 || request.count(field::host) != 1) return false;
  return has_one_length(request) &&
         std::ranges::all_of(kOnce, [&](field name) { return request.count(name) <= 1; });
}

}  // namespace

std::string_view field_of(const Request& request, field name) {
  const beast::string_view value = request[name];
  return {value.data(), value.size()};
}

Refusal refusal_of(const beast::error_code& error) {
  if (error == beast::http::error::header_limit) return Refusal::header_too_large;
  if (error == beast::http::error::body_limit) return Refusal::body_too_large;
  return Refusal::unreadable;
}

// The bytes are looked at before they are parsed: a parser hides what was odd about them.
std::optional<Refusal> take_header(RequestParser& parser, std::string_view bytes,
                                   const ServerLimits& limits) {
  if (!bytes.ends_with("\r\n\r\n") || !is_plain_header(bytes.substr(0, bytes.size() - 2)))
    return Refusal::unreadable;
  parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
  parser.body_limit(limits.body_bytes);
  beast::error_code error;
  parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
  if (error) return refusal_of(error);
  if (!parser.is_header_done() || !is_unambiguous(parser.get())) return Refusal::unreadable;
  return std::nullopt;
}

}  // namespace hftsim::dashboard
