#include "tiles.h"

#if defined(__x86_64__)

bool avx512_is_available(void) { return __builtin_cpu_supports("avx512f"); }

INLINE void multiply_rows(const int vectors, const avx512_product *p) {
  intptr_t i = 0;
  for (; i + 8 <= p->rows; i += 8) tile(8, vectors, 1, false, p, i);
  for (; i + 4 <= p->rows; i += 4) tile(4, vectors, 1, false, p, i);
  for (; i < p->rows; i++) tile(1, vectors, 1, false, p, i);
}

AVX512 void avx512_multiply_panel(const avx512_product *p) {
  switch (vectors_of(p)) {
  case 1: multiply_rows(1, p); break;
  case 2: multiply_rows(2, p); break;
  default: multiply_rows(3, p);
  }
}

AVX512 float avx512_chains(intptr_t rounds) {
  const lanes16 factor = (lanes16){} + 0.999999f, term = (lanes16){} + 1e-6f;
  lanes16 chains[12];
  for (int i = 0; i < 12; i++) chains[i] = term;
  for (intptr_t round = 0; round < rounds; round++)
    for (int i = 0; i < 12; i++) chains[i] = __builtin_elementwise_fma(chains[i], factor, term);
  lanes16 sum = chains[0];
  for (int i = 1; i < 12; i++) sum += chains[i];
  return sum[0];
}

#endif
