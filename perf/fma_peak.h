// What one core can do at most: fused multiply-adds on registers alone, twelve at a time without waiting for each
// other, of each instruction set.
#pragma once

#include <immintrin.h>

#include <cstdint>

#include "engine/core/isa.h"

namespace hftsim::perf {

namespace fma_peak {

constexpr int kChains = 12;

// Factors and starts are hidden from the compiler, which would else work the chains out itself, or one for all.
[[gnu::target("avx512f")]] inline void run_avx512(std::uint64_t rounds) {
  float factor = 0.5f, addend = 1.0f;
  asm volatile("" : "+m"(factor), "+m"(addend));
  const __m512 a = _mm512_set1_ps(factor), b = _mm512_set1_ps(addend);
  __m512 c0 = b, c1 = b, c2 = b, c3 = b, c4 = b, c5 = b, c6 = b, c7 = b, c8 = b, c9 = b, c10 = b, c11 = b;
  asm volatile("" : "+v"(c0), "+v"(c1), "+v"(c2), "+v"(c3), "+v"(c4), "+v"(c5));
  asm volatile("" : "+v"(c6), "+v"(c7), "+v"(c8), "+v"(c9), "+v"(c10), "+v"(c11));
  for (std::uint64_t round = 0; round < rounds; ++round) {
    c0 = _mm512_fmadd_ps(c0, a, b), c1 = _mm512_fmadd_ps(c1, a, b), c2 = _mm512_fmadd_ps(c2, a, b);
    c3 = _mm512_fmadd_ps(c3, a, b), c4 = _mm512_fmadd_ps(c4, a, b), c5 = _mm512_fmadd_ps(c5, a, b);
    c6 = _mm512_fmadd_ps(c6, a, b), c7 = _mm512_fmadd_ps(c7, a, b), c8 = _mm512_fmadd_ps(c8, a, b);
    c9 = _mm512_fmadd_ps(c9, a, b), c10 = _mm512_fmadd_ps(c10, a, b), c11 = _mm512_fmadd_ps(c11, a, b);
  }
  asm volatile("" : : "v"(c0), "v"(c1), "v"(c2), "v"(c3), "v"(c4), "v"(c5));
  asm volatile("" : : "v"(c6), "v"(c7), "v"(c8), "v"(c9), "v"(c10), "v"(c11));
}

[[gnu::target("avx2,fma")]] inline void run_avx2(std::uint64_t rounds) {
  float factor = 0.5f, addend = 1.0f;
  asm volatile("" : "+m"(factor), "+m"(addend));
  const __m256 a = _mm256_set1_ps(factor), b = _mm256_set1_ps(addend);
  __m256 c0 = b, c1 = b, c2 = b, c3 = b, c4 = b, c5 = b, c6 = b, c7 = b, c8 = b, c9 = b, c10 = b, c11 = b;
  asm volatile("" : "+x"(c0), "+x"(c1), "+x"(c2), "+x"(c3), "+x"(c4), "+x"(c5));
  asm volatile("" : "+x"(c6), "+x"(c7), "+x"(c8), "+x"(c9), "+x"(c10), "+x"(c11));
  for (std::uint64_t round = 0; round < rounds; ++round) {
    c0 = _mm256_fmadd_ps(c0, a, b), c1 = _mm256_fmadd_ps(c1, a, b), c2 = _mm256_fmadd_ps(c2, a, b);
    c3 = _mm256_fmadd_ps(c3, a, b), c4 = _mm256_fmadd_ps(c4, a, b), c5 = _mm256_fmadd_ps(c5, a, b);
    c6 = _mm256_fmadd_ps(c6, a, b), c7 = _mm256_fmadd_ps(c7, a, b), c8 = _mm256_fmadd_ps(c8, a, b);
    c9 = _mm256_fmadd_ps(c9, a, b), c10 = _mm256_fmadd_ps(c10, a, b), c11 = _mm256_fmadd_ps(c11, a, b);
  }
  asm volatile("" : : "x"(c0), "x"(c1), "x"(c2), "x"(c3), "x"(c4), "x"(c5));
  asm volatile("" : : "x"(c6), "x"(c7), "x"(c8), "x"(c9), "x"(c10), "x"(c11));
}

}  // namespace fma_peak

// Does `rounds` of them; returns how many floating-point operations that were. Not for Isa::baseline, which has
// no fused multiply-add.
inline std::uint64_t run_fma_peak(Isa isa, std::uint64_t rounds) {
  isa == Isa::avx512 ? fma_peak::run_avx512(rounds) : fma_peak::run_avx2(rounds);
  return rounds * fma_peak::kChains * (isa == Isa::avx512 ? 16 : 8) * 2;
}

}  // namespace hftsim::perf
