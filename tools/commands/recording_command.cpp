// hftsim recording: what is done with files of recorded market events.
#include "tools/commands/recording_command.h"

#include "tools/commands/commands.h"

namespace hftsim {

void add_recording_command(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("recording", "Look into, check, cut, merge, export and import recordings (.hfr)");
  command->require_subcommand(1);
  add_recording_info(*command);
  add_recording_verify(*command);
  add_recording_cut(*command);
  add_recording_merge(*command);
  add_recording_export(*command);
  add_recording_import(*command);
  add_recording_bars(*command);
  command->footer("Try: hftsim recording info --help");
}

}  // namespace hftsim
