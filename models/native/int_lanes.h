// Vectors of 32-bit integers and the dot products that add to them; beside lanes.h.

// VNNI's two as assembly: g++ 12 keeps a sum of the intrinsics in memory, for want of one type for it.

#if defined(__AVX512F__)

HFTSIM_INLINE IntLanes load_ints(const void* p) {
  return _mm512_load_si512(p);
}
HFTSIM_INLINE void store_ints(void* p, IntLanes v) {
  _mm512_store_si512(p, v);
}
HFTSIM_INLINE IntLanes all_ints(std::int32_t x) {
  return _mm512_set1_epi32(x);
}
HFTSIM_INLINE IntLanes add_ints(IntLanes a, IntLanes b) {
  return _mm512_add_epi32(a, b);
}
HFTSIM_INLINE Lanes to_float(IntLanes v) {
  return _mm512_cvtepi32_ps(v);
}
HFTSIM_INLINE IntLanes to_nearest(Lanes v) {
  return _mm512_cvtps_epi32(v);
}
HFTSIM_INLINE void store_int16(std::int16_t* p, IntLanes v) {
  _mm256_store_si256(reinterpret_cast<__m256i*>(p), _mm512_cvtepi32_epi16(v));
}
// Of every lane: two 16-bit integers of `values` times those of `weights`, added to it.
HFTSIM_INLINE IntLanes add_pairs(IntLanes sum, IntLanes values, IntLanes weights) {
#ifdef __AVX512VNNI__
  asm("vpdpwssd %2, %1, %0" : "+v"(sum) : "v"(values), "v"(weights));
  return sum;
#else
  return _mm512_add_epi32(sum, _mm512_madd_epi16(values, weights));
#endif
}
#ifdef __AVX512VNNI__
HFTSIM_INLINE void store_uint8(std::uint8_t* p, IntLanes v) {
  _mm_store_si128(reinterpret_cast<__m128i*>(p), _mm512_cvtepi32_epi8(v));
}
// Four 8-bit integers, `values` without sign.
HFTSIM_INLINE IntLanes add_quads(IntLanes sum, IntLanes values, IntLanes weights) {
  asm("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(values), "v"(weights));
  return sum;
}
#endif

#elif defined(__AVX2__)

HFTSIM_INLINE IntLanes load_ints(const void* p) {
  return _mm256_load_si256(static_cast<const __m256i*>(p));
}
HFTSIM_INLINE void store_ints(void* p, IntLanes v) {
  _mm256_store_si256(static_cast<__m256i*>(p), v);
}
HFTSIM_INLINE IntLanes all_ints(std::int32_t x) {
  return _mm256_set1_epi32(x);
}
HFTSIM_INLINE IntLanes add_ints(IntLanes a, IntLanes b) {
  return _mm256_add_epi32(a, b);
}
HFTSIM_INLINE Lanes to_float(IntLanes v) {
  return _mm256_cvtepi32_ps(v);
}
HFTSIM_INLINE IntLanes to_nearest(Lanes v) {
  return _mm256_cvtps_epi32(v);
}
HFTSIM_INLINE void store_int16(std::int16_t* p, IntLanes v) {
  const __m128i halves = _mm_packs_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
  _mm_store_si128(reinterpret_cast<__m128i*>(p), halves);
}
HFTSIM_INLINE IntLanes add_pairs(IntLanes sum, IntLanes values, IntLanes weights) {
  return _mm256_add_epi32(sum, _mm256_madd_epi16(values, weights));
}

#else

HFTSIM_INLINE IntLanes load_ints(const void* p) {
  return *static_cast<const IntLanes*>(p);
}
HFTSIM_INLINE void store_ints(void* p, IntLanes v) {
  *static_cast<IntLanes*>(p) = v;
}
HFTSIM_INLINE IntLanes all_ints(std::int32_t x) {
  return IntLanes{x, x, x, x};
}
HFTSIM_INLINE IntLanes add_ints(IntLanes a, IntLanes b) {
  return a + b;
}
HFTSIM_INLINE Lanes to_float(IntLanes v) {
  return reinterpret_cast<Lanes>(_mm_cvtepi32_ps(reinterpret_cast<__m128i>(v)));
}
HFTSIM_INLINE IntLanes to_nearest(Lanes v) {
  return reinterpret_cast<IntLanes>(_mm_cvtps_epi32(reinterpret_cast<__m128>(v)));
}
HFTSIM_INLINE void store_int16(std::int16_t* p, IntLanes v) {
  const auto lanes = reinterpret_cast<__m128i>(v);
  _mm_storel_epi64(reinterpret_cast<__m128i*>(p), _mm_packs_epi32(lanes, lanes));
}
HFTSIM_INLINE IntLanes add_pairs(IntLanes sum, IntLanes values, IntLanes weights) {
  const auto products = _mm_madd_epi16(reinterpret_cast<__m128i>(values), reinterpret_cast<__m128i>(weights));
  return sum + reinterpret_cast<IntLanes>(products);
}

#endif
