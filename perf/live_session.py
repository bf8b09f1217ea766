"""What the benchmarks of live sessions share: a generated exchange, hftsim paper that trades on it, and its replay."""
import csv
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LATE = 32  # a flag of bars in recordings, docs/recording.md
SYMBOLS = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT", "ADAUSDT", "BNBUSDT", "DOGEUSDT", "LTCUSDT"]


def add_arguments(parser, seconds, symbols):
    parser.add_argument("--hftsim", default=ROOT / "build/perf/tools/hftsim")
    parser.add_argument("--seconds", type=int, default=seconds)
    parser.add_argument("--symbols", type=int, default=symbols, choices=range(1, len(SYMBOLS) + 1))
    parser.add_argument("--speed", type=float, default=60)
    parser.add_argument("--model", help="a bundle that decides with the strategy")
    parser.add_argument("--pin", action="store_true", help="as hftsim paper --pin")


class Program:
    """`hftsim ARGUMENTS`, until the end of the with statement."""

    def __init__(self, hftsim, *arguments, **streams):
        self.command = [str(word) for word in (hftsim, *arguments)]
        self.process = subprocess.Popen(self.command, text=True, **streams)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


class Exchange(Program):
    """A generated market on a free port, that keeps what it cannot send at once."""

    def __init__(self, arguments, *more):
        super().__init__(arguments.hftsim, "exchange", "--generated", "--symbols", symbols_of(arguments), "--speed",
                         arguments.speed, "--port", 0, "--queue", 10_000_000, *more, stdout=subprocess.PIPE)
        self.address = self.process.stdout.readline().split("http://")[-1].strip()


class Session(Program):
    """hftsim paper on an exchange for `arguments.seconds`, into `folder`."""

    def __init__(self, arguments, exchange, folder, *more, **streams):
        model = ["--model", arguments.model] if arguments.model else []
        pin = ["--pin"] if arguments.pin else []
        super().__init__(arguments.hftsim, "paper", "--symbol", symbols_of(arguments), "--url", f"ws://{exchange.address}",
                         "--out", folder, "--duration", f"{arguments.seconds}s", "--json", *model, *pin, *more,
                         stdout=subprocess.DEVNULL, **streams)
        self.arguments, self.folder = arguments, Path(folder)

    def summary(self):
        """Once it has ended by itself."""
        if self.process.wait() != 0:
            sys.exit(f"{' '.join(self.command)} ended with {self.process.returncode}")
        return json.loads((self.folder / "summary.json").read_text())

    def replayed_hash(self):
        run = subprocess.run([self.arguments.hftsim, "backtest", self.folder / "config.toml", "--data",
                              self.folder / "session.hfr", "--out", "none", "--json"],
                             capture_output=True, text=True, check=True)
        return json.loads(run.stdout)["journal_hash"]

    def bars_closed_before_it_heard(self):
        """How many symbols' first bar behind the connection came late: it closed between history and stream."""
        marks = self._recorded("session_mark")
        connected = {row["symbol"]: int(row["event"]) for row in reversed(marks) if row["mark"] == "connected"}
        first = {}
        for row in self._recorded("bar"):
            if int(row["event"]) > connected[row["symbol"]]:
                first.setdefault(row["symbol"], row)
        return sum(bool(int(row["flags"]) & LATE) for row in first.values())

    def _recorded(self, kind):
        file = self.folder / f"{kind}.csv"
        subprocess.run([self.arguments.hftsim, "recording", "export", self.folder / "session.hfr", "--kind", kind, "--out",
                        file, "--force"], stdout=subprocess.DEVNULL, check=True)
        with open(file, newline="") as rows:
            return list(csv.DictReader(rows))


def symbols_of(arguments):
    return ",".join(SYMBOLS[:arguments.symbols])


def is_unbroken(summary, excused):
    """Nothing was dropped or missing, or late but for `excused`, the bars that closed before the session heard anything."""
    events, feed, recording = summary["session"], summary["feed"], summary["recording"]
    late = events["late"] - excused
    return recording["whole"] and not any((recording["dropped"], late, feed["gaps"], feed["reconnects"]))


def judge(what, holds):
    print(f"claim: {what}: {'held' if holds else 'NOT HELD'}")
    return holds
