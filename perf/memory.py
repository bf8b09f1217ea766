#!/usr/bin/env python3
"""Claim: a run's memory does not grow with its length. Peak resident memory of `hftsim backtest --out none` is at
most 64 MiB over 10,000 bars and 256 MiB over any number, and 10 million bars take no 16 MiB more than 1 million.

usage: memory.py [--hftsim PROGRAM] [--bars N]     N: length of the long run, default 10,000,000; at least 1,000,000

Bars are generated and streamed; equity marks beyond a few MiB go to a temporary file. Memory, unlike time, does
not depend on who else is on the machine: exit 1 where a limit is exceeded.
"""
import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MIB = 1024 * 1024
SHORT, LONG = 10_000, 1_000_000


def peak_of(hftsim, bars):
    """Peak resident bytes of one backtest, and its wall time in seconds."""
    command = [hftsim, "backtest", "--set", f"data.bars={bars}", "--out", "none", "--json"]
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    summary = json.loads(process.stdout.read())
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"memory: {' '.join(map(str, command))} ended with {process.returncode}")
    if summary["journal_hash"] == "":
        sys.exit("memory: the run has no journal hash")
    return usage.ru_maxrss * 1024, time.monotonic() - start


def judge(what, measured, limit):
    verdict = "held" if measured <= limit else "EXCEEDED"
    print(f"claim: {what} at most {limit // MIB} MiB: {measured / MIB:.1f} MiB, {verdict}")
    return measured <= limit


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--hftsim", default=ROOT / "build/perf/tools/hftsim")
    parser.add_argument("--bars", type=int, default=10_000_000)
    arguments = parser.parse_args()
    if arguments.bars < LONG:
        parser.error(f"--bars must be {LONG} or more")

    peaks = {}
    for bars in (SHORT, LONG, arguments.bars):
        peaks[bars], seconds = peak_of(arguments.hftsim, bars)
        print(f"peak_rss   {bars:>11} bars   {peaks[bars] / MIB:6.1f} MiB   {seconds:6.2f} s")
    verdicts = [judge(f"{SHORT} bars take", peaks[SHORT], 64 * MIB),
                judge(f"{arguments.bars} bars take", peaks[arguments.bars], 256 * MIB),
                judge(f"{arguments.bars} bars beyond {LONG} take", peaks[arguments.bars] - peaks[LONG], 16 * MIB)]
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
