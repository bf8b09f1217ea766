#!/usr/bin/env bash
# Builds the fuzzers (clang++, libFuzzer, address and undefined-behaviour sanitizers) and runs each for a while, one per
# core. What was found before stays in build/fuzz/corpus; an input that fails in build/fuzz/failures, to become a
# seed of its target.
#
#   tools/fuzz.sh SECONDS [NAME ...]     tools/fuzz.sh 600 config
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:?how many seconds for each fuzzer?}
shift
export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1:allocator_may_return_null=1
export UBSAN_OPTIONS=print_stacktrace=1

tools/build.sh fuzz --target fuzzers
mkdir -p build/fuzz/failures

# fuzz NAME: the log's end, or all of it where it failed.
fuzz() {
  local name=$1 corpus=build/fuzz/corpus/$1 log=build/fuzz/$1.log
  mkdir -p "$corpus"
  if ! "build/fuzz/tests/fuzz/${name}_fuzz" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 -max_len=65536 \
    -print_final_stats=1 -artifact_prefix="build/fuzz/failures/$name-" "$corpus" >"$log" 2>&1; then
    tail -n 60 "$log"
    echo "fuzz.sh: $name failed: its input is in build/fuzz/failures" >&2
    return 1
  fi
  echo "$name: $(sed -n 's/^stat::number_of_executed_units: //p' "$log") inputs, clean"
}

if (($# > 0)); then names=("$@"); else
  mapfile -t names < <(find build/fuzz/tests/fuzz -maxdepth 1 -name '*_fuzz' -printf '%f\n' | sed 's/_fuzz$//' | sort)
fi
export seconds
export -f fuzz
printf '%s\0' "${names[@]}" | xargs -0 -n 1 -P "$(nproc)" bash -c 'fuzz "$1"' fuzz
