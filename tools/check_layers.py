#!/usr/bin/env python3
"""Reads the includes of our C++ files and says which edge between rooms is not in the design's table; and finds
what the simulation path may not use: clocks, random numbers, threads, unordered containers, the C library's
transcendental functions, files and sockets.

usage: check_layers.py [ROOT]        exit 1 and one line per finding, "file:line: what is wrong"
       check_layers.py --self-test   plants every kind of violation in a temporary tree and looks for it
"""
import re
import sys
import tempfile
from pathlib import Path

ENGINE = ["engine/core", "engine/bus", "engine/features", "engine/inference", "engine/execution",
          "engine/portfolio", "engine/runtime"]
LIBRARY = ENGINE + ["strategies", "models", "replay", "adapters"]
EVERYTHING = LIBRARY + ["tools", "web"]

# Room: the other rooms it may include.
MAY_INCLUDE = {
    "engine/core": [],
    "engine/bus": ["engine/core"],
    "engine/features": ["engine/core"],
    "engine/inference": ["engine/core"],
    "engine/execution": ["engine/core"],
    "engine/portfolio": ["engine/core", "engine/execution"],
    "engine/runtime": ENGINE,
    "strategies": ENGINE,
    "models": ENGINE + ["replay"],
    "replay": ENGINE,
    "adapters": ENGINE + ["replay"],
    "tools": EVERYTHING,
    "web": EVERYTHING,
    "python": EVERYTHING,
    "tests": EVERYTHING,
    "perf": EVERYTHING + ["tests"],  # the naive references
}

SIMULATION = ["engine", "strategies"]


class Ban:
    """`pattern` may not occur in the code of files under `where`, but for files that begin with one of `but`."""

    def __init__(self, name, pattern, where, but, instead):
        self.name, self.pattern = name, re.compile(pattern)
        self.where, self.but, self.instead = where, but, instead

    def holds_for(self, path):
        return under(path, self.where) and not any(path.startswith(prefix) for prefix in self.but)


INCLUDE = r"#\s*include\s*<(?:%s)"
BANS = [
    Ban("clock", INCLUDE % r"chrono>|ctime>|time\.h>|sys/time\.h>|sys/timeb\.h>"
        + r"|\bstd::chrono\b|\b(?:clock_gettime|gettimeofday|timespec_get)\b|\b__rdtscp?\b"
        + r"|(?<![\w.>])(?:std::)?time\s*\(\s*(?:NULL|nullptr|0|&)|(?<![\w.>])(?:std::)?clock\s*\(\s*\)",
        SIMULATION, ["engine/core/clock.", "engine/bus/"],
        "take time from events, or measure with engine/core/clock.h"),
    Ban("random numbers", INCLUDE % r"random>"
        + r"|\bstd::(?:random_device|mt19937|minstd_rand|default_random_engine|random_shuffle)"
        + r"|(?<![\w.>])(?:std::)?(?:s?rand|rand_r|[dlm]rand48)\s*\(|(?<![\w.>])random\s*\(\s*\)",
        SIMULATION + ["replay"], ["engine/core/rng."], "use a named stream of engine/core/rng.h"),
    Ban("unordered container", INCLUDE % r"unordered_(?:map|set)>" + r"|\bunordered_(?:multi)?(?:map|set)\b",
        SIMULATION, [], "its order of iteration differs between libraries: use std::map or a sorted vector"),
    Ban("thread", INCLUDE % r"thread>|future>|pthread\.h>"
        + r"|\bstd::(?:j?thread|async|this_thread)\b|\bpthread_create\b",
        SIMULATION, ["engine/bus/"], "threads live in engine/bus (Agent)"),
    Ban("C library's transcendental function",
        r"\bstd::(?:log|log2|log10|log1p|exp|exp2|expm1|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|cbrt"
        r"|hypot|erf|erfc|tgamma|lgamma)\s*\(",
        SIMULATION + ["replay"], ["engine/portfolio/"],
        "its last digit differs between machines: use engine/core/exact_math.h"),
    Ban("file or JSON", INCLUDE % r"fstream>|filesystem>|nlohmann/|simdjson|duckdb|toml\+\+|fcntl\.h>"
        + r"|\bstd::(?:[io]?fstream|filesystem)\b", SIMULATION, [], "files live in replay and adapters"),
    Ban("socket", INCLUDE % r"boost/(?:asio|beast)|sys/socket\.h>|netinet/|arpa/inet\.h>",
        [room for room in MAY_INCLUDE if room not in ("adapters", "tests", "perf")], [],
        "sockets live in adapters"),
    Ban("torch", INCLUDE % r"torch/|ATen/|c10/" + r"|\btorch::", list(MAY_INCLUDE), ["models/"],
        "LibTorch is included by models/ alone"),
]

# Comments go, literals are emptied, line numbers stay.
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|R"(?P<tag>[^(\s]*)\(.*?\)(?P=tag)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'',
                   re.DOTALL)
QUOTED_INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')
FAST_MATH = re.compile(r"^[^#]*(-ffast-math|-funsafe-math-optimizations|-Ofast|-ffp-contract=(?:fast|on))")


def under(path, folders):
    return any(path.startswith(folder + "/") for folder in folders)


def room_of(path):
    return next((room for room in MAY_INCLUDE if path.startswith(room + "/")), None)


def strip(text, literals_too):
    def blank(match):
        token = match.group()
        if token.startswith("/"):
            return " " + "\n" * token.count("\n")
        return '""' + "\n" * token.count("\n") if literals_too else token
    return TOKEN.sub(blank, text)


