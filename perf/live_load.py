#!/usr/bin/env python3
"""Claim: `hftsim paper` takes 50,000 messages a second over loopback for a minute without one that is dropped or late, in
memory that does not grow, and its recording replays to the session's decisions.

usage: live_load.py [--hftsim PROGRAM] [--seconds N] [--symbols N] [--speed X] [--model BUNDLE] [--pin]

    hftsim exchange --generated ──websocket──▶ hftsim paper ──▶ recording ──▶ hftsim backtest

A generated symbol sends some 8,000 messages a second at 60 times real time; seven of them are the default. The exchange is
told to keep what it cannot send at once, so that a slow session falls behind and is not cut off. Exit 1 where an event was
dropped, late or missing, memory grew by more than 16 MiB between the first third and the end, or the replay differs. A
symbol's first bar may be late: it may have closed between history and stream. The rate is printed, never enforced: the
machine may be busy.
"""
import argparse
import re
import sys
import tempfile
import time
from pathlib import Path

from live_session import Exchange, Session, add_arguments, is_unbroken, judge

RATE, GROWTH_MIB = 50_000, 16


def resident_mib(pid):
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found.group(1)) / 1024 if found else 0


def memory_every_second(session):
    """Resident, in MiB, until it ends."""
    memory = []
    while True:
        time.sleep(1)
        if session.process.poll() is not None:
            return memory
        memory.append(resident_mib(session.process.pid))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    add_arguments(parser, seconds=60, symbols=7)
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory() as scratch:
        with Exchange(arguments) as exchange, Session(arguments, exchange, f"{scratch}/session") as session:
            memory = memory_every_second(session)
            summary = session.summary()
        replay = session.replayed_hash()
        early = session.bars_closed_before_it_heard()

    feed, events = summary["feed"], summary["session"]
    rate = feed["messages"] / arguments.seconds
    print(f"messages   {feed['messages']} in {arguments.seconds} s, {rate:.0f}/s; {events['events']} events")
    for line in summary["latency"]:
        print(f"latency    {line['stage']:<10} p50 {line['p50_us']:8.2f} us  p99 {line['p99_us']:8.2f}  "
              f"p99.9 {line['p999_us']:9.2f}  max {line['max_us']:9.1f}  {line['count']}")
    print(f"faults     {events['late']} late, {early} of them before the first message, {feed['gaps']} gaps, "
          f"{feed['reconnects']} reconnects, {events['waits_for_a_block']} waits for a block")
    third = memory[len(memory) // 3:]
    growth = third[-1] - third[0] if third else 0
    print(f"memory     {memory[0]:.1f} MiB after a second, {third[0]:.1f} after a third, {third[-1]:.1f} at the end")
    judge(f"{RATE} messages/s", rate >= RATE)
    verdicts = [
        judge("nothing dropped or missing, nor late but for bars before the first message", is_unbroken(summary, early)),
        judge(f"memory grows by at most {GROWTH_MIB} MiB: {growth:.1f}", growth <= GROWTH_MIB),
        judge("the recording replays to the session's decisions", replay == summary["journal_hash"])]
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
