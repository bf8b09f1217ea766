// hftsim: the program. Exit code 0: done; 1: failed; 2: bad input.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>

#include "engine/core/errors.h"
#include "tools/build_info.h"
#include "tools/commands/commands.h"

namespace {

constexpr int kFailed = 1, kBadInput = 2;

int run(int argc, char** argv) {
  CLI::App app{"hftsim: replays market data through features, strategies and fills.", "hftsim"};
  app.set_version_flag("--version", hftsim::version_details());
  app.require_subcommand(1);
  app.footer("Try: hftsim backtest            a backtest on generated data, with a report");
  hftsim::add_backtest_command(app);
  hftsim::add_features_command(app);
  hftsim::add_generate_command(app);
  hftsim::add_report_command(app);
  hftsim::add_strategies_command(app);
  hftsim::add_verify_command(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kBadInput;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may grow no more is an error to report, not the end
  try {
    return run(argc, argv);
  } catch (const hftsim::CommandFailed&) {
    return kFailed;
  } catch (const hftsim::BadInput& error) {
    std::fprintf(stderr, "hftsim: %s\n", error.what());
    return kBadInput;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "hftsim: %s\n", error.what());
    return kFailed;
  }
}
