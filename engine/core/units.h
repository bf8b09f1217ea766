// Strong types for the quantities of trading, so that a wrong operation (price + price, price where a
// quantity belongs) does not compile. Each wraps one number; there is no cost at run time.
//
//   Price - Price = PriceOffset      Price +- PriceOffset = Price    Price * double = Price
//   Price * Quantity = Money         Money / Price = Quantity        Money / Quantity = Price
//   Timestamp - Timestamp = Duration Timestamp +- Duration = Timestamp
//   like / like = their number type (a ratio; whole for Duration, lots and ticks)
//
// Price, Quantity and Money hold the exchange's decimals as double (bars); PriceTicks and QuantityLots hold
// integers (books). Timestamp counts nanoseconds since 1970-01-01 UTC.
#pragma once

#include <cstdint>

namespace hftsim {

// What every unit can do by itself. Derived adds which further operators make sense.
template <class Derived, class Rep>
struct Unit {
  Rep value{};

  constexpr Unit() = default;
  constexpr explicit Unit(Rep v) : value(v) {}

  // One by one: of <=> on doubles g++ 12 makes three jumps where one would do.
  friend constexpr bool operator==(const Unit& a, const Unit& b) { return a.value == b.value; }
  friend constexpr bool operator<(const Unit& a, const Unit& b) { return a.value < b.value; }
  friend constexpr bool operator>(const Unit& a, const Unit& b) { return a.value > b.value; }
  friend constexpr bool operator<=(const Unit& a, const Unit& b) { return a.value <= b.value; }
  friend constexpr bool operator>=(const Unit& a, const Unit& b) { return a.value >= b.value; }
};

// A unit whose values can be added to each other and scaled: amounts, as opposed to points on a scale.
template <class Derived, class Rep>
struct Amount : Unit<Derived, Rep> {
  using Unit<Derived, Rep>::Unit;

  friend constexpr Derived operator+(Derived a, Derived b) { return Derived(a.value + b.value); }
  friend constexpr Derived operator-(Derived a, Derived b) { return Derived(a.value - b.value); }
  friend constexpr Derived operator-(Derived a) { return Derived(-a.value); }
  friend constexpr Derived operator*(Derived a, Rep k) { return Derived(a.value * k); }
  friend constexpr Derived operator*(Rep k, Derived a) { return Derived(k * a.value); }
  friend constexpr Derived operator/(Derived a, Rep k) { return Derived(a.value / k); }
  friend constexpr Rep operator/(Derived a, Derived b) { return a.value / b.value; }
  constexpr Derived& operator+=(Derived b) {
    this->value += b.value;
    return static_cast<Derived&>(*this);
  }
  constexpr Derived& operator-=(Derived b) {
    this->value -= b.value;
    return static_cast<Derived&>(*this);
  }
};

struct PriceOffset : Amount<PriceOffset, double> {
  using Amount::Amount;
};
struct Quantity : Amount<Quantity, double> {
  using Amount::Amount;
};
struct Money : Amount<Money, double> {
  using Amount::Amount;
};
struct Duration : Amount<Duration, std::int64_t> {
  using Amount::Amount;
};
struct QuantityLots : Amount<QuantityLots, std::int64_t> {
  using Amount::Amount;
};
struct TickOffset : Amount<TickOffset, std::int64_t> {
  using Amount::Amount;
};

// A point on a scale: the difference of two is an amount, their sum means nothing.
template <class Derived, class Offset, class Rep>
struct Point : Unit<Derived, Rep> {
  using Unit<Derived, Rep>::Unit;

  friend constexpr Offset operator-(Derived a, Derived b) { return Offset(a.value - b.value); }
  friend constexpr Derived operator+(Derived a, Offset d) { return Derived(a.value + d.value); }
  friend constexpr Derived operator-(Derived a, Offset d) { return Derived(a.value - d.value); }
};

struct Price : Point<Price, PriceOffset, double> {
  using Point::Point;
};
struct PriceTicks : Point<PriceTicks, TickOffset, std::int64_t> {
  using Point::Point;
};
struct Timestamp : Point<Timestamp, Duration, std::int64_t> {
  using Point::Point;
};

constexpr Price operator*(Price a, double k) {
  return Price(a.value * k);
}
constexpr double operator/(Price a, Price b) {
  return a.value / b.value;
}

constexpr Money operator*(Price p, Quantity q) {
  return Money(p.value * q.value);
}
constexpr Money operator*(Quantity q, Price p) {
  return Money(q.value * p.value);
}
constexpr Money operator*(PriceOffset p, Quantity q) {
  return Money(p.value * q.value);
}
constexpr Money operator*(Quantity q, PriceOffset p) {
  return Money(q.value * p.value);
}
constexpr Quantity operator/(Money m, Price p) {
  return Quantity(m.value / p.value);
}
constexpr Price operator/(Money m, Quantity q) {
  return Price(m.value / q.value);
}

constexpr Quantity abs(Quantity q) {
  return Quantity(__builtin_fabs(q.value));
}
constexpr Money abs(Money m) {
  return Money(__builtin_fabs(m.value));
}

inline constexpr Duration kSecond{1'000'000'000};
inline constexpr Duration kMinute{60 * kSecond.value};
inline constexpr Duration kDay{86'400 * kSecond.value};

}  // namespace hftsim
