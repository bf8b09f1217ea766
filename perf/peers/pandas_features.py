#!/usr/bin/python3
"""Claims: the 85 default features cost at least 30 times less in the engine than in pandas written with care
(whole columns, nothing computed twice), and at least 100 times less than in pandas as research code has it (each
column from its own definition, put into the frame one by one).

Workload: the same 10,080 generated bars, a week of minutes (or as many as the second argument says), one
thread. pandas has a cost per call, so that longer columns cost it less per bar.
Contenders: the definitions of docs/features.md with pandas' rolling windows, both ways; the engine over blocks
of 256 bars (build/perf/perf/features_for_peers).
Checked first: both ways, every column, |d| <= 1e-9 |pandas| + 1e-9 mean|column|, NaN where pandas has NaN. The rolling
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


def with_care(bars):
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


def column_by_column(bars):
    """The same columns, each written down by its definition."""
    f = bars.copy()
    hour, week = f.opened.dt.hour.astype(float), f.opened.dt.dayofweek.astype(float)
    f["trades"] = f.trades.astype(float)
    for w in WINDOWS:
        f[f"return_{w}"] = f.close / f.close.shift(w) - 1
        f[f"log_return_{w}"] = np.log(f.close / f.close.shift(w))
    for w in WINDOWS:
        f[f"momentum_{w}"] = f.close - f.close.shift(w)
        f[f"momentum_pct_{w}"] = f.close / f.close.shift(w) - 1
    for w in WINDOWS:
        f[f"sma_{w}"] = f.close.rolling(w).mean()
        f[f"ema_{w}"] = f.close.ewm(span=w, adjust=False).mean()
        f[f"dist_sma_{w}"] = (f.close - f.close.rolling(w).mean()) / f.close.rolling(w).mean()
        f[f"dist_ema_{w}"] = (f.close - f[f"ema_{w}"]) / f[f"ema_{w}"]
    for w in WINDOWS:
        low, high = f.low.rolling(w).min(), f.high.rolling(w).max()
        f[f"price_position_{w}"] = np.where(high > low, (f.close - low) / (high - low), 0.5)
    f["return_1"] = f.close / f.close.shift(1) - 1
    for w in WINDOWS:
        f[f"volatility_{w}"] = f.close.pct_change().rolling(w).std()
        f[f"volatility_{w}_annualized"] = f.close.pct_change().rolling(w).std() * np.sqrt(252 * 24 * 60)
    for w in WINDOWS:
        f[f"parkinson_vol_{w}"] = np.sqrt((np.log(f.high / f.low) ** 2).rolling(w).sum() / (4 * w * np.log(2)))
    for w in WINDOWS:
        f[f"atr_{w}"] = true_range(f).rolling(w).mean()
        f[f"atr_pct_{w}"] = true_range(f).rolling(w).mean() / f.close
    for w in WINDOWS:
        f[f"volume_sma_{w}"] = f.volume.rolling(w).mean()
        f[f"volume_ratio_{w}"] = f.volume / f.volume.rolling(w).mean()
    for w in WINDOWS:
        f[f"volume_change_{w}"] = f.volume / f.volume.shift(w) - 1
    for w in WINDOWS:
        f[f"vwap_{w}"] = (f.close * f.volume).rolling(w).sum() / f.volume.rolling(w).sum()
        f[f"dist_vwap_{w}"] = (f.close - f[f"vwap_{w}"]) / f[f"vwap_{w}"]
    f["obv"] = (np.sign(f.close.diff()) * f.volume).cumsum()
    for w in WINDOWS:
        f[f"obv_ema_{w}"] = f.obv.ewm(span=w, adjust=False).mean()
    f["body"] = f.close - f.open
    f["body_pct"] = (f.close - f.open) / f.open
    f["upper_wick"] = f.high - f[["open", "close"]].max(axis=1)
    f["lower_wick"] = f[["open", "close"]].min(axis=1) - f.low
    f["range"] = f.high - f.low
    f["range_pct"] = (f.high - f.low) / f.open
    f["body_range_ratio"] = np.where(f.high > f.low, (f.close - f.open).abs() / (f.high - f.low), 0.0)
    f["is_bullish"] = (f.close > f.open).astype(float)
    for w in WINDOWS:
        f[f"trade_intensity_{w}"] = f.trades.rolling(w).mean()
    f["buy_pressure"] = np.where(f.high > f.low, (f.close - f.low) / (f.high - f.low), 0.5)
    for w in WINDOWS:
        f[f"buy_pressure_ma_{w}"] = f.buy_pressure.rolling(w).mean()
    f["hour"] = hour
    f["hour_sin"], f["hour_cos"] = np.sin(2 * np.pi * hour / 24), np.cos(2 * np.pi * hour / 24)
    f["day_of_week"] = week
    f["day_sin"], f["day_cos"] = np.sin(2 * np.pi * week / 7), np.cos(2 * np.pi * week / 7)
    f["is_weekend"] = (week >= 5).astype(float)
    return f.drop(columns=[column for column in bars.columns if column != "trades"])


def check(frame, engine):
    if frame.shape[1] != engine.shape[0]:
        sys.exit(f"wrong result: {engine.shape[0]} columns, pandas has {frame.shape[1]}")
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


def pandas_ns(features, bars):
    start = time.perf_counter_ns()
    features(bars)
    return (time.perf_counter_ns() - start) / len(bars)


def judge(name, theirs, ours, wanted):
    ratios = sorted(a / b for a, b in zip(theirs, ours))
    middle = statistics.median(ratios)
    print(f"features_block_vs_{name}   85 features   {statistics.median(theirs):.1f} ns -> "
          f"{statistics.median(ours):.1f} ns   x{middle:.1f} ({ratios[0]:.1f}..{ratios[-1]:.1f})   runs {ROUNDS}")
    verdict = "held" if middle >= wanted else "NOT held in these runs"
    print(f"claim: at least {wanted} times faster than {name}: {verdict}")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_080
    with tempfile.TemporaryDirectory() as folder:
        engine_ns(program, count, folder)
        bars = pd.read_csv(f"{folder}/bars.csv", float_precision="round_trip")
        bars["opened"] = pd.to_datetime(bars.open_ns, utc=True)
        engine = np.fromfile(f"{folder}/features.f64", dtype="<f8").reshape(-1, count)
    order = with_care(bars)
    check(order, engine)
    check(column_by_column(bars)[order.columns], engine)
    rounds = [(pandas_ns(with_care, bars), pandas_ns(column_by_column, bars), engine_ns(program, count))
              for _ in range(ROUNDS)]
    care, plain, ours = zip(*rounds)
    judge("pandas_with_care", care, ours, 30)
    judge("pandas_column_by_column", plain, ours, 100)


if __name__ == "__main__":
    main()
