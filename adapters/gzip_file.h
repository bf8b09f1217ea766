// Whether a .gz file is whole. DuckDB's reader takes what it can inflate and checks neither the end of the
// compressed data nor its CRC, so that a download that broke off would pass as a shorter file.
#pragma once

#include <filesystem>

namespace hftsim {

// Inflates the file once, all members (RFC 1952), keeping nothing. Throws BadInput naming the path where the data
// end early, are damaged, or are followed by something else; IoFailure where the file cannot be read.
void require_whole_gzip(const std::filesystem::path& path);

}  // namespace hftsim
