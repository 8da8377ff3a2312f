#ifndef CAVX512_LANES_H
#define CAVX512_LANES_H

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f")))
#define INLINE static inline __attribute__((always_inline)) AVX512

typedef float lanes16 __attribute__((vector_size(64), aligned(4)));

// A value in every lane. As a sum with 0 it would be an addition and a shuffle, which take the ports of
// the multiply-adds (dense products took 1.6 times as long on Emerald Rapids), and make +0 of −0.
INLINE lanes16 repeat(const float *value) { return (lanes16)_mm512_set1_ps(*value); }

#endif

#endif
