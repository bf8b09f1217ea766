#include "adapters/dashboard/page_policy.h"

#include <cassert>

#include "adapters/dashboard/digest.h"

namespace hftsim::dashboard {
namespace {

// What stands between <name ...> and </name>.
std::string_view inside(std::string_view page, const std::string& name) {
  const std::size_t tag = page.find("<" + name);
  assert(tag != std::string_view::npos);
  const std::size_t begin = page.find('>', tag) + 1;
  const std::size_t end = page.find("</" + name + ">", begin);
  assert(end != std::string_view::npos);
  return page.substr(begin, end - begin);
}

std::string source_of(std::string_view text) {
  return "'sha256-" + base64(sha256(text)) + "'";
}

}  // namespace

std::string content_security_policy(std::string_view page) {
  return "default-src 'none'; script-src " + source_of(inside(page, "script")) + "; style-src " +
         source_of(inside(page, "style")) +
         "; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

}  // namespace hftsim::dashboard
