#include "CAVX512.h"
#include "lanes.h"

#if defined(__x86_64__)

bool avx512_is_available(void) { return __builtin_cpu_supports("avx512f"); }

// One tile in `rows` × `vectors` registers; both are constants where it is inlined. 8 × 3 of 32
// registers hold sums: per k three loads and eight broadcasts feed 24 multiply-adds.
INLINE void tile(const int rows, const int vectors, const float *left, intptr_t row_step,
                 intptr_t depth_step, const float *panel, intptr_t depth, float *output,
                 intptr_t stride, bool adding) {
  lanes16 sums[8][3];
#pragma unroll
  for (int i = 0; i < rows; i++)
#pragma unroll
    for (int j = 0; j < vectors; j++)
      sums[i][j] = adding ? *(const lanes16 *)(output + i * stride + 16 * j) : (lanes16){};
  for (intptr_t k = 0; k < depth; k++) {
    lanes16 row[3];
#pragma unroll
    for (int j = 0; j < vectors; j++) row[j] = *(const lanes16 *)(panel + 16 * j);
#pragma unroll
    for (int i = 0; i < rows; i++) {
      const lanes16 element = repeat(left + i * row_step);
#pragma unroll
      for (int j = 0; j < vectors; j++)
        sums[i][j] = __builtin_elementwise_fma(element, row[j], sums[i][j]);
    }
    left += depth_step;
    panel += 16 * vectors;
  }
#pragma unroll
  for (int i = 0; i < rows; i++)
#pragma unroll
    for (int j = 0; j < vectors; j++) *(lanes16 *)(output + i * stride + 16 * j) = sums[i][j];
}

INLINE void pass_rows(const int vectors, const float *left, intptr_t row_step, intptr_t depth_step,
                      const float *panel, intptr_t depth, float *output, intptr_t stride,
                      intptr_t rows, bool adding) {
  intptr_t i = 0;
  for (; i + 8 <= rows; i += 8)
    tile(8, vectors, left + i * row_step, row_step, depth_step, panel, depth, output + i * stride,
         stride, adding);
  for (; i + 4 <= rows; i += 4)
    tile(4, vectors, left + i * row_step, row_step, depth_step, panel, depth, output + i * stride,
         stride, adding);
  for (; i < rows; i++)
    tile(1, vectors, left + i * row_step, row_step, depth_step, panel, depth, output + i * stride,
         stride, adding);
}

AVX512 void avx512_multiply_panel(const float *left, intptr_t row_step, intptr_t depth_step,
                                  const float *panel, intptr_t depth, float *output,
                                  intptr_t stride, intptr_t rows, intptr_t vectors, bool adding) {
  switch (vectors) {
  case 1:
    pass_rows(1, left, row_step, depth_step, panel, depth, output, stride, rows, adding);
    break;
  case 2:
    pass_rows(2, left, row_step, depth_step, panel, depth, output, stride, rows, adding);
    break;
  default:
    pass_rows(3, left, row_step, depth_step, panel, depth, output, stride, rows, adding);
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
