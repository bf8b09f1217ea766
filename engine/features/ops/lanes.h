// Four doubles side by side: what the arithmetic of an operator works on where the windows of a single bar are
// done together. Element by element the same IEEE operations as on one double, so the same bits. Part of
// kernels_isa.cpp.
#pragma once

struct Bits4 {
  typedef unsigned long long Vector __attribute__((vector_size(32)));
  Vector x;

  HFTSIM_INLINE Bits4(Vector v) : x(v) {}
  HFTSIM_INLINE Bits4(std::uint64_t v) : x{v, v, v, v} {}
  HFTSIM_INLINE friend Bits4 operator+(Bits4 a, Bits4 b) { return a.x + b.x; }
  HFTSIM_INLINE friend Bits4 operator-(Bits4 a, Bits4 b) { return a.x - b.x; }
  HFTSIM_INLINE friend Bits4 operator|(Bits4 a, Bits4 b) { return a.x | b.x; }
  HFTSIM_INLINE friend Bits4 operator&(Bits4 a, Bits4 b) { return a.x & b.x; }
  HFTSIM_INLINE friend Bits4 operator<<(Bits4 a, int n) { return a.x << n; }
  HFTSIM_INLINE friend Bits4 operator>>(Bits4 a, int n) { return a.x >> n; }
};

struct Mask4 {
  typedef long long Vector __attribute__((vector_size(32)));
  Vector x;
};

struct Doubles4 {
  typedef double Vector __attribute__((vector_size(32)));
  typedef double UnalignedVector __attribute__((vector_size(32), aligned(8), may_alias));
  Vector x;

  Doubles4() = default;
  HFTSIM_INLINE Doubles4(Vector v) : x(v) {}
  HFTSIM_INLINE Doubles4(double v) : x{v, v, v, v} {}
  HFTSIM_INLINE static Doubles4 load(const double* from) {
    return Vector(*reinterpret_cast<const UnalignedVector*>(from));
  }
  // One by one: values that were just written one by one are not yet where a wide load would find them.
  HFTSIM_INLINE static Doubles4 load_apart(const double* from) {
    const volatile double* const each = from;
    return Vector{each[0], each[1], each[2], each[3]};
  }
  HFTSIM_INLINE void store(double* to) const { *reinterpret_cast<UnalignedVector*>(to) = x; }

  HFTSIM_INLINE friend Doubles4 operator+(Doubles4 a, Doubles4 b) { return a.x + b.x; }
  HFTSIM_INLINE friend Doubles4 operator-(Doubles4 a, Doubles4 b) { return a.x - b.x; }
  HFTSIM_INLINE friend Doubles4 operator*(Doubles4 a, Doubles4 b) { return a.x * b.x; }
  HFTSIM_INLINE friend Doubles4 operator/(Doubles4 a, Doubles4 b) { return a.x / b.x; }
  HFTSIM_INLINE friend Mask4 operator<(Doubles4 a, Doubles4 b) { return {a.x < b.x}; }
  HFTSIM_INLINE friend Mask4 operator>(Doubles4 a, Doubles4 b) { return {a.x > b.x}; }
  HFTSIM_INLINE friend Mask4 operator>=(Doubles4 a, Doubles4 b) { return {a.x >= b.x}; }
  HFTSIM_INLINE friend Mask4 operator==(Doubles4 a, Doubles4 b) { return {a.x == b.x}; }
  HFTSIM_INLINE friend Mask4 operator!=(Doubles4 a, Doubles4 b) { return {a.x != b.x}; }
};

// One value of each of four series, or of three: the last one twice.
template <int kLanes, class Pointer>
HFTSIM_INLINE inline Doubles4 gather(Pointer const (&from)[4], std::ptrdiff_t pos) {
  const double last = from[kLanes - 1][pos];
  return Doubles4::Vector{from[0][pos], from[1][pos], kLanes == 3 ? last : from[2][pos], last};
}

template <int kLanes>
HFTSIM_INLINE inline void scatter(Doubles4 values, double* const (&to)[4], std::size_t pos) {
  for (int lane = 0; lane < kLanes; ++lane) to[lane][pos] = values.x[lane];
}
template <int kLanes>
HFTSIM_INLINE inline void scatter(Doubles4 values, double* to, const std::uint32_t (&slot)[4]) {
  for (int lane = 0; lane < kLanes; ++lane) to[slot[lane]] = values.x[lane];
}

HFTSIM_INLINE inline Bits4 bits_of(Doubles4 a) {
  return reinterpret_cast<Bits4::Vector>(a.x);
}
HFTSIM_INLINE inline Doubles4 double_of(Bits4 a) {
  return reinterpret_cast<Doubles4::Vector>(a.x);
}
HFTSIM_INLINE inline Doubles4 select(Mask4 which, Doubles4 a, Doubles4 b) {
  return which.x ? a.x : b.x;
}
HFTSIM_INLINE inline Doubles4 absolute(Doubles4 a) {
  return double_of(bits_of(a) & 0x7fff'ffff'ffff'ffff);
}
HFTSIM_INLINE inline Doubles4 root(Doubles4 a) {
#ifdef __AVX__
  return Doubles4::Vector(_mm256_sqrt_pd(__m256d(a.x)));
#else
  return Doubles4::Vector{__builtin_sqrt(a.x[0]), __builtin_sqrt(a.x[1]), __builtin_sqrt(a.x[2]),
                          __builtin_sqrt(a.x[3])};
#endif
}
