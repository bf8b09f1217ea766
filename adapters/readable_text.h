// Bytes from a file as a message may show them. Messages end up in summary.json, which has to be UTF-8, and on
// terminals, which obey control characters.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hftsim {

// `text` with each byte that is no UTF-8 (RFC 3629) or a control character as \xNN; beyond `bytes_max` bytes it is
// cut between characters and ends in "...".
std::string readable_text(std::string_view text, std::size_t bytes_max = std::string_view::npos);

}  // namespace hftsim
