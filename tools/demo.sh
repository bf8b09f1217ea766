#!/usr/bin/env bash
# Installs what is missing, builds hftsim and runs a backtest on generated bars.
#
#   tools/demo.sh [OPTIONS OF hftsim backtest]     e.g. --strategy breakout --data bars.parquet
set -euo pipefail
cd "$(dirname "$0")/.."

tools/setup.sh
tools/build.sh release --target hftsim
build/release/tools/hftsim backtest "$@"
