// The page of a live session's dashboard, built from web/ and embedded in the program. It needs a server: what it asks of
// one is in web/src/dashboard/contract.ts.
#pragma once

#include <string_view>

namespace hftsim {

// One HTML file with one inline module script and one inline style; it loads nothing else.
std::string_view dashboard_page();

}  // namespace hftsim
