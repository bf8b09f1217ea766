#include "tests/features/naive_features.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <limits>
#include <memory>
#include <stdexcept>

namespace hftsim::features {
namespace {

constexpr Exact kUnknown = std::numeric_limits<Exact>::quiet_NaN();
constexpr Exact kPi = 3.14159265358979323846264338327950288L;

// ---- Windows

template <class Value>
Exact sum(std::uint64_t bars, Value value) {
  Exact total = 0;
  for (std::uint64_t k = bars; k-- > 0;) total += value(k);
  return total;
}
template <class Value>
Exact mean(std::uint64_t bars, Value value) {
  return sum(bars, value) / static_cast<Exact>(bars);
}
template <class Value>
Exact squared_deviations(std::uint64_t bars, Value value) {
  const Exact centre = mean(bars, value);
  return sum(bars, [&](std::uint64_t k) { return (value(k) - centre) * (value(k) - centre); });
}

Exact lowest(const NaiveHistory& h, std::uint64_t bars, std::uint64_t from = 0) {
  Exact low = h.low(from);
  for (std::uint64_t k = 1; k < bars; ++k) low = std::min(low, h.low(from + k));
  return low;
}
Exact highest(const NaiveHistory& h, std::uint64_t bars, std::uint64_t from = 0) {
  Exact high = h.high(from);
  for (std::uint64_t k = 1; k < bars; ++k) high = std::max(high, h.high(from + k));
  return high;
}

// ---- One bar

Exact relative_change(const NaiveHistory& h, std::uint64_t k) {
  return h.close(k) / h.close(k + 1) - 1;
}
Exact true_range(const NaiveHistory& h, std::uint64_t k) {
  const Exact range = h.high(k) - h.low(k);
  if (!h.has(k + 1)) return range;
  const Exact before = h.close(k + 1);
  return std::max({range, std::fabs(h.high(k) - before), std::fabs(h.low(k) - before)});
}
Exact buy_pressure(const NaiveHistory& h, std::uint64_t k) {
  const Exact range = h.high(k) - h.low(k);
  return range > 0 ? (h.close(k) - h.low(k)) / range : 0.5L;
}
Exact squared_log(Exact ratio) {
  return std::log(ratio) * std::log(ratio);
}
// Whether it rose decides where money flows, down to the last bit: it is the double that TA-Lib compares.
double typical_price(const NaiveHistory& h, std::uint64_t k) {
  const auto high = static_cast<double>(h.high(k)), low = static_cast<double>(h.low(k));
  return (high + low + static_cast<double>(h.close(k))) / 3.0;
}

// ---- What depends on the last bars only. Windows: the parameters of the name.

using Parameters = std::vector<double>;

std::uint64_t bars_of(const Parameters& p, std::size_t i = 0) {
  return static_cast<std::uint64_t>(p[i]);
}

Expected distance(Exact x, Exact from) {
  return {(x - from) / from, x / from};
}

Exact vwap(const NaiveHistory& h, std::uint64_t bars) {
  return sum(bars, [&](auto k) { return h.close(k) * h.volume(k); }) /
         sum(bars, [&](auto k) { return h.volume(k); });
}

Exact position(const NaiveHistory& h, std::uint64_t bars, std::uint64_t from, Exact without_range) {
  const Exact low = lowest(h, bars, from), high = highest(h, bars, from);
  return high > low ? (h.close(from) - low) / (high - low) : without_range;
}

Expected volatility(const NaiveHistory& h, const Parameters& p, Exact factor) {
  const auto value = [&](auto k) {
    return relative_change(h, k);
  };
  Exact largest = 0;
  for (std::uint64_t k = 0; k < bars_of(p); ++k) largest = std::max(largest, std::fabs(value(k)));
  const Exact variance = squared_deviations(bars_of(p), value) / (static_cast<Exact>(p[0]) - 1);
  return {factor * std::sqrt(variance), factor * largest};
}

struct Bands {
  Exact mid, width;  // width: K population deviations
};
Bands bands(const NaiveHistory& h, const Parameters& p) {
  const auto close = [&](auto k) {
    return h.close(k);
  };
  const Exact deviation = std::sqrt(squared_deviations(bars_of(p), close) / p[0]);
  return {mean(bars_of(p), close), deviation * (p.size() > 1 ? p[1] : 2)};
}

Expected zscore(const NaiveHistory& h, const Parameters& p) {
  const auto close = [&](auto k) {
    return h.close(k);
  };
  const Exact deviation = std::sqrt(squared_deviations(bars_of(p), close) / (p[0] - 1));
  const Exact score = (h.close() - mean(bars_of(p), close)) / deviation;
  return {score, h.close() / deviation * (1 + std::fabs(score))};
}

Expected commodity_channel(const NaiveHistory& h, const Parameters& p) {
  const auto tp = [&](auto k) {
    return static_cast<Exact>(typical_price(h, k));
  };
  const Exact centre = mean(bars_of(p), tp);
  const Exact deviation = mean(bars_of(p), [&](auto k) { return std::fabs(tp(k) - centre); });
  if (deviation == 0 || tp(0) == centre) return {0};
  const Exact index = (tp(0) - centre) / (0.015L * deviation);
  return {index, centre / deviation * (1 / 0.015L + std::fabs(index))};
}

Expected money_flow_index(const NaiveHistory& h, const Parameters& p) {
  Exact rising = 0, falling = 0;
  for (std::uint64_t k = 0; k < bars_of(p); ++k) {
    const double now = typical_price(h, k), before = typical_price(h, k + 1);
    if (now > before) rising += now * h.volume(k);
    if (now < before) falling += now * h.volume(k);
  }
  return {rising + falling < 1 ? 0 : 100 * rising / (rising + falling)};
}

std::tm opened(const NaiveHistory& h) {
  const std::time_t seconds = h.open_ns() / 1'000'000'000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return utc;
}
Exact weekday(const NaiveHistory& h) {
  return (opened(h).tm_wday + 6) % 7;
}

// Known from bar `per_window * W + offset` on; `before` until then.
struct Rule {
  const char* pattern;
  int per_window, offset;
  Expected (*value)(const NaiveHistory&, const Parameters&);
  Exact before = kUnknown;
};

using H = const NaiveHistory&;
using P = const Parameters&;
const Rule kRules[] = {
    {"trades", 0, 0,
     [](H h, P) {
       return Expected{h.trades()};
     }},
    {"return_#", 1, 0,
     [](H h, P p) {
       return Expected{h.close() / h.close(bars_of(p)) - 1};
     }},
    {"log_return_#", 1, 0,
     [](H h, P p) {
       return Expected{std::log(h.close() / h.close(bars_of(p)))};
     }},
    {"momentum_#", 1, 0,
     [](H h, P p) {
       return Expected{h.close() - h.close(bars_of(p))};
     }},
    {"momentum_pct_#", 1, 0,
     [](H h, P p) {
       return Expected{h.close() / h.close(bars_of(p)) - 1};
     }},
    {"roc_#", 1, 0,
     [](H h, P p) {
       return Expected{100 * (h.close() / h.close(bars_of(p)) - 1)};
     }},
    {"sma_#", 1, -1,
     [](H h, P p) {
       return Expected{mean(bars_of(p), [&](auto k) { return h.close(k); })};
     }},
    {"dist_sma_#", 1, -1,
     [](H h, P p) {
       return distance(h.close(), mean(bars_of(p), [&](auto k) { return h.close(k); }));
     }},
    {"price_position_#", 1, -1, [](H h, P p) { return Expected{position(h, bars_of(p), 0, 0.5L)}; }, 0.5L},
    {"volatility_#", 1, 0,
     [](H h, P p) {
       return volatility(h, p, 1);
     }},
    {"volatility_#_annualized", 1, 0,
     [](H h, P p) {
       return volatility(h, p, std::sqrt(252.0L * 24 * 60));
     }},
    {"parkinson_vol_#", 1, -1,
     [](H h, P p) {
       const Exact squares = sum(bars_of(p), [&](auto k) { return squared_log(h.high(k) / h.low(k)); });
       return Expected{std::sqrt(squares / (4 * p[0] * std::log(2.0L)))};
     }},
    {"atr_#", 1, -1,
     [](H h, P p) {
       return Expected{mean(bars_of(p), [&](auto k) { return true_range(h, k); })};
     }},
    {"atr_pct_#", 1, -1,
     [](H h, P p) {
       return Expected{mean(bars_of(p), [&](auto k) { return true_range(h, k); }) / h.close()};
     }},
    {"volume_sma_#", 1, -1,
     [](H h, P p) {
       return Expected{mean(bars_of(p), [&](auto k) { return h.volume(k); })};
     }},
    {"volume_ratio_#", 1, -1,
     [](H h, P p) {
       return Expected{h.volume() / mean(bars_of(p), [&](auto k) { return h.volume(k); })};
     }},
    {"volume_change_#", 1, 0,
     [](H h, P p) {
       return Expected{h.volume() / h.volume(bars_of(p)) - 1};
     }},
    {"vwap_#", 1, -1,
     [](H h, P p) {
       return Expected{vwap(h, bars_of(p))};
     }},
    {"dist_vwap_#", 1, -1,
     [](H h, P p) {
       return distance(h.close(), vwap(h, bars_of(p)));
     }},
    {"body", 0, 0,
     [](H h, P) {
       return Expected{h.close() - h.open()};
     }},
    {"body_pct", 0, 0,
     [](H h, P) {
       return Expected{(h.close() - h.open()) / h.open()};
     }},
    {"upper_wick", 0, 0,
     [](H h, P) {
       return Expected{h.high() - std::max(h.open(), h.close())};
     }},
    {"lower_wick", 0, 0,
     [](H h, P) {
       return Expected{std::min(h.open(), h.close()) - h.low()};
     }},
    {"range", 0, 0,
     [](H h, P) {
       return Expected{h.high() - h.low()};
     }},
    {"range_pct", 0, 0,
     [](H h, P) {
       return Expected{(h.high() - h.low()) / h.open()};
     }},
    {"body_range_ratio", 0, 0,
     [](H h, P) {
       const Exact range = h.high() - h.low();
       return Expected{range > 0 ? std::fabs(h.close() - h.open()) / range : 0};
     }},
    {"is_bullish", 0, 0,
     [](H h, P) {
       return Expected{h.close() > h.open() ? 1.0L : 0.0L};
     }},
    {"trade_intensity_#", 1, -1,
     [](H h, P p) {
       return Expected{mean(bars_of(p), [&](auto k) { return h.trades(k); })};
     }},
    {"buy_pressure", 0, 0,
     [](H h, P) {
       return Expected{buy_pressure(h, 0)};
     }},
    {"buy_pressure_ma_#", 1, -1,
     [](H h, P p) {
       return Expected{mean(bars_of(p), [&](auto k) { return buy_pressure(h, k); })};
     }},
    {"hour", 0, 0,
     [](H h, P) {
       return Expected{static_cast<Exact>(opened(h).tm_hour)};
     }},
    {"hour_sin", 0, 0,
     [](H h, P) {
       return Expected{std::sin(2 * kPi * opened(h).tm_hour / 24), 1};
     }},
    {"hour_cos", 0, 0,
     [](H h, P) {
       return Expected{std::cos(2 * kPi * opened(h).tm_hour / 24), 1};
     }},
    {"day_of_week", 0, 0,
     [](H h, P) {
       return Expected{weekday(h)};
     }},
    {"day_sin", 0, 0,
     [](H h, P) {
       return Expected{std::sin(2 * kPi * weekday(h) / 7), 1};
     }},
    {"day_cos", 0, 0,
     [](H h, P) {
       return Expected{std::cos(2 * kPi * weekday(h) / 7), 1};
     }},
    {"is_weekend", 0, 0,
     [](H h, P) {
       return Expected{weekday(h) > 4 ? 1.0L : 0.0L};
     }},
    {"bb_mid_#", 1, -1,
     [](H h, P p) {
       return Expected{bands(h, p).mid};
     }},
    {"bb_upper_#_#", 1, -1,
     [](H h, P p) {
       return Expected{bands(h, p).mid + bands(h, p).width};
     }},
    {"bb_lower_#_#", 1, -1,
     [](H h, P p) {
       return Expected{bands(h, p).mid - bands(h, p).width};
     }},
    {"bb_width_#_#", 1, -1,
     [](H h, P p) {
       return Expected{2 * bands(h, p).width / bands(h, p).mid, p[1]};
     }},
    {"bb_pctb_#_#", 1, -1,
     [](H h, P p) {
       const Bands b = bands(h, p);
       const Exact place = (h.close() - (b.mid - b.width)) / (2 * b.width);
       return Expected{place, b.mid / b.width * (1 + std::fabs(place))};
     }},
    {"zscore_#", 1, -1, zscore},
    {"rolling_high_#", 1, 0,
     [](H h, P p) {
       return Expected{highest(h, bars_of(p), 1)};
     }},
    {"rolling_low_#", 1, 0,
     [](H h, P p) {
       return Expected{lowest(h, bars_of(p), 1)};
     }},
    {"stoch_k_#", 1, -1,
     [](H h, P p) {
       return Expected{100 * position(h, bars_of(p), 0, 0.5L)};
     }},
    {"stoch_d_#_#", 1, -1,
     [](H h, P p) {
       if (!h.has(bars_of(p) + bars_of(p, 1) - 2)) return Expected{kUnknown};
       return Expected{100 * mean(bars_of(p, 1), [&](auto k) { return position(h, bars_of(p), k, 0.5L); })};
     }},
    {"willr_#", 1, -1,
     [](H h, P p) {
       return Expected{-100 * (1 - position(h, bars_of(p), 0, 1)), 100};
     }},
    {"cci_#", 1, -1, commodity_channel},
    {"mfi_#", 1, 0, money_flow_index},
    {"realized_vol_#", 1, 0,
     [](H h, P p) {
       return Expected{
           std::sqrt(sum(bars_of(p), [&](auto k) { return squared_log(h.close(k) / h.close(k + 1)); }))};
     }},
    {"amihud_#", 1, 0,
     [](H h, P p) {
       return Expected{mean(bars_of(p), [&](auto k) {
         return std::fabs(relative_change(h, k)) / (h.close(k) * h.volume(k));
       })};
     }},
};

// ---- What is carried from bar to bar

struct Recursion {
  virtual ~Recursion() = default;
  virtual void step(const NaiveHistory& h) = 0;
  Expected now{kUnknown};
};

// The average of absolute values beside that of the values is what cancels in it.
struct Ema {
  Exact alpha;
  Expected now{kUnknown};

