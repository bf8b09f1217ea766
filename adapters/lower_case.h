// Names of files and columns are compared without case; only ASCII letters have one here, whatever the locale.
#pragma once

#include <algorithm>
#include <string>

namespace hftsim {

inline char lower_case(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return lower_case(c); });
  return text;
}

}  // namespace hftsim
