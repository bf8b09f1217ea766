"""Writes talib.csv: seeded bars and what TA-Lib gives for them.

Run once, by hand, with PyPI's TA-Lib (0.8.2 was used, which brings the C library 0.8.1) and numpy:
    python3 make_talib.py > talib.csv
The bars have a jump, a flat stretch and bars without volume, so that the indicators' special cases show.
"""

import sys

import numpy as np
import talib


def bars(count):
    """Integer arithmetic only: the same bars everywhere. Prices in hundredths."""
    state, close, rows = 12345, 880000, []

    def draw(bound):
        nonlocal state
        state = (state * 1103515245 + 12345) % 2**31
        return (state >> 12) % bound

    for i in range(count):
        flat = 60 <= i < 85
        open_ = close
        close = open_ if flat else open_ + draw(1001) - 500 + (40000 if i == 95 else 0)
        high = max(open_, close) + (0 if flat else draw(300))
        low = min(open_, close) - (0 if flat else draw(300))
        volume = 0 if 70 <= i < 75 else 1 + draw(5000)
        rows.append([open_ / 100, high / 100, low / 100, close / 100, volume / 1000])
    return np.array(rows).T.copy()


def main():
    o, h, l, c, v = bars(130)
    upper, mid, lower = talib.BBANDS(c, timeperiod=20, nbdevup=2, nbdevdn=2)
    columns = {
        "open": o, "high": h, "low": l, "close": c, "volume": v,
        "cci_20": talib.CCI(h, l, c, 20), "roc_12": talib.ROC(c, 12), "willr_14": talib.WILLR(h, l, c, 14),
        "mfi_14": talib.MFI(h, l, c, v, 14), "adx_14": talib.ADX(h, l, c, 14), "adx_5": talib.ADX(h, l, c, 5),
        "rsi_14": talib.RSI(c, 14), "bb_mid_20": mid, "bb_upper_20_2": upper, "bb_lower_20_2": lower,
    }
    out = sys.stdout
    out.write(",".join(columns) + "\n")
    for i in range(len(c)):
        out.write(",".join("" if np.isnan(x[i]) else repr(float(x[i])) for x in columns.values()) + "\n")


if __name__ == "__main__":
    main()
