// The content security policy of the dashboard's page: its own script and style by their hashes, its own server, and
// nothing else (W3C, Content Security Policy Level 3).
#pragma once

#include <string>
#include <string_view>

namespace hftsim::dashboard {

// `page` has one inline script and one inline style, as web/scripts/one_file.ts leaves it.
std::string content_security_policy(std::string_view page);

}  // namespace hftsim::dashboard
