// A request and an answer of the dashboard's server, and whether a request can be read in one way only.
#pragma once

#include <boost/beast/core/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>
#include <string_view>

#include "adapters/dashboard/dashboard_options.h"
#include "adapters/dashboard/refusal.h"

namespace hftsim::dashboard {

using Request = boost::beast::http::request<boost::beast::http::string_body>;
using Response = boost::beast::http::response<boost::beast::http::string_body>;

// "": there is none, or it is empty.
std::string_view field_of(const Request& request, boost::beast::http::field name);

using RequestParser = boost::beast::http::request_parser<boost::beast::http::string_body>;

// Takes a header, its empty line included; why it is refused, if it is. Where two servers in a row could read a header in
// two ways, one of them can be made to take a part of a request for another one ("request smuggling", RFC 9112, 11.2).
// So what is odd and has no use is refused: folded lines, line ends and control characters out of place, a version but
// 1.1, two lengths, fields twice that are to be there once.
std::optional<Refusal> take_header(RequestParser& parser, std::string_view bytes, const ServerLimits& limits);

// What an error of the parser means for the request.
Refusal refusal_of(const boost::beast::error_code& error);

}  // namespace hftsim::dashboard
