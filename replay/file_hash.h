// SHA-256 (FIPS 180-4) of a file or a text, so that a run says exactly which data it read.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace hftsim {

// 64 hexadecimal digits in lower case. Streams. Throws BadInput where the file cannot be opened, IoFailure
// where reading fails.
std::string sha256_of_file(const std::filesystem::path& path);

std::string sha256_of_text(std::string_view text);

}  // namespace hftsim
