#include "web/dashboard_page.h"

#include <cstddef>

// As in report_template.cpp.
asm(R"(
  .pushsection .rodata
  .balign 16
  .global hftsim_dashboard_page_begin
  .global hftsim_dashboard_page_end
hftsim_dashboard_page_begin:
  .incbin ")" HFTSIM_DASHBOARD_PAGE R"("
hftsim_dashboard_page_end:
  .byte 0
  .popsection
)");

extern "C" {
extern const char hftsim_dashboard_page_begin[];
extern const char hftsim_dashboard_page_end[];
}

namespace hftsim {

std::string_view dashboard_page() {
  return {hftsim_dashboard_page_begin,
          static_cast<std::size_t>(hftsim_dashboard_page_end - hftsim_dashboard_page_begin)};
}

}  // namespace hftsim
