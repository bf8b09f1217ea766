#!/usr/bin/env python3
"""Claim: ten browsers that watch a session do not slow its trading thread, even where one of them takes nothing.

usage: dashboard_watchers.py [--hftsim PROGRAM] [--pairs N] [--seconds N] [--symbols N] [--speed X] [--model BUNDLE] [--pin]

    hftsim exchange --generated ──websocket──▶ hftsim paper ──websocket──▶ 10 watchers | none

Contenders: the same session, its dashboard served in both, with ten watchers and with none, in turn. A watcher is what a
browser is to the server: a websocket that takes every update, but for the last, which never reads, so that after some 10 s
the server has nowhere to put what it sends there. What a browser draws is not done. Compared is the time from a message's
bytes to the decision, of every block and of those with a bar.

Checked first, exit 1: every watcher that reads got the snapshot and then updates all the time, some watcher was behind,
nothing was dropped, late or missing, every recording replays to its session's decisions. The claim is printed,
never enforced: the machine may be busy.
"""
import argparse
import json
import selectors
import socket
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from subprocess import PIPE

from live_session import Exchange, Session, add_arguments, is_unbroken, judge

WATCHERS, UPDATES_A_SECOND = 10, 4
NUMBERS = [(stage, number) for stage in ("total", "bar_total") for number in ("p50_us", "p99_us")]


def opened(address, buffer=None):
    """A websocket to the dashboard at HOST:PORT, before it is answered. `buffer`: how little it takes unread."""
    client = socket.socket()
    if buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    host, port = address.split(":")
    client.connect((host, int(port)))
    client.sendall((f"GET /live HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nConnection: Upgrade\r\n"
                    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: hftsim\r\n"
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").encode())
    return client


def messages(received):
    """The messages behind the answer 101 (RFC 6455, 5.2: what a server sends is not masked)."""
    answer, _, frames = received.partition(b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 101 "), answer
    message, at = b"", 0
    while at + 2 <= len(frames):
        first, length, head = frames[at], frames[at + 1], 2
        if length >= 126:
            head = 4 if length == 126 else 10
            length = int.from_bytes(frames[at + 2:at + head], "big")
        if first & 15 <= 2:
            message += frames[at + head:at + head + length]
            if first & 128:
                yield json.loads(message)
                message = b""
        at += head + length


class Watchers:
    """Read until the server ends them; what they got is looked at afterwards."""

    def __init__(self, address, count):
        self.silent = opened(address, buffer=4096) if count else None
        self.received = {opened(address): bytearray() for _ in range(count - 1)}
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def read(self):
        with selectors.DefaultSelector() as selector:
            for client in self.received:
                selector.register(client, selectors.EVENT_READ)
            while selector.get_map():
                for ready, _ in selector.select():
                    taken = ready.fileobj.recv(1 << 20)
                    self.received[ready.fileobj] += taken
                    if not taken:
                        selector.unregister(ready.fileobj)

    def ended(self):
        """Of each that reads, the messages."""
        self.thread.join()
        for client in [*self.received, *([self.silent] if self.silent else [])]:
            client.close()
        return [list(messages(bytes(received))) for received in self.received.values()]


def metrics(address):
    with urllib.request.urlopen(f"http://{address}/metrics") as answer:
        lines = [line.rsplit(" ", 1) for line in answer.read().decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


def check_heard(arguments, heard):
    for got in heard:
        kinds = [message["type"] for message in got]
        assert kinds[:1] == ["snapshot"] and len(kinds) > arguments.seconds * UPDATES_A_SECOND / 2, kinds


def check_one_was_behind(counts):
    behind = counts["hftsim_dashboard_skipped_updates_total"] + counts["hftsim_dashboard_slow_browsers_total"]
    assert behind > 0, counts


def latency(summary):
    lines = {line["stage"]: line for line in summary["latency"]}
    return {(stage, number): lines[stage][number] for stage, number in NUMBERS}


def measured(arguments, watchers, folder):
    """Latencies of one session."""
    with Exchange(arguments, "--start", "2024-02-01T00:00:30") as exchange, \
            Session(arguments, exchange, folder, "--dashboard", "127.0.0.1:0", stderr=PIPE) as session:
        address = session.process.stderr.readline().split("http://")[1].split("/")[0]
        watching = Watchers(address, watchers)
        time.sleep(arguments.seconds - 2)
        counts = metrics(address)
        summary = session.summary()
        heard = watching.ended()
    assert len(heard) == max(watchers - 1, 0)
    check_heard(arguments, heard)
    if watchers:
        check_one_was_behind(counts)
    assert is_unbroken(summary, session.bars_closed_before_it_heard()), summary
    assert session.replayed_hash() == summary["journal_hash"]
    return latency(summary)


def in_turn(arguments):
    """Of every pair, the session that nobody watches and the one that is watched; either goes first in turn."""
    pairs = []
    for pair in range(arguments.pairs):
        found = {}
        for watchers in (0, WATCHERS) if pair % 2 == 0 else (WATCHERS, 0):
            with tempfile.TemporaryDirectory() as scratch:
                found[watchers] = measured(arguments, watchers, f"{scratch}/session")
        pairs.append((found[0], found[WATCHERS]))
    return pairs


def compare(what, pairs):
    """Prints medians and ratio, and whether the watched sessions are among those that nobody watches."""
    alone, watched = ([one[what] for one in side] for side in zip(*pairs))
    ratios = [with_watchers / without for without, with_watchers in zip(alone, watched)]
    ratio, usual = statistics.median(ratios), statistics.median(alone)
    print(f"{' '.join(what):<18} {usual:9.2f} us -> {statistics.median(watched):9.2f} us   x{ratio:.2f} ({min(ratios):.2f}.."
          f"{max(ratios):.2f})   unwatched {min(alone):.2f}..{max(alone):.2f}   runs {len(pairs)}")
    return ratio <= max(alone) / usual


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    add_arguments(parser, seconds=15, symbols=2)
    parser.add_argument("--pairs", type=int, default=7)
    arguments = parser.parse_args()
    pairs = in_turn(arguments)
    print("name                 unwatched -> ten watchers   ten / none (lowest..highest)")
    same = [compare(what, pairs) for what in NUMBERS]
    judge("ten watchers: no slower than sessions that nobody watches differ among themselves", all(same))


if __name__ == "__main__":
    sys.exit(main())
