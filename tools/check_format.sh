#!/usr/bin/env bash
# Says which tracked C++ files are not as clang-format would write them. Fix: clang-format -i FILE.
set -euo pipefail
cd "$(dirname "$0")/.."
mapfile -t files < <(git ls-files -- '*.h' '*.cpp')
((${#files[@]} > 0)) || { echo "check_format: no tracked C++ file found" >&2; exit 1; }
clang-format --dry-run -Werror "${files[@]}"
echo "check_format: ${#files[@]} files are as they should be"
