// The arithmetic of one LSTM cell and of the sigmoid. Included by the kernels inside their unnamed namespace.

// 2^v with a relative error below 2e-7, v clamped to -limit..limit (limit <= 126). v = n + r with n an
// integer, |r| <= 1/2; 2^r = 1 + r q(r), q the minimax polynomial of degree 4.
HFTSIM_INLINE Lanes exp2_within(Lanes v, float limit) {
  constexpr float kShifter = 0x1.8p23f;  // adding it rounds to an integer, which its last bits then are
  const Lanes x = clamp_exponent(v, limit);
  const Lanes shifted = x + all(kShifter);
  const Lanes r = x - (shifted - all(kShifter));
  Lanes p = fma(all(0x1.5bba16p-10f), r, all(0x1.3cea88p-7f));
  p = fma(p, r, all(0x1.c6b752p-5f));
  p = fma(p, r, all(0x1.ebf9bcp-3f));
  p = fma(p, r, all(0x1.62e42ap-1f));
  p = fma(p, r, all(1.0f));
  return add_to_exponent(p, shifted);
}

// Three of these, and the largest cell, may be multiplied without overflow; 1 + 2^-40 is 1.
HFTSIM_INLINE Lanes exp2_of(Lanes v) {
  return exp2_within(v, 40.0f);
}

// From the gates i, f, g, o, scaled as lstm_kernels.h says: cell = f cell + i g, hidden = o tanh(cell), with one
// division each.
HFTSIM_INLINE Lanes next_cell(Lanes i, Lanes f, Lanes g, Lanes cell) {
  const Lanes one = all(1.0f);
  const Lanes ei = exp2_of(i), ef = exp2_of(f), eg = exp2_of(g);
  const Lanes input_den = (one + ei) * (one + eg), forget_den = one + ef;
  const Lanes num = fma(cell, input_den, (one - eg) * forget_den);
  return num / (input_den * forget_den);
}

HFTSIM_INLINE Lanes hidden_of(Lanes o, Lanes cell) {
  constexpr float kTanhScale = -2 * 1.4426950408889634f;
  const Lanes one = all(1.0f);
  const Lanes eo = exp2_of(o), ec = exp2_of(cell * all(kTanhScale));
  return (one - ec) / ((one + eo) * (one + ec));
}
