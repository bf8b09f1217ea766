#!/usr/bin/env bash
# Configures and builds a preset of CMakePresets.json on all cores, through ccache where there is one.
#
#   tools/build.sh release [--target NAME ...]
#
# Environment: HFTSIM_BUILD_DIR (default build/PRESET), HFTSIM_CMAKE_ARGS (-DHFTSIM_TOOLS=OFF ...).
set -euo pipefail
cd "$(dirname "$0")/.."

preset=${1:?which preset? (dev, release, asan-ubsan, tsan, perf, fuzz)}
shift
folder=${HFTSIM_BUILD_DIR:-build/$preset}
arguments=(--log-level=NOTICE)
if command -v ccache >/dev/null; then arguments+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
read -ra more <<<"${HFTSIM_CMAKE_ARGS:-}"

cmake --preset "$preset" -B "$folder" "${arguments[@]}" "${more[@]}"
cmake --build "$folder" --parallel "$(nproc)" "$@"
