// The subcommands of hftsim: one file each. A command adds itself to the app and does its work in the
// subcommand's callback; what it throws becomes a message and an exit code in main().
#pragma once

#include <CLI/CLI.hpp>

namespace hftsim {

void add_backtest_command(CLI::App& app);
void add_cache_command(CLI::App& app);
void add_exchange_command(CLI::App& app);
void add_features_command(CLI::App& app);
void add_fetch_command(CLI::App& app);
void add_generate_command(CLI::App& app);
void add_model_command(CLI::App& app);
void add_paper_command(CLI::App& app);
void add_quantize_command(CLI::App& app);
void add_recording_command(CLI::App& app);
void add_report_command(CLI::App& app);
void add_strategies_command(CLI::App& app);
void add_train_command(CLI::App& app);
void add_verify_command(CLI::App& app);
void add_walkforward_command(CLI::App& app);

// A command that did its work and found a failure (verify: the runs differ): exit code 1, message printed.
class CommandFailed {};

}  // namespace hftsim
