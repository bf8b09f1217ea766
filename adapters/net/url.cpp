#include "adapters/net/url.h"

#include <algorithm>
#include <charconv>

#include "adapters/lower_case.h"
#include "adapters/readable_text.h"
#include "engine/core/errors.h"

namespace hftsim::net {
namespace {

constexpr std::size_t kUrlBytesMax = 2048, kHostBytesMax = 253, kLabelBytesMax = 63;
constexpr std::uint16_t kHttpPort = 80, kHttpsPort = 443;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// RFC 1123: labels of letters, digits and hyphens.
bool is_host_name(std::string_view host) {
  if (host.empty() || host.size() > kHostBytesMax) return false;
  while (true) {
    const std::string_view label = host.substr(0, host.find('.'));
    const bool sound = !label.empty() && label.size() <= kLabelBytesMax && label.front() != '-' &&
                       label.back() != '-' &&
                       std::ranges::all_of(label, [](char c) { return is_letter_or_digit(c) || c == '-'; });
    if (!sound) return false;
    if (label.size() == host.size()) return true;
    host.remove_prefix(label.size() + 1);
  }
}

// By its characters; whether it is an address, resolving says.
bool is_ipv6_text(std::string_view host) {
  return host.size() >= 2 && host.size() <= 45 && std::ranges::count(host, ':') >= 2 &&
         std::ranges::all_of(host, [](char c) { return is_hex(c) || c == ':' || c == '.'; });
}

// RFC 3986: pchar, "/" and "?"; a "%" has two digits behind it.
bool is_target(std::string_view target) {
  constexpr std::string_view kMarks = "-._~!$&'()*+,;=:@/?";
  for (std::size_t i = 0; i < target.size(); ++i) {
    if (target[i] == '%') {
      if (i + 2 >= target.size() || !is_hex(target[i + 1]) || !is_hex(target[i + 2])) return false;
    } else if (!is_letter_or_digit(target[i]) && kMarks.find(target[i]) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

class UrlParser {
 public:
  UrlParser(std::string_view text, const std::string& place) : text_(text), place_(place) {}

  Url parse() {
    if (text_.size() > kUrlBytesMax) refuse("at most 2048 bytes");
    Url url;
    std::string_view rest = text_;
    take_scheme(rest, url);
    const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
    take_authority(rest.substr(0, end), url);
    rest.remove_prefix(end);
    if (!is_target(rest)) refuse("a path and a query of URL characters, no fragment");
    url.target = rest.starts_with('/') ? std::string(rest) : "/" + std::string(rest);
    if (!url.tls && !is_loopback_name(url.host)) refuse("https://; plain http:// goes to this machine alone");
    return url;
  }

 private:
  [[noreturn]] void refuse(const char* expectation) const {
    throw BadInput(place_, "'" + readable_text(text_, 200) + "'", expectation);
  }

  void take_scheme(std::string_view& rest, Url& url) const {
    const std::size_t end = rest.find("://");
    const std::string scheme =
        end == std::string_view::npos ? "" : lower_case(std::string(rest.substr(0, end)));
    if (scheme != "https" && scheme != "http") refuse("a URL that begins with https:// or http://");
    url.tls = scheme == "https";
    url.port = url.tls ? kHttpsPort : kHttpPort;
    rest.remove_prefix(end + 3);
  }

  void take_authority(std::string_view authority, Url& url) const {
    if (authority.find('@') != std::string_view::npos) refuse("a URL without user and password");
    const bool bracketed = authority.starts_with('[');
    const std::size_t host_end = bracketed ? authority.find(']') : authority.find(':');
    if (bracketed && host_end == std::string_view::npos) refuse("a ] behind an IPv6 address");
    const std::string_view host = authority.substr(bracketed ? 1 : 0, bracketed ? host_end - 1 : host_end);
    if (bracketed ? !is_ipv6_text(host) : !is_host_name(host)) refuse("a host name or an address");
    url.host = lower_case(std::string(host));
    if (host_end == std::string_view::npos) return;
    const std::string_view port = authority.substr(host_end + (bracketed ? 1 : 0));
    if (!port.empty()) take_port(port, url);
  }

  void take_port(std::string_view text, Url& url) const {
    constexpr const char* kExpectation = "a port from 1 to 65535";
    if (!text.starts_with(':') || text.size() > 6) refuse(kExpectation);
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data() + 1, last, url.port);
    if (error != std::errc{} || end != last || url.port == 0) refuse(kExpectation);
  }

  std::string_view text_;
  const std::string& place_;
};

bool is_byte(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value >= 0 && value <= 255;
}

}  // namespace

std::string Url::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (tls ? kHttpsPort : kHttpPort) ? name : name + ":" + std::to_string(port);
}

std::string Url::origin() const {
  return (tls ? "https://" : "http://") + authority();
}

Url parse_url(std::string_view text, const std::string& place) {
  return UrlParser(text, place).parse();
}

bool is_loopback_name(std::string_view host) {
  if (host == "localhost" || host == "::1") return true;
  if (!host.starts_with("127.") || std::ranges::count(host, '.') != 3) return false;
  for (int part = 0; part < 4; ++part) {
    const std::size_t end = std::min(host.find('.'), host.size());
    if (!is_byte(host.substr(0, end))) return false;
    host.remove_prefix(std::min(end + 1, host.size()));
  }
  return true;
}

}  // namespace hftsim::net
