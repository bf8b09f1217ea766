// hftsim: the program. Exit code 0: done; 1: failed; 2: bad input.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <new>
#include <string>
#include <vector>

#include "engine/core/errors.h"
#include "engine/core/nearest_name.h"
#include "tools/build_info.h"
#include "tools/commands/commands.h"

namespace {

constexpr int kFailed = 1, kBadInput = 2;

// What was printed has to have arrived: a full disk behind `> file` is a failure.
void flush_stdout() {
  std::cout.flush();
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.good()) return;
  throw hftsim::IoFailure(std::string("stdout cannot be written: ") + std::strerror(errno));
}

// CLI11 would say only that a subcommand is required.
void check_command(const CLI::App& app, int argc, char** argv) {
  const std::string word = argc > 1 ? argv[1] : "";
  if (word.empty() || word.starts_with('-')) return;
  std::vector<std::string> known;
  for (const CLI::App* command : app.get_subcommands({})) known.push_back(command->get_name());
  if (std::ranges::count(known, word) > 0) return;
  throw hftsim::BadInput("no command '" + word + "'" + hftsim::did_you_mean(word, known) +
                         "; hftsim --help lists them");
}

int parse(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kBadInput;
  }
  return 0;
}

int run(int argc, char** argv) {
  CLI::App app{"hftsim: replays market data through features, strategies and fills.", "hftsim"};
  app.set_version_flag("--version", hftsim::version_details());
  app.require_subcommand(1);
  app.footer("Try: hftsim backtest            a backtest on generated data, with a report");
  hftsim::add_backtest_command(app);
  hftsim::add_cache_command(app);
  hftsim::add_exchange_command(app);
  hftsim::add_features_command(app);
  hftsim::add_fetch_command(app);
  hftsim::add_generate_command(app);
  hftsim::add_model_command(app);
  hftsim::add_paper_command(app);
  hftsim::add_quantize_command(app);
  hftsim::add_recording_command(app);
  hftsim::add_report_command(app);
  hftsim::add_strategies_command(app);
  hftsim::add_train_command(app);
  hftsim::add_verify_command(app);
  hftsim::add_walkforward_command(app);
  check_command(app, argc, argv);
  const int exit_code = parse(app, argc, argv);
  flush_stdout();
  return exit_code;
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
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "hftsim: out of memory\n");
    return kFailed;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "hftsim: %s\n", error.what());
    return kFailed;
  }
}
