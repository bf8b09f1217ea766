#include "adapters/net/http_response.h"

#include "adapters/lower_case.h"

namespace hftsim::net {

std::optional<std::string_view> HttpResponse::field(std::string_view name) const {
  const std::string wanted = lower_case(std::string(name));
  for (const HttpField& field : fields) {
    if (lower_case(field.name) == wanted) return field.value;
  }
  return std::nullopt;
}

}  // namespace hftsim::net
