// The page of report.html, built from web/ and embedded in the program, and the way to put a run into it.
// What the JSON has to hold: docs/report.md.
#pragma once

#include <string>
#include <string_view>

namespace hftsim {

// The page with its data still missing; opened like this it says so.
std::string_view report_template();

// The page with `json`, which must be one JSON value in UTF-8. Every `<` (in JSON only strings have it) is
// written as \u003c, so that no text of the run can end the script element it lies in.
std::string render_report(std::string_view json);

}  // namespace hftsim
