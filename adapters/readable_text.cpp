#include "adapters/readable_text.h"

#include <cstdint>

namespace hftsim {
namespace {

bool is_control(unsigned char byte) {
  return byte < 0x20 || byte == 0x7F;
}

// What the bits of the first byte promise; 0 where no character begins so.
std::size_t promised_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

// How many bytes the character at the front takes; 0 where it is none.
std::size_t character_length(std::string_view text) {
  const auto byte = [text](std::size_t i) {
    return static_cast<unsigned char>(text[i]);
  };
  const std::size_t length = promised_length(byte(0));
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  if (length < 3) return length;
  const std::uint32_t top_bits =
      (byte(0) & 0x0Fu) << 6 | (byte(1) & 0x3Fu);  // without those of the other bytes
  const bool overlong = length == 3 ? top_bits < 0x20 : top_bits < 0x10;
  const bool surrogate = length == 3 && top_bits >= 0x360 && top_bits < 0x380;
  const bool beyond_unicode = length == 4 && top_bits >= 0x110;
  return overlong || surrogate || beyond_unicode ? 0 : length;
}

std::string escaped(unsigned char byte) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  return {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
}

}  // namespace

std::string readable_text(std::string_view text, std::size_t bytes_max) {
  std::string readable;
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const std::size_t length = is_control(byte) ? 0 : character_length(text.substr(at));
    const std::string piece = length == 0 ? escaped(byte) : std::string(text.substr(at, length));
    if (readable.size() + piece.size() > bytes_max) return readable + "...";
    readable += piece;
    at += length == 0 ? 1 : length;
  }
  return readable;
}

}  // namespace hftsim
