// hftsim report: makes report.html of a run again.
#include <fmt/format.h>

#include "tools/commands/commands.h"
#include "tools/report_data.h"

namespace hftsim {

void add_report_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand("report", "Write report.html of a run directory again");
  auto path = std::make_shared<std::string>();
  command->add_option("run", *path, "Run directory")->required();
  command->footer("Example:\n  hftsim report runs/momentum-generated-1");
  command->callback([path] {
    const RunDirectory run = RunDirectory::open(*path);
    const std::optional<std::string> lacks = write_report(run);
    fmt::print("{}\n", run.report().string());
    if (!lacks) return;
    fmt::print(stderr, "hftsim: {}\n", *lacks);
    throw CommandFailed();
  });
}

}  // namespace hftsim
