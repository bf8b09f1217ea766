// The shape of one bar. Part of kernels_isa.cpp.
#pragma once

// candle: open, close, high, low -> body, body_pct, upper_wick, lower_wick, range, range_pct,
// body_range_ratio, is_bullish.
template <bool kSingle>
void candle(const Node& node, const Frame& f) {
  pointwise<kSingle, 4, 0, 8>(node, f, [](auto& v) {
    const auto open = v.in[0], close = v.in[1], high = v.in[2], low = v.in[3];
    const auto body = close - open, range = high - low;
    const auto per_open = 1.0 / open;
    const auto ratio = absolute(body) / select(range > 0.0, range, 1.0);
    v.out[0] = body;
    v.out[1] = body * per_open;
    v.out[2] = high - larger(open, close);
    v.out[3] = smaller(open, close) - low;
    v.out[4] = range;
    v.out[5] = range * per_open;
    v.out[6] = select(range > 0.0, ratio, 0.0);
    v.out[7] = select(close > open, 1.0, 0.0);
  });
}
