// A request and an answer of the dashboard's server, and whether a request can be read in one way only.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>
#include <string_view>

namespace hftsim::dashboard {

using Request = boost::beast::http::request<boost::beast::http::string_body>;
using Response = boost::beast::http::response<boost::beast::http::string_body>;

// "": there is none, or it is empty.
std::string_view field_of(const Request& request, boost::beast::http::field name);

// Where two servers in a row could read a header in two ways, one of them can be made to take a part of a request for
// another one ("request smuggling", RFC 9112, 11.2). What has no use is refused: folded lines, line ends and control
// characters out of place,
bool is_plain_header(std::string_view bytes);
// and of what was parsed from it: a version but 1.1, fields twice that are to be there once, two lengths.
bool is_unambiguous(const Request& request);

}  // namespace hftsim::dashboard
