#include "web/report_template.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace hftsim {
namespace {

constexpr std::string_view kMarker = "@HFTSIM_REPORT_DATA@";
constexpr std::string_view kElement = "<script id=\"hftsim-data\" type=\"application/json\">";

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size()))
    ++count;
  return count;
}

// What lies between the data element's tags.
std::string_view data_of(std::string_view page) {
  const std::size_t begin = page.find(kElement) + kElement.size();
  return page.substr(begin, page.find("</script>", begin) - begin);
}

TEST(ReportTemplate, IsAWholePageWithOnePlaceForData) {
  EXPECT_EQ(report_template().find("<!doctype html>"), 0U);
  EXPECT_NE(report_template().rfind("</html>"), std::string_view::npos);
  EXPECT_EQ(count_of(report_template(), kElement), 1U);
  EXPECT_EQ(count_of(report_template(), kMarker), 1U);
  EXPECT_EQ(data_of(report_template()), kMarker);
}

TEST(RenderReport, PutsTheJsonWhereThePageReadsIt) {
  constexpr std::string_view json = R"({"schema":1,"text":"50 % & \"quoted\" $& \\1"})";
  const std::string page = render_report(json);
  EXPECT_EQ(data_of(page), json);
  EXPECT_EQ(count_of(page, kMarker), 0U);
  EXPECT_EQ(page.size(), report_template().size() - kMarker.size() + json.size());
}

TEST(RenderReport, LetsNoTextEndTheElement) {
  const std::string page = render_report(R"({"a":"</script><script>alert(1)</script>","b":"<!--<script>"})");
  EXPECT_EQ(data_of(page),
            R"({"a":"\u003c/script>\u003cscript>alert(1)\u003c/script>","b":"\u003c!--\u003cscript>"})");
  EXPECT_EQ(count_of(page, "<script"), count_of(report_template(), "<script"));
}

TEST(RenderReport, KeepsAMarkerInTheDataAsText) {
  const std::string json = "{\"a\":\"" + std::string(kMarker) + "\"}";
  EXPECT_EQ(data_of(render_report(json)), json);
}

}  // namespace
}  // namespace hftsim
