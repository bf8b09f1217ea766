// The subcommands of hftsim recording: one function each, in one file or several.
#pragma once

#include <CLI/CLI.hpp>

namespace hftsim {

void add_recording_bars(CLI::App& recording);
void add_recording_cut(CLI::App& recording);
void add_recording_export(CLI::App& recording);
void add_recording_import(CLI::App& recording);
void add_recording_info(CLI::App& recording);
void add_recording_merge(CLI::App& recording);
void add_recording_verify(CLI::App& recording);

}  // namespace hftsim
