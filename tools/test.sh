#!/usr/bin/env bash
# Installs what is missing, builds the release preset (what users run) and runs every test.
#
#   tools/test.sh [OPTIONS OF CTEST]     e.g. -L features, -R Momentum
set -euo pipefail
cd "$(dirname "$0")/.."

tools/setup.sh --tests
tools/build.sh release
ctest --preset release --parallel "$(nproc)" "$@"
