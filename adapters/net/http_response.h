// What a server answered, and who can ask one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hftsim::net {

struct HttpField {
  std::string name, value;
};

struct HttpResponse {
  unsigned status = 0;
  std::vector<HttpField> fields;
  std::string body;

  // The first field of that name, in whatever case.
  std::optional<std::string_view> field(std::string_view name) const;
};

class HttpGetter {
 public:
  virtual ~HttpGetter() = default;

  // GET of a path with its query: "/api/v3/time". Throws ConnectionBroken, Interrupted, IoFailure (no such host) or
  // BadInput, each naming the URL.
  virtual HttpResponse get(const std::string& target) = 0;

  // The URL of a target, for messages.
  virtual std::string url(const std::string& target) const = 0;
};

}  // namespace hftsim::net
