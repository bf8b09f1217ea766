#include "web/dashboard_page.h"

#include <gtest/gtest.h>

namespace hftsim {
namespace {

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(DashboardPage, IsOneFileWithOneScriptAndOneStyle) {
  const std::string_view page = dashboard_page();
  EXPECT_TRUE(page.ends_with("</html>\n"));
  EXPECT_EQ(count(page, "<script type=\"module\">"), 1);
  EXPECT_EQ(count(page, "</script>"), 1);
  EXPECT_EQ(count(page, "<style>"), 1);
  EXPECT_EQ(count(page, "<link rel=\"stylesheet\""), 0);
  EXPECT_EQ(page.find('\0'), std::string_view::npos);
}

}  // namespace
}  // namespace hftsim
