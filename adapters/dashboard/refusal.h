// Why a request was not answered as it wanted.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hftsim::dashboard {

enum class Refusal : std::uint8_t {
  unreadable,  // no HTTP/1.1, or two readings of it
  header_too_large,
  body_too_large,
  too_late,  // the request did not come in time
  too_many,  // connections
  host,      // another server is meant
  target,    // there is no such thing
  method,
  origin,  // a page of another server asks
  token,   // none where one is needed
  wrong_token,
  too_many_tokens,  // wrong ones
  upgrade,          // /live without a websocket
  content_type,
  command,  // the body is none
  busy,     // the command cannot be taken now
};
inline constexpr std::size_t kRefusalCount = 16;

struct RefusalText {
  std::string_view name;    // as in /metrics
  unsigned status;          // of HTTP; 0: the connection is just closed
  std::string_view reason;  // for whoever reads the answer
};

inline constexpr std::array<RefusalText, kRefusalCount> kRefusals{{
    {"unreadable", 400, "this is no request that can be read in one way only"},
    {"header_too_large", 431, "the header is too large"},
    {"body_too_large", 413, "the body is too large"},
    {"too_late", 0, ""},
    {"too_many_connections", 503, "too many connections"},
    {"host", 421, "the Host is not this server"},
    {"target", 404, "there is nothing here"},
    {"method", 405, "not with this method"},
    {"origin", 403, "a page of another origin may not ask this"},
    {"token_missing", 401, "this needs the token that hftsim paper printed"},
    {"token_wrong", 401, "the token is not this session's"},
    {"too_many_wrong_tokens", 429, "too many wrong tokens"},
    {"upgrade", 426, "this is a websocket"},
    {"content_type", 415, "the content type has to be application/json"},
    {"command", 400, R"(the body has to be {"command":"pause"}, or resume, flatten, stop)"},
    {"busy", 503, "the command cannot be taken now"},
}};

inline const RefusalText& text_of(Refusal refusal) {
  return kRefusals[static_cast<std::size_t>(refusal)];
}

}  // namespace hftsim::dashboard
