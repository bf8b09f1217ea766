// Vectors of floats of one instruction set. Included by the kernels inside their unnamed namespace; all sets
// give the same bits per lane.

#if defined(__AVX512F__)

inline constexpr std::size_t kLanes = 16;
using Lanes = __m512;
using IntLanes = __m512i;

HFTSIM_INLINE Lanes load(const float* p) {
  return _mm512_load_ps(p);
}
HFTSIM_INLINE void store(float* p, Lanes v) {
  _mm512_store_ps(p, v);
}
HFTSIM_INLINE Lanes all(float x) {
  return _mm512_set1_ps(x);
}
HFTSIM_INLINE Lanes fma(Lanes a, Lanes b, Lanes c) {
  return _mm512_fmadd_ps(a, b, c);
}
// sum += value * weight. Compilers load the value into a register once and use it four times; read by each
// instruction it takes no slot of its own.
HFTSIM_INLINE void add_product(Lanes& sum, const float& value, Lanes weight) {
  asm("vfmadd231ps %2%{1to16%}, %1, %0" : "+v"(sum) : "v"(weight), "m"(value));
}
// As integers the bits of floats have the floats' order on either side of zero, and integers are compared by
// units that do not multiply. NaN counts as large.
HFTSIM_INLINE Lanes clamp_exponent(Lanes v, float limit) {
  const auto below = _mm512_min_epi32(_mm512_castps_si512(v), _mm512_castps_si512(all(limit)));
  return _mm512_castsi512_ps(_mm512_min_epu32(below, _mm512_castps_si512(all(-limit))));
}
HFTSIM_INLINE Lanes add_to_exponent(Lanes v, Lanes shifter) {
  const auto exponent = _mm512_slli_epi32(_mm512_castps_si512(shifter), 23);
  return _mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(v), exponent));
}
HFTSIM_INLINE Lanes positive_or_zero(Lanes v) {
  return _mm512_max_ps(v, _mm512_setzero_ps());
}

#elif defined(__AVX2__)

inline constexpr std::size_t kLanes = 8;
using Lanes = __m256;
using IntLanes = __m256i;

HFTSIM_INLINE Lanes load(const float* p) {
  return _mm256_load_ps(p);
}
HFTSIM_INLINE void store(float* p, Lanes v) {
  _mm256_store_ps(p, v);
}
HFTSIM_INLINE Lanes all(float x) {
  return _mm256_set1_ps(x);
}
HFTSIM_INLINE Lanes fma(Lanes a, Lanes b, Lanes c) {
  return _mm256_fmadd_ps(a, b, c);
}
HFTSIM_INLINE void add_product(Lanes& sum, const float& value, Lanes weight) {
  sum = fma(all(value), weight, sum);
}
HFTSIM_INLINE Lanes clamp_exponent(Lanes v, float limit) {
  const auto below = _mm256_min_epi32(_mm256_castps_si256(v), _mm256_castps_si256(all(limit)));
  return _mm256_castsi256_ps(_mm256_min_epu32(below, _mm256_castps_si256(all(-limit))));
}
HFTSIM_INLINE Lanes add_to_exponent(Lanes v, Lanes shifter) {
  const auto exponent = _mm256_slli_epi32(_mm256_castps_si256(shifter), 23);
  return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(v), exponent));
}
HFTSIM_INLINE Lanes positive_or_zero(Lanes v) {
  return _mm256_max_ps(v, _mm256_setzero_ps());
}

#else

inline constexpr std::size_t kLanes = 4;
typedef float Lanes __attribute__((vector_size(16)));
typedef std::int32_t IntLanes __attribute__((vector_size(16)));
typedef std::uint32_t UnsignedLanes __attribute__((vector_size(16)));

HFTSIM_INLINE Lanes load(const float* p) {
  return *reinterpret_cast<const Lanes*>(p);
}
HFTSIM_INLINE void store(float* p, Lanes v) {
  *reinterpret_cast<Lanes*>(p) = v;
}
HFTSIM_INLINE Lanes all(float x) {
  return Lanes{x, x, x, x};
}
HFTSIM_INLINE Lanes fma(Lanes a, Lanes b, Lanes c) {
  return Lanes{exact_fma(a[0], b[0], c[0]), exact_fma(a[1], b[1], c[1]), exact_fma(a[2], b[2], c[2]),
               exact_fma(a[3], b[3], c[3])};
}
HFTSIM_INLINE void add_product(Lanes& sum, const float& value, Lanes weight) {
  sum = fma(all(value), weight, sum);
}
HFTSIM_INLINE Lanes clamp_exponent(Lanes v, float limit) {
  const IntLanes most = reinterpret_cast<IntLanes>(all(limit)), bits = reinterpret_cast<IntLanes>(v);
  const UnsignedLanes least = reinterpret_cast<UnsignedLanes>(all(-limit));
  const UnsignedLanes below = reinterpret_cast<UnsignedLanes>(bits < most ? bits : most);
  return reinterpret_cast<Lanes>(below < least ? below : least);
}
HFTSIM_INLINE Lanes add_to_exponent(Lanes v, Lanes shifter) {
  return reinterpret_cast<Lanes>(reinterpret_cast<UnsignedLanes>(v) +
                                 (reinterpret_cast<UnsignedLanes>(shifter) << 23));
}
HFTSIM_INLINE Lanes positive_or_zero(Lanes v) {
  return v > 0 ? v : Lanes{};
}

#endif
