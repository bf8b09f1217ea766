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
  __m512 chains[kChains];
  for (__m512& chain : chains) asm volatile("" : "=v"(chain) : "0"(b));
  for (std::uint64_t round = 0; round < rounds; ++round) {
    for (__m512& chain : chains) chain = _mm512_fmadd_ps(chain, a, b);
  }
  for (const __m512& chain : chains) asm volatile("" : : "v"(chain));
}

[[gnu::target("avx2,fma")]] inline void run_avx2(std::uint64_t rounds) {
  float factor = 0.5f, addend = 1.0f;
  asm volatile("" : "+m"(factor), "+m"(addend));
  const __m256 a = _mm256_set1_ps(factor), b = _mm256_set1_ps(addend);
  __m256 chains[kChains];
  for (__m256& chain : chains) asm volatile("" : "=x"(chain) : "0"(b));
  for (std::uint64_t round = 0; round < rounds; ++round) {
    for (__m256& chain : chains) chain = _mm256_fmadd_ps(chain, a, b);
  }
  for (const __m256& chain : chains) asm volatile("" : : "x"(chain));
}

}  // namespace fma_peak

// Does `rounds` of them; returns how many floating-point operations that were. Not for Isa::baseline, which has
// no fused multiply-add.
inline std::uint64_t run_fma_peak(Isa isa, std::uint64_t rounds) {
  isa == Isa::avx512 ? fma_peak::run_avx512(rounds) : fma_peak::run_avx2(rounds);
  return rounds * fma_peak::kChains * (isa == Isa::avx512 ? 16 : 8) * 2;
}

}  // namespace hftsim::perf
