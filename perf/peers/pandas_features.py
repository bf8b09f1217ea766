#!/usr/bin/env python3
"""Claim: the 85 default features cost at least 40 times less in the engine than in pandas written with care:
whole columns, nothing computed twice.

Workload: the same 10,080 generated bars, a week of minutes (or as many as the second argument says), one
thread. pandas has a cost per call, so that longer columns cost it less per bar.
Contenders: the definitions of docs/features.md written with pandas' rolling windows, whole columns at a time;
the engine over blocks of 256 bars (build/perf/perf/features_for_peers).
Checked first: every column, |d| <= 1e-9 |pandas| + 1e-9 mean|column|, NaN where pandas has NaN. The rolling
deviation of pandas is itself off by up to 1e-7 and gets that much.

    perf/peers/pandas_features.py build/perf/perf/features_for_peers [COUNT]
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

WINDOWS = (5, 10, 20)
ROUNDS = 7


def true_range(bars):
    before = bars.close.shift(1)
    ranges = [bars.high - bars.low, (bars.high - before).abs(), (bars.low - before).abs()]
    return pd.concat(ranges, axis=1).max(axis=1)


def calendar(opened):
    hour, day = opened.dt.hour.astype(float), opened.dt.dayofweek.astype(float)
    return {
        "hour": hour, "hour_sin": np.sin(2 * np.pi * hour / 24), "hour_cos": np.cos(2 * np.pi * hour / 24),
        "day_of_week": day, "day_sin": np.sin(2 * np.pi * day / 7), "day_cos": np.cos(2 * np.pi * day / 7),
        "is_weekend": (day >= 5).astype(float),
    }


def features(bars):
    """The default columns, in their order."""
    o, h, l, c, v, n = (bars[x] for x in ("open", "high", "low", "close", "volume", "trades"))
    change, span, ranges = c.pct_change(), h - l, true_range(bars)
    log_range, dollars = np.log(h / l) ** 2, c * v
    pressure = ((c - l) / span.where(span > 0)).fillna(0.5)
    obv = (np.sign(c.diff()) * v).cumsum()
    f = {"trades": n.astype(float)}
    for w in WINDOWS:
        f[f"return_{w}"], f[f"log_return_{w}"] = c.pct_change(w), np.log(c / c.shift(w))
    for w in WINDOWS:
        f[f"momentum_{w}"], f[f"momentum_pct_{w}"] = c - c.shift(w), c / c.shift(w) - 1
    for w in WINDOWS:
        sma, ema = c.rolling(w).mean(), c.ewm(span=w, adjust=False).mean()
        f[f"sma_{w}"], f[f"ema_{w}"] = sma, ema
        f[f"dist_sma_{w}"], f[f"dist_ema_{w}"] = (c - sma) / sma, (c - ema) / ema
    for w in WINDOWS:
        low, high = l.rolling(w).min(), h.rolling(w).max()
        f[f"price_position_{w}"] = ((c - low) / (high - low).where(high > low)).fillna(0.5)
    f["return_1"] = change
    for w in WINDOWS:
        f[f"volatility_{w}"] = change.rolling(w).std()
        f[f"volatility_{w}_annualized"] = f[f"volatility_{w}"] * np.sqrt(252 * 24 * 60)
    for w in WINDOWS:
        f[f"parkinson_vol_{w}"] = np.sqrt(log_range.rolling(w).sum() / (4 * w * np.log(2)))
    for w in WINDOWS:
        f[f"atr_{w}"] = ranges.rolling(w).mean()
        f[f"atr_pct_{w}"] = f[f"atr_{w}"] / c
    for w in WINDOWS:
        f[f"volume_sma_{w}"] = v.rolling(w).mean()
        f[f"volume_ratio_{w}"] = v / f[f"volume_sma_{w}"]
    for w in WINDOWS:
        f[f"volume_change_{w}"] = v.pct_change(w)
    for w in WINDOWS:
        vwap = dollars.rolling(w).sum() / v.rolling(w).sum()
        f[f"vwap_{w}"], f[f"dist_vwap_{w}"] = vwap, (c - vwap) / vwap
    f["obv"] = obv
    for w in WINDOWS:
        f[f"obv_ema_{w}"] = obv.ewm(span=w, adjust=False).mean()
    f["body"], f["body_pct"] = c - o, (c - o) / o
    f["upper_wick"], f["lower_wick"] = h - np.maximum(o, c), np.minimum(o, c) - l
    f["range"], f["range_pct"] = span, span / o
    f["body_range_ratio"] = ((c - o).abs() / span.where(span > 0)).fillna(0.0)
    f["is_bullish"] = (c > o).astype(float)
    for w in WINDOWS:
        f[f"trade_intensity_{w}"] = n.rolling(w).mean()
    f["buy_pressure"] = pressure
    for w in WINDOWS:
        f[f"buy_pressure_ma_{w}"] = pressure.rolling(w).mean()
    f.update(calendar(bars.opened))
    return pd.DataFrame(f)


def check(frame, engine):
    for k, name in enumerate(frame.columns):
        ours, theirs = engine[k], frame[name].to_numpy()
        relative = 1e-7 if name.startswith("volatility") else 1e-9
        allowed = relative * np.abs(theirs) + 1e-9 * np.nanmean(np.abs(theirs))
        same = np.where(np.isnan(theirs), np.isnan(ours), np.abs(ours - theirs) <= allowed)
        if not same.all():
            at = int(np.argmin(same))
            sys.exit(f"wrong result: {name} of bar {at}: {ours[at]!r}, pandas has {theirs[at]!r}")


def engine_ns(program, count, *folder):
    output = subprocess.run([program, str(count), *folder], check=True, capture_output=True, text=True).stdout
    return float(output.split()[-1])


def pandas_ns(bars):
    start = time.perf_counter_ns()
    features(bars)
    return (time.perf_counter_ns() - start) / len(bars)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_080
    with tempfile.TemporaryDirectory() as folder:
        engine_ns(program, count, folder)
        bars = pd.read_csv(f"{folder}/bars.csv", float_precision="round_trip")
        bars["opened"] = pd.to_datetime(bars.open_ns, utc=True)
        engine = np.fromfile(f"{folder}/features.f64", dtype="<f8").reshape(-1, count)
        frame = features(bars)
        if frame.shape[1] != engine.shape[0]:
            sys.exit(f"wrong result: {engine.shape[0]} columns, pandas has {frame.shape[1]}")
        check(frame, engine)
    rounds = [(pandas_ns(bars), engine_ns(program, count)) for _ in range(ROUNDS)]
    theirs, ours = (statistics.median(x) for x in zip(*rounds))
    ratios = sorted(a / b for a, b in rounds)
    middle = statistics.median(ratios)
    print(f"features_block_vs_pandas   85 features   {theirs:.1f} ns -> {ours:.1f} ns   "
          f"x{middle:.1f} ({ratios[0]:.1f}..{ratios[-1]:.1f})   runs {ROUNDS}")
    print(f"claim: at least 40 times faster than pandas: {'held' if middle >= 40 else 'NOT held in these runs'}")


if __name__ == "__main__":
    main()
