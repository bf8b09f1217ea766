#include "adapters/readable_text.h"

#include <gtest/gtest.h>

namespace hftsim {
namespace {

TEST(ReadableText, LeavesUtf8AsItIs) {
  for (const char* text :
       {"", "abc", "prénom", "日本", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF", "\xEE\x80\x80"}) {
    EXPECT_EQ(readable_text(text), text);
  }
}

TEST(ReadableText, EscapesBytesThatAreNoUtf8AndControlCharacters) {
  EXPECT_EQ(readable_text("pr\xE9nom"), "pr\\xE9nom");
  EXPECT_EQ(readable_text("a\tb\x1B[2J\x7F"), "a\\x09b\\x1B[2J\\x7F");
  EXPECT_EQ(readable_text(std::string_view("\xFF\xFE"
                                           "t\0",
                                           4)),
            "\\xFF\\xFEt\\x00");
  EXPECT_EQ(readable_text("\xC3"), "\\xC3");           // ends too early
  EXPECT_EQ(readable_text("\xC0\xAF"), "\\xC0\\xAF");  // '/' in too many bytes
  EXPECT_EQ(readable_text("\xE0\x9F\xBF"), "\\xE0\\x9F\\xBF");
  EXPECT_EQ(readable_text("\xED\xA0\x80"), "\\xED\\xA0\\x80");  // half of a UTF-16 pair
  EXPECT_EQ(readable_text("\xF4\x90\x80\x80"), "\\xF4\\x90\\x80\\x80");
  EXPECT_EQ(readable_text("\xF0\x8F\xBF\xBF"), "\\xF0\\x8F\\xBF\\xBF");
}

TEST(ReadableText, CutsBetweenCharacters) {
  EXPECT_EQ(readable_text("abcdef", 6), "abcdef");
  EXPECT_EQ(readable_text("abcdef", 3), "abc...");
  EXPECT_EQ(readable_text("abé", 3), "ab...");
  EXPECT_EQ(readable_text("ab\xE9", 3), "ab...");
}

}  // namespace
}  // namespace hftsim