  explicit Ema(double span) : alpha(2 / (static_cast<Exact>(span) + 1)) {}
  void take(Expected x) {
    const bool first = std::isnan(now.value);
    now.value = first ? x.value : alpha * x.value + (1 - alpha) * now.value;
    now.scale = first ? x.scale : alpha * x.scale + (1 - alpha) * now.scale;
  }
};

struct EmaOfClose final : Recursion {
  Ema ema;
  bool is_distance;
  EmaOfClose(double span, bool distance) : ema(span), is_distance(distance) {}
  void step(const NaiveHistory& h) override {
    ema.take({h.close()});
    now = is_distance ? distance(h.close(), ema.now.value) : ema.now;
  }
};

// Compensated: a plain sum would drift even in long double.
struct OnBalanceVolume final : Recursion {
  Exact total = 0, lost = 0;
  void step(const NaiveHistory& h) override {
    if (!h.has(1)) return;
    const Exact move = h.close() - h.close(1);
    const Exact x = move > 0 ? h.volume() : (move < 0 ? -h.volume() : 0);
    const Exact t = total + x;
    lost += std::fabs(total) >= std::fabs(x) ? (total - t) + x : (x - t) + total;
    total = t;
    now.value = total + lost;
  }
};

struct EmaOfObv final : Recursion {
  OnBalanceVolume obv;
  Ema ema;
  explicit EmaOfObv(double span) : ema(span) {}
  void step(const NaiveHistory& h) override {
    obv.step(h);
    if (std::isnan(obv.now.value)) return;
    ema.take({obv.now.value, std::fabs(obv.now.value)});
    now = ema.now;
  }
};

struct Macd final : Recursion {
  enum class Part { line, signal, histogram } part;
  Ema fast, slow, signal;
  Macd(const Parameters& p, Part wanted) : part(wanted), fast(p[0]), slow(p[1]), signal(p[2]) {}
  void step(const NaiveHistory& h) override {
    fast.take({h.close()});
    slow.take({h.close()});
    const Expected line{fast.now.value - slow.now.value, slow.now.value};
    signal.take(line);
    now = part == Part::line ? line : signal.now;
    if (part == Part::histogram) now = {line.value - signal.now.value, line.scale};
  }
};

// Averages seeded with the plain mean of the first P values, then smoothed with 1/P.
struct WilderAverage {
  Exact period, value = 0;
  std::uint64_t count = 0;
  explicit WilderAverage(double p) : period(p) {}
  void take(Exact x) {
    ++count;
    if (count <= static_cast<std::uint64_t>(period)) {
      value += x / period;
    } else {
      value += (x - value) / period;
    }
  }
  bool known() const { return count >= static_cast<std::uint64_t>(period); }
};

struct RelativeStrength final : Recursion {
  WilderAverage gain, loss;
  explicit RelativeStrength(double p) : gain(p), loss(p) {}
  void step(const NaiveHistory& h) override {
    if (!h.has(1)) return;
    const Exact move = h.close() - h.close(1);
    gain.take(std::max(move, Exact{0}));
    loss.take(std::max(-move, Exact{0}));
    const Exact both = gain.value + loss.value;
    if (gain.known()) now.value = both > 0 ? 100 * gain.value / both : 50;
  }
};

struct WilderTrueRange final : Recursion {
  WilderAverage average;
  explicit WilderTrueRange(double p) : average(p) {}
  void step(const NaiveHistory& h) override {
    if (!h.has(1)) return;
    average.take(true_range(h, 0));
    if (average.known()) now.value = average.value;
  }
};

// TA-Lib's order: P - 1 changes are summed; each later one enters a decaying sum and gives an index; the
// first P indices are averaged, later ones smoothed. An index that does not exist changes nothing.
struct DirectionalMovement final : Recursion {
  Exact period, plus = 0, minus = 0, range = 0, sum = 0, average = 0;
  std::uint64_t changes = 0;
  explicit DirectionalMovement(double p) : period(p) {}
  void step(const NaiveHistory& h) override {
    if (!h.has(1)) return;
    const auto p = static_cast<std::uint64_t>(period);
    const Exact up = h.high() - h.high(1), down = h.low(1) - h.low();
    const Exact keep = ++changes < p ? 1 : 1 - 1 / period;
    plus = plus * keep + (up > down && up > 0 ? up : 0);
    minus = minus * keep + (down > up && down > 0 ? down : 0);
    range = range * keep + true_range(h, 0);
    if (changes < p) return;
    const bool known = range >= 1e-14L && 100 * (plus + minus) / range >= 1e-14L;
    const Exact index = known ? 100 * std::fabs(plus - minus) / (plus + minus) : 0;
    if (changes < 2 * p) {
      sum += index;
      average = sum / period;
    } else if (known) {
      average = (average * (period - 1) + index) / period;
    }
    if (changes >= 2 * p - 1) now = {average, 100};
  }
};

std::shared_ptr<Recursion> recursion_of(const std::string& pattern, const Parameters& p) {
  if (pattern == "ema_#") return std::make_shared<EmaOfClose>(p[0], false);
  if (pattern == "dist_ema_#") return std::make_shared<EmaOfClose>(p[0], true);
  if (pattern == "obv") return std::make_shared<OnBalanceVolume>();
  if (pattern == "obv_ema_#") return std::make_shared<EmaOfObv>(p[0]);
  if (pattern == "macd_#_#_#") return std::make_shared<Macd>(p, Macd::Part::line);
  if (pattern == "macd_signal_#_#_#") return std::make_shared<Macd>(p, Macd::Part::signal);
  if (pattern == "macd_hist_#_#_#") return std::make_shared<Macd>(p, Macd::Part::histogram);
  if (pattern == "rsi_#") return std::make_shared<RelativeStrength>(p[0]);
  if (pattern == "atr_wilder_#") return std::make_shared<WilderTrueRange>(p[0]);
  if (pattern == "adx_#") return std::make_shared<DirectionalMovement>(p[0]);
  throw std::logic_error("no definition here for " + pattern);
}

// "bb_upper_20_2" -> "bb_upper_#_#" and {20, 2}.
std::string split(const std::string& name, Parameters& parameters) {
  std::string pattern;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('_', begin), name.size());
    const std::string part = name.substr(begin, end - begin);
    const bool number = !part.empty() && part[0] >= '0' && part[0] <= '9';
    if (number) parameters.push_back(std::stod(part));
    pattern += (begin > 0 ? "_" : "") + (number ? "#" : part);
    begin = end + 1;
  }
  return pattern;
}

Expected by_rule(const Rule& rule, const Parameters& p, const NaiveHistory& h) {
  const int first = rule.offset + (p.empty() ? 0 : rule.per_window * static_cast<int>(p[0]));
  return h.has(static_cast<std::uint64_t>(first)) ? rule.value(h, p) : Expected{rule.before};
}

}  // namespace

NaiveFeatures::NaiveFeatures(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    Parameters p;
    const std::string pattern = split(name, p);
    const auto* rule = std::find_if(std::begin(kRules), std::end(kRules),
                                    [&](const Rule& r) { return r.pattern == pattern; });
    if (rule != std::end(kRules)) {
      values_.emplace_back([rule, p](const NaiveHistory& h) { return by_rule(*rule, p, h); });
      continue;
    }
    const std::shared_ptr<Recursion> recursion = recursion_of(pattern, p);
    steps_.emplace_back([recursion](const NaiveHistory& h) { recursion->step(h); });
    values_.emplace_back([recursion](const NaiveHistory&) { return recursion->now; });
  }
}

void NaiveFeatures::add(const Event& bar) {
  history_.add(bar);
  for (const auto& step : steps_) step(history_);
}

}  // namespace hftsim::features
