#!/usr/bin/env python3
"""Claim: `hftsim paper` takes 50,000 messages a second over loopback for a minute without one that is dropped or late, in
memory that does not grow, and its recording replays to the session's decisions.

usage: live_load.py [--hftsim PROGRAM] [--seconds N] [--symbols N] [--speed X] [--model BUNDLE] [--pin]

    hftsim exchange --generated ──websocket──▶ hftsim paper ──▶ recording ──▶ hftsim backtest

A generated symbol sends some 8,000 messages a second at 60 times real time; seven of them are the default. The exchange is
told to keep what it cannot send at once, so that a slow session falls behind and is not cut off. Exit 1 where an event was
dropped, late or missing, memory grew by more than 16 MiB between the first third and the end, or the replay differs. The
rate is printed, never enforced: the machine may be busy.
"""
import argparse
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SYMBOLS = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT", "ADAUSDT", "BNBUSDT", "DOGEUSDT", "LTCUSDT"]
RATE, GROWTH_MIB = 50_000, 16


def resident_mib(pid):
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found.group(1)) / 1024 if found else 0


class Exchange:
    """A generated market on a free port, until the end of the with statement."""

    def __init__(self, arguments, symbols):
        self.process = subprocess.Popen(
            [arguments.hftsim, "exchange", "--generated", "--symbols", symbols, "--speed", str(arguments.speed),
             "--port", "0", "--queue", "10000000"], stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().split("http://")[-1].strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def session(arguments, symbols, address, folder):
    """The session's summary, and its resident memory every second."""
    command = [arguments.hftsim, "paper", "--symbol", symbols, "--url", f"ws://{address}", "--out", folder,
               "--duration", f"{arguments.seconds}s", "--json"]
    if arguments.model:
        command += ["--model", arguments.model]
    if arguments.pin:
        command += ["--pin"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    output = []
    reader = threading.Thread(target=lambda: output.append(process.stdout.read()))
    reader.start()
    memory = []
    while reader.is_alive():
        reader.join(timeout=1)
        if process.poll() is None:
            memory.append(resident_mib(process.pid))
    if process.wait() != 0:
        sys.exit(f"live_load: {' '.join(map(str, command))} ended with {process.returncode}")
    return json.loads(output[0]), memory


def replayed_hash(arguments, folder):
    run = subprocess.run([arguments.hftsim, "backtest", f"{folder}/config.toml", "--data", f"{folder}/session.hfr",
                          "--out", "none", "--json"], capture_output=True, text=True, check=True)
    return json.loads(run.stdout)["journal_hash"]


def judge(what, holds):
    print(f"claim: {what}: {'held' if holds else 'NOT HELD'}")
    return holds


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--hftsim", default=ROOT / "build/perf/tools/hftsim")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--symbols", type=int, default=7, choices=range(1, len(SYMBOLS) + 1))
    parser.add_argument("--speed", type=float, default=60)
    parser.add_argument("--model", help="a bundle that decides with the strategy")
    parser.add_argument("--pin", action="store_true", help="as hftsim paper --pin")
    arguments = parser.parse_args()
    symbols = ",".join(SYMBOLS[:arguments.symbols])

    with tempfile.TemporaryDirectory() as scratch:
        folder = f"{scratch}/session"
        with Exchange(arguments, symbols) as exchange:
            summary, memory = session(arguments, symbols, exchange.address, folder)
        replay = replayed_hash(arguments, folder)

    feed, events = summary["feed"], summary["session"]
    rate = feed["messages"] / arguments.seconds
    print(f"messages   {feed['messages']} in {arguments.seconds} s, {rate:.0f}/s; {events['events']} events")
    for line in summary["latency"]:
        print(f"latency    {line['stage']:<10} p50 {line['p50_us']:8.2f} us  p99 {line['p99_us']:8.2f}  "
              f"p99.9 {line['p999_us']:9.2f}  max {line['max_us']:9.1f}  {line['count']}")
    print(f"faults     {events['late']} late, {feed['gaps']} gaps, {feed['reconnects']} reconnects, "
          f"{events['waits_for_a_block']} waits for a block")
    third = memory[len(memory) // 3:]
    growth = third[-1] - third[0] if third else 0
    print(f"memory     {memory[0]:.1f} MiB after a second, {third[0]:.1f} after a third, {third[-1]:.1f} at the end")
    judge(f"{RATE} messages/s", rate >= RATE)
    verdicts = [
        judge("nothing dropped", summary["recording"]["dropped"] == 0 and summary["recording"]["whole"]),
        judge("nothing late or missing", events["late"] == 0 and feed["gaps"] == 0 and feed["reconnects"] == 0),
        judge(f"memory grows by at most {GROWTH_MIB} MiB: {growth:.1f}", growth <= GROWTH_MIB),
        judge("the recording replays to the session's decisions", replay == summary["journal_hash"])]
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