def bad_edges(path, text):
    room = room_of(path)
    for number, line in enumerate(strip(text, literals_too=False).split("\n"), 1):
        match = QUOTED_INCLUDE.match(line)
        if not match:
            continue
        target = room_of(match.group(1))
        if target is None:
            yield number, f'"{match.group(1)}" lies in no room: write our headers with their path from the root'
        elif target != room and target not in MAY_INCLUDE[room]:
            allowed = ", ".join(name.removeprefix("engine/") for name in MAY_INCLUDE[room]) or "nothing of ours"
            yield number, f"{room} may not include {target} (allowed: {allowed})"


def bad_uses(path, text):
    bans = [ban for ban in BANS if ban.holds_for(path)]
    for number, line in enumerate(strip(text, literals_too=True).split("\n"), 1):
        for ban in bans:
            match = ban.pattern.search(line)
            if match:
                yield number, f"{ban.name} ({match.group().strip()}) does not belong here: {ban.instead}"


def source_files(root):
    for folder in sorted({room.split("/")[0] for room in MAY_INCLUDE}):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".h", ".hpp", ".cpp", ".cc") and "node_modules" not in path.parts:
                yield path


def cmake_files(root):
    found = [root / "CMakeLists.txt", root / "CMakePresets.json", *(root / "cmake").glob("*.cmake")]
    for folder in sorted({room.split("/")[0] for room in MAY_INCLUDE}):
        found += [path for path in (root / folder).rglob("CMakeLists.txt") if "node_modules" not in path.parts]
    return [path for path in found if path.exists()]


def check(root):
    """Findings as (path, line, message), and how many files were read."""
    findings, count = [], 0
    for file in source_files(root):
        path, text = file.relative_to(root).as_posix(), file.read_text(encoding="utf-8")
        count += 1
        if room_of(path) is None:
            findings.append((path, 1, "lies in no room of the table in tools/check_layers.py"))
            continue
        findings += [(path, *found) for found in bad_edges(path, text)]
        findings += [(path, *found) for found in bad_uses(path, text)]
    for file in cmake_files(root):
        for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1):
            match = FAST_MATH.match(line)
            if match:
                findings.append((file.relative_to(root).as_posix(), number, f"{match.group(1)} breaks determinism"))
    return findings, count


PLANTED = {  # file: (text, [(line, words of the finding)])
    "engine/features/edge.h": ('#pragma once\n#include "engine/runtime/signal.h"\n',
                               [(2, "engine/features may not include engine/runtime (allowed: core)")]),
    "engine/core/up.h": ('#include "engine/bus/agent.h"\n', [(1, "allowed: nothing of ours")]),
    "strategies/file.cpp": ('#include "replay/file.h"\n', [(1, "strategies may not include replay")]),
    "tools/near.cpp": ('#include "near.h"\n', [(1, "lies in no room")]),
    "engine/lost/a.h": ("", [(1, "lies in no room of the table")]),
    "engine/runtime/now.cpp": ("#include <chrono>\nauto t = std::chrono::steady_clock::now();\n"
                               "long s = time(nullptr);\n",
                               [(1, "clock"), (2, "clock"), (3, "clock")]),
    "engine/execution/dice.cpp": ("#include <random>\nint i = rand() + random();\nstd::mt19937 g;\n"
                                  "RandomStream random(7, name);\n",
                                  [(1, "random"), (2, "random"), (3, "random")]),
    "engine/portfolio/hash.h": ("std::unordered_map<int, int> m;\nstd::unordered_set<int> s;\n",
                                [(1, "unordered"), (2, "unordered")]),
    "strategies/spawn.cpp": ("/* two\nlines */ std::thread t;\n", [(2, "thread")]),
    "engine/features/pow.cpp": ("double d = std::pow(a, b) + std::sqrt(c);\n", [(1, "transcendental")]),
    "engine/runtime/save.cpp": ("#include <fstream>\n", [(1, "file")]),
    "replay/net.cpp": ("#include <boost/asio.hpp>\n", [(1, "socket")]),
    "tools/net.cpp": ("#include <torch/script.h>\n", [(1, "torch")]),
    "engine/CMakeLists.txt": ("target_compile_options(x -ffast-math)\n", [(1, "-ffast-math")]),
    "engine/core/clock.cpp": ("#include <ctime>\n", []),
    "engine/bus/agent.cpp": ('#include <thread>\n#include "engine/core/clock.h"\n', []),
    "models/plugin.cpp": ("#include <torch/script.h>\n", []),
    "engine/runtime/clean.cpp": ('// #include "tools/x.h", std::thread\nauto a = "std::thread rand()";\n'
                                 'auto b = event.time(0) + operand(2) + R"(std::mt19937)";\n', []),
}


def self_test():
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, (text, _) in PLANTED.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        findings, _ = check(root)
    expected = [(path, line, words) for path, (_, wanted) in PLANTED.items() for line, words in wanted]
    missed = [want for want in expected
              if not any(got[:2] == want[:2] and want[2] in got[2] for got in findings)]
    false_alarms = [got for got in findings
                    if not any(got[:2] == want[:2] and want[2] in got[2] for want in expected)]
    for path, line, message in missed:
        print(f"missed: {path}:{line}: {message}")
    for path, line, message in false_alarms:
        print(f"false alarm: {path}:{line}: {message}")
    print(f"self-test: {len(expected) - len(missed)} of {len(expected)} planted violations found, "
          f"{len(false_alarms)} false alarms")
    return 1 if missed or false_alarms else 0


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    root = Path(arguments[0] if arguments else Path(__file__).resolve().parent.parent)
    findings, count = check(root)
    for path, line, message in findings:
        print(f"{path}:{line}: {message}")
    print(f"check_layers: {count} files, {len(findings)} findings")
    if count == 0:
        print(f"no source file under {root}: wrong folder?")
    return 1 if findings or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
