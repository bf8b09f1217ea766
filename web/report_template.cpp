#include "web/report_template.h"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

// The assembler reads the built page; OBJECT_DEPENDS in web/CMakeLists.txt assembles again when it changes.
asm(R"(
  .pushsection .rodata
  .balign 16
  .global hftsim_report_page_begin
  .global hftsim_report_page_end
hftsim_report_page_begin:
  .incbin ")" HFTSIM_REPORT_PAGE R"("
hftsim_report_page_end:
  .byte 0
  .popsection
)");

extern "C" {
extern const char hftsim_report_page_begin[];
extern const char hftsim_report_page_end[];
}

namespace hftsim {
namespace {

// The same bytes as in web/report.html; the build checks that the page holds them once.
constexpr std::string_view kDataMarker = "@HFTSIM_REPORT_DATA@";
constexpr std::string_view kEscapedLess = "\\u003c";

void append_escaped(std::string& page, std::string_view json) {
  for (std::size_t from = 0; from < json.size();) {
    const std::size_t less = json.find('<', from);
    page.append(json.substr(from, less - from));
    if (less == std::string_view::npos) return;
    page.append(kEscapedLess);
    from = less + 1;
  }
}

}  // namespace

std::string_view report_template() {
  return {hftsim_report_page_begin,
          static_cast<std::size_t>(hftsim_report_page_end - hftsim_report_page_begin)};
}

std::string render_report(std::string_view json) {
  const std::string_view page = report_template();
  const std::size_t marker = page.find(kDataMarker);
  if (marker == std::string_view::npos)
    throw std::logic_error("the embedded report page has no place for data");
  const auto escapes = static_cast<std::size_t>(std::count(json.begin(), json.end(), '<'));
  std::string filled;
  filled.reserve(page.size() + json.size() + escapes * kEscapedLess.size());
  filled.append(page.substr(0, marker));
  append_escaped(filled, json);
  filled.append(page.substr(marker + kDataMarker.size()));
  return filled;
}

}  // namespace hftsim
