#!/usr/bin/env bash
# Installs what is missing, builds hftsim and runs a backtest on generated bars.
#
#   tools/demo.sh [OPTIONS OF hftsim backtest]     e.g. --strategy breakout --data bars.parquet
#
# Without options momentum follows moves of 0.3 % and more: its default of 0.05 % suits the reference data, but is
# less than the two fees of 0.1 % that a round trip costs, which on these bars reaches the drawdown limit within 15 days.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/setup.sh
tools/build.sh release --target hftsim
if [ $# -eq 0 ]; then set -- --set strategy.momentum_threshold=0.003; fi
build/release/tools/hftsim backtest "$@"
